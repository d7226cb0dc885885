/* SPDX-License-Identifier: MIT */
/*
 * cond.c: condition variables. A waiter reads seq with the mutex held and sleeps while it stays; a
 * signal changes seq and wakes one. Who reads seq later cannot take an earlier waiter's signal.
 */
#include "../internal/pthread_impl.h"

static int wait_unlocked(struct cond *c, unsigned seq, clockid_t clock, const struct timespec *abs)
{
	int r;

	do
		r = __timedwait((volatile int *)&c->seq, seq, clock, abs, !c->shared);
	while (r == EINTR && !__self()->cancel);
	__atomic_sub_fetch(&c->waiters, 1, __ATOMIC_SEQ_CST);
	return r;
}

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, clockid_t clock,
	const struct timespec *restrict abs)
{
	struct cond *c = (void *)cond;
	struct tcb *t = __self();
	unsigned seq;
	int r, e, cp = t->cp;

	if (abs && (unsigned long)abs->tv_nsec >= 1000000000)
		return EINVAL;
	pthread_testcancel();
	__atomic_add_fetch(&c->waiters, 1, __ATOMIC_SEQ_CST);
	seq = c->seq;
	r = pthread_mutex_unlock(mutex);
	if (r) {
		__atomic_sub_fetch(&c->waiters, 1, __ATOMIC_SEQ_CST);
		return r;
	}
	t->cp = t->cancel_off == PTHREAD_CANCEL_ENABLE;
	r = wait_unlocked(c, seq, clock, abs);
	t->cp = cp;
	e = pthread_mutex_lock(mutex);
	if (r == ECANCELED || (r == EINTR && t->cancel))
		pthread_testcancel();
	return e ? e : r == ETIMEDOUT ? r : 0;
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
	const struct timespec *restrict abs)
{
	return pthread_cond_clockwait(cond, mutex, ((struct cond *)cond)->clock, abs);
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
	return pthread_cond_clockwait(cond, mutex, CLOCK_MONOTONIC, 0);
}

static int wake(struct cond *c, int count)
{
	if (!__atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST))
		return 0;
	__atomic_add_fetch(&c->seq, 1, __ATOMIC_SEQ_CST);
	plat_futex_wake((volatile int *)&c->seq, count, !c->shared);
	return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	return wake((struct cond *)cond, 1);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	return wake((struct cond *)cond, 0x7fffffff);
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
	*(struct cond *)cond = (struct cond){ .clock = attr ? attr->__attr & 0x7fffffff : 0,
		.shared = attr ? attr->__attr >> 31 : 0 };
	return 0;
}

/* Waiters that a broadcast has woken may still be on their way out. */
int pthread_cond_destroy(pthread_cond_t *cond)
{
	struct cond *c = (void *)cond;

	wake(c, 0x7fffffff);
	while (!c->shared && __atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST))
		__let_others_go_on();
	return 0;
}
