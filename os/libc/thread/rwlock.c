/* SPDX-License-Identifier: MIT */
/* rwlock.c: read-write locks; readers may come in while there is no writer. */
#include "../internal/pthread_impl.h"

static int cas(volatile int *p, int old, int new)
{
	__atomic_compare_exchange_n(p, &old, new, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return old;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rw)
{
	struct rwlock *l = (void *)rw;
	int old, readers;

	do {
		old = l->lock;
		readers = old & WRITER;
		if (readers == WRITER)
			return EBUSY;
		if (readers == WRITER - 1)
			return EAGAIN;
	} while (cas(&l->lock, old, old + 1) != old);
	return 0;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *rw)
{
	return cas(&((struct rwlock *)rw)->lock, 0, WRITER) ? EBUSY : 0;
}

static int wait_for(pthread_rwlock_t *rw, int (*try)(pthread_rwlock_t *), int writer, clockid_t clock,
	const struct timespec *abs)
{
	struct rwlock *l = (void *)rw;
	struct tcb *t = __self();
	int r, old, cp = t->cp, spins = 100;

	while (spins-- && l->lock && !l->waiters)
		__builtin_ia32_pause();
	t->cp = 0;
	while ((r = try(rw)) == EBUSY) {
		old = l->lock;
		if (!old || (!writer && (old & WRITER) != WRITER))
			continue;
		__atomic_add_fetch(&l->waiters, 1, __ATOMIC_SEQ_CST);
		cas(&l->lock, old, old | WAITERS);
		r = __timedwait(&l->lock, old | WAITERS, clock, abs, !l->shared);
		__atomic_sub_fetch(&l->waiters, 1, __ATOMIC_SEQ_CST);
		if (r && r != EINTR && r != EAGAIN)
			break;
	}
	t->cp = cp;
	return r;
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict rw, clockid_t clock,
	const struct timespec *restrict abs)
{
	int r = pthread_rwlock_tryrdlock(rw);

	return r == EBUSY ? wait_for(rw, pthread_rwlock_tryrdlock, 0, clock, abs) : r;
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict rw, clockid_t clock,
	const struct timespec *restrict abs)
{
	int r = pthread_rwlock_trywrlock(rw);

	return r == EBUSY ? wait_for(rw, pthread_rwlock_trywrlock, 1, clock, abs) : r;
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict rw, const struct timespec *restrict abs)
{
	return pthread_rwlock_clockrdlock(rw, CLOCK_REALTIME, abs);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict rw, const struct timespec *restrict abs)
{
	return pthread_rwlock_clockwrlock(rw, CLOCK_REALTIME, abs);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *rw)
{
	return pthread_rwlock_clockrdlock(rw, CLOCK_REALTIME, 0);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *rw)
{
	return pthread_rwlock_clockwrlock(rw, CLOCK_REALTIME, 0);
}

int pthread_rwlock_unlock(pthread_rwlock_t *rw)
{
	struct rwlock *l = (void *)rw;
	int old, count, new, waiters, shared = l->shared;

	do {
		old = l->lock;
		count = old & WRITER;
		waiters = l->waiters;
		new = count == WRITER || count == 1 ? 0 : old - 1;
	} while (cas(&l->lock, old, new) != old);
	if (!new && (waiters || old < 0))
		plat_futex_wake(&l->lock, count == WRITER ? 0x7fffffff : count, !shared);
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict rw, const pthread_rwlockattr_t *restrict attr)
{
	*(struct rwlock *)rw = (struct rwlock){ .shared = attr ? attr->__attr[0] : 0 };
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rw)
{
	(void)rw;
	return 0;
}
