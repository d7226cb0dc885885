/* SPDX-License-Identifier: MIT */
/* atfork.c: pthread_atfork and the library's own work around fork. */
#include <stdlib.h>
#include "../internal/lock.h"
#include "../internal/pthread_impl.h"

struct handler {
	struct handler *prev, *next;
	void (*prepare)(void), (*parent)(void), (*child)(void);
};

static struct lock handlers_lock;
static struct handler *head, *tail;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	struct handler *h = malloc(sizeof(*h));

	if (!h)
		return ENOMEM;
	lock(&handlers_lock);
	*h = (struct handler){ tail, 0, prepare, parent, child };
	*(tail ? &tail->next : &head) = h;
	tail = h;
	unlock(&handlers_lock);
	return 0;
}

/* who: -1 before the fork (newest first), 0 in the parent, 1 in the child (oldest first). */
hidden void __fork_handlers(int who)
{
	if (who < 0) {
		lock(&handlers_lock);
		for (struct handler *h = tail; h; h = h->prev)
			if (h->prepare)
				h->prepare();
		return;
	}
	for (struct handler *h = head; h; h = h->next) {
		void (*fn)(void) = who ? h->child : h->parent;
		if (fn)
			fn();
	}
	handlers_lock.v = 0;
}
