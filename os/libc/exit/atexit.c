/* SPDX-License-Identifier: MIT */
/* atexit, __cxa_atexit, __cxa_finalize: handlers in reverse order, by object. */
#include <stdlib.h>
#include <stdint.h>
#include "exit.h"
#include "lock.h"

/* A block of handlers; the first needs no allocation. */
struct block {
	struct block *next;
	int used;
	struct { void (*fn)(void *); void *arg, *dso; } h[32];
};

static struct block first, *head = &first;
static struct lock list_lock;

hidden void __run_atexit(void *dso);

int __cxa_atexit(void (*fn)(void *), void *arg, void *dso)
{
	int err = 0;
	lock(&list_lock);
	if (head->used == 32) {
		struct block *b = calloc(1, sizeof(*b));
		if (b) {
			b->next = head;
			head = b;
		} else {
			err = -1;
		}
	}
	if (!err) {
		head->h[head->used].fn = fn;
		head->h[head->used].arg = arg;
		head->h[head->used++].dso = dso;
	}
	unlock(&list_lock);
	return err;
}

/* Takes the newest handler of dso (NULL: of any) off the list. */
static int pop(void *dso, void (**fn)(void *), void **arg)
{
	for (struct block *b = head; b; b = b->next) {
		for (int i = b->used; i-- > 0; ) {
			if (!b->h[i].fn || (dso && b->h[i].dso != dso))
				continue;
			*fn = b->h[i].fn;
			*arg = b->h[i].arg;
			b->h[i].fn = NULL;
			while (b->used && !b->h[b->used - 1].fn)
				b->used--;
			return 1;
		}
	}
	return 0;
}

/* The lock is not held while a handler runs: it may register more. */
void __run_atexit(void *dso)
{
	void (*fn)(void *);
	void *arg;
	lock(&list_lock);
	while (pop(dso, &fn, &arg)) {
		unlock(&list_lock);
		fn(arg);
		lock(&list_lock);
	}
	unlock(&list_lock);
}

void __cxa_finalize(void *dso)
{
	if (dso)
		__run_atexit(dso);
}

static void call(void *fn)
{
	((void (*)(void))(uintptr_t)fn)();
}

int atexit(void (*fn)(void))
{
	return __cxa_atexit(call, (void *)(uintptr_t)fn, NULL);
}
