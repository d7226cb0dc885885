/* SPDX-License-Identifier: MIT */
/*
 * lock.h: the library's own lock, one word: 0 free, 1 held, 2 held and somebody may sleep on it.
 * Not recursive. While the program has only one thread no atomic instruction is used; a lock held
 * across the start of the second thread is released correctly.
 */
#ifndef INTERNAL_LOCK_H
#define INTERNAL_LOCK_H

#include "hidden.h"
#include "thread.h"

/* struct lock is thread.h's, which has some. */

/* The slow halves. */
hidden void __lock_wait(struct lock *l);
hidden void __lock_wake(struct lock *l);

static inline void lock(struct lock *l)
{
	int free = 0;
	if (!__threaded)
		l->v = 1;
	else if (!__atomic_compare_exchange_n(&l->v, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		__lock_wait(l);
}

static inline void unlock(struct lock *l)
{
	if (!__threaded)
		l->v = 0;
	else if (__atomic_exchange_n(&l->v, 0, __ATOMIC_RELEASE) == 2)
		__lock_wake(l);
}

#endif
