/* SPDX-License-Identifier: MIT */
/* barrier.c: barriers. `inside` counts the threads that still look at it, so destroy can wait. */
#include <limits.h>
#include "../internal/pthread_impl.h"

/* No cancellation point. */
static void sleep_on(volatile int *word, int value, int priv)
{
	struct tcb *t = __self();
	int cp = t->cp;

	t->cp = 0;
	plat_futex_wait(word, value, CLOCK_MONOTONIC, 0, priv);
	t->cp = cp;
}

/* 0 free, 1 held, 2 held and somebody may sleep on it. */
static void acquire(struct barrier *b)
{
	int free = 0;

	if (__atomic_compare_exchange_n(&b->lock, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&b->lock, 2, __ATOMIC_ACQUIRE))
		sleep_on(&b->lock, 2, !b->shared);
}

static void release(struct barrier *b)
{
	int priv = !b->shared;

	if (__atomic_exchange_n(&b->lock, 0, __ATOMIC_RELEASE) == 2)
		plat_futex_wake(&b->lock, 1, priv);
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct barrier *b = (void *)barrier;
	int gen, last, priv = !b->shared;

	acquire(b);
	__atomic_add_fetch(&b->inside, 1, __ATOMIC_SEQ_CST);
	gen = b->gen;
	last = ++b->count == b->limit;
	if (last) {
		b->count = 0;
		__atomic_add_fetch(&b->gen, 1, __ATOMIC_SEQ_CST);
	}
	release(b);
	if (last)
		plat_futex_wake(&b->gen, INT_MAX, priv);
	while (!last && __atomic_load_n(&b->gen, __ATOMIC_SEQ_CST) == gen)
		sleep_on(&b->gen, gen, priv);
	__atomic_sub_fetch(&b->inside, 1, __ATOMIC_SEQ_CST);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier, const pthread_barrierattr_t *restrict attr,
	unsigned count)
{
	if (count - 1 > INT_MAX - 1)
		return EINVAL;
	*(struct barrier *)barrier = (struct barrier){ .limit = count, .shared = attr ? attr->__attr : 0 };
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct barrier *b = (void *)barrier;

	if (__atomic_load_n(&b->count, __ATOMIC_SEQ_CST))
		return EBUSY;
	while (__atomic_load_n(&b->inside, __ATOMIC_SEQ_CST))
		__let_others_go_on();
	return 0;
}
