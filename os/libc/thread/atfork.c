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

/* Code between start and end goes away with its object: handlers there must not be called. */
hidden void __atfork_forget(uintptr_t start, uintptr_t end)
{
	struct handler *h, *next;

	lock(&handlers_lock);
	for (h = head; h; h = next) {
		uintptr_t in[] = { (uintptr_t)h->prepare, (uintptr_t)h->parent, (uintptr_t)h->child };
		int gone = 0;
		next = h->next;
		for (int i = 0; i < 3; i++)
			gone |= in[i] - start < end - start;
		if (!gone)
			continue;
		*(h->prev ? &h->prev->next : &head) = h->next;
		*(h->next ? &h->next->prev : &tail) = h->prev;
		free(h);
	}
	unlock(&handlers_lock);
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
