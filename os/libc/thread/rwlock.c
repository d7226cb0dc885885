/* SPDX-License-Identifier: MIT */
/*
 * rwlock.c: read-write locks. Readers may come in while no writer holds it; but where a writer of a
 * real-time priority not below theirs waits, or with PREFER_WRITER_NONRECURSIVE any, they wait behind it.
 */
#include <sched.h>
#include "../internal/pthread_impl.h"

static int cas(volatile int *p, int old, int new)
{
	__atomic_compare_exchange_n(p, &old, new, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return old;
}

/* The caller's real-time priority, 0: it has none. */
static int own_priority(void)
{
	struct sched_param param;
	int policy = plat_sched_getscheduler(0);

	if (policy != SCHED_FIFO && policy != SCHED_RR)
		return 0;
	return plat_sched_getparam(0, &param) < 0 ? 0 : param.sched_priority;
}

/* Must a reader let the waiting writers go first? */
static int writers_first(const struct rwlock *l)
{
	int best = l->best_writer, own;

	if (!l->writers)
		return 0;
	if (l->kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return 1;
	return best && (own = own_priority()) && own <= best;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rw)
{
	struct rwlock *l = (void *)rw;
	int old, readers;

	if (writers_first(l))
		return EBUSY;
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
	struct rwlock *l = (void *)rw;

	if (cas(&l->lock, 0, WRITER))
		return EBUSY;
	l->owner = __self()->tid;
	return 0;
}

/* Each time before it sleeps: one that got the lock takes its own priority away (writer_is_done). */
static void note_writer(struct rwlock *l, int own)
{
	int best = l->best_writer;

	while (own > best && !__atomic_compare_exchange_n(&l->best_writer, &best, own, 0, __ATOMIC_SEQ_CST,
			__ATOMIC_RELAXED))
		;
}

/* The readers that waited for it may come in when it has given up, or look again when it has unlocked. */
static void writer_is_done(struct rwlock *l, int failed, int own)
{
	int left = __atomic_sub_fetch(&l->writers, 1, __ATOMIC_SEQ_CST);

	if (!left || l->best_writer == own)
		l->best_writer = 0;
	if (failed)
		plat_futex_wake(&l->lock, 0x7fffffff, !l->shared);
}

static int wait_for(pthread_rwlock_t *rw, int (*try)(pthread_rwlock_t *), int writer, clockid_t clock,
	const struct timespec *abs)
{
	struct rwlock *l = (void *)rw;
	struct tcb *t = __self();
	int r, old, own = 0, cp = t->cp, spins = 100;

	while (spins-- && l->lock && !l->waiters)
		__builtin_ia32_pause();
	if ((l->lock & WRITER) == WRITER && l->owner == t->tid)
		return EDEADLK;
	t->cp = 0;
	if (writer) {
		own = own_priority();
		__atomic_add_fetch(&l->writers, 1, __ATOMIC_SEQ_CST);
		note_writer(l, own);
	}
	while ((r = try(rw)) == EBUSY) {
		old = l->lock;
		if (!(old & WRITER) || (!writer && (old & WRITER) != WRITER && !writers_first(l)))
			continue;
		if (writer)
			note_writer(l, own);
		__atomic_add_fetch(&l->waiters, 1, __ATOMIC_SEQ_CST);
		cas(&l->lock, old, old | WAITERS);
		r = __timedwait(&l->lock, old | WAITERS, clock, abs, !l->shared);
		__atomic_sub_fetch(&l->waiters, 1, __ATOMIC_SEQ_CST);
		if (r && r != EINTR && r != EAGAIN)
			break;
	}
	if (writer)
		writer_is_done(l, r, own);
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

	if ((l->lock & WRITER) == WRITER)
		l->owner = 0;
	do {
		old = l->lock;
		count = old & WRITER;
		waiters = l->waiters;
		new = count == WRITER || count == 1 ? 0 : old - 1;
	} while (cas(&l->lock, old, new) != old);
	if (!new && (waiters || old < 0))
		plat_futex_wake(&l->lock, count == WRITER || l->writers ? 0x7fffffff : count, !shared);
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict rw, const pthread_rwlockattr_t *restrict attr)
{
	*(struct rwlock *)rw = (struct rwlock){ .shared = attr ? attr->__attr[0] : 0,
		.kind = attr ? attr->__attr[1] : 0 };
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rw)
{
	(void)rw;
	return 0;
}
