/* SPDX-License-Identifier: MIT */
/*
 * mutex.c: mutexes.
 *
 * lock is 0, or the owner's tid (EBUSY for a normal mutex) with WAITERS when somebody may sleep on
 * it. `waiters` counts the threads on their way to sleep, so that an unlock without them makes no
 * system call. A robust mutex is on its owner's list while held; pthread_exit and the system mark
 * those of a dead owner OWNER_DIED. What changes its owner's priority: mutex_prio.c.
 */
#include <stddef.h>
#include "../internal/pthread_impl.h"

static int private(const struct mutex *m)
{
	return !(m->type & MUTEX_SHARED);
}

static int cas(volatile int *p, int old, int new)
{
	__atomic_compare_exchange_n(p, &old, new, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return old;
}

/*
 * The same as one instruction leaves it, for the way of most: whether *p was *old; *old gets what it was, so it
 * is a result that is 0 when 0 was there.
 */
static inline int cas_was(volatile int *p, int *old, int new)
{
	int same;

	__asm__ volatile("lock cmpxchgl %3, %0" : "+m"(*p), "+a"(*old), "=@ccz"(same) : "r"(new) : "memory");
	return same;
}

/* -- robust list of the thread: links point at mutex.next -- */

static void robust_add(struct tcb *t, struct mutex *m)
{
	volatile void *next = t->robust.head;

	if (!t->robust.off) {
		t->robust.off = (char *)&m->lock - (char *)&m->next;
		plat_set_robust_list(&t->robust, 3 * sizeof(long));
	}
	m->next = next;
	m->prev = (volatile void *)&t->robust.head;
	if (next != (volatile void *)&t->robust.head)
		*(volatile void *volatile *)((char *)next - sizeof(void *)) = (volatile void *)&m->next;
	t->robust.head = (volatile void *)&m->next;
	t->robust.pending = 0;
}

static void robust_remove(struct tcb *t, struct mutex *m)
{
	volatile void *prev = m->prev, *next = m->next;

	t->robust.pending = (volatile void *)&m->next;
	*(volatile void *volatile *)prev = next;
	if (next != (volatile void *)&t->robust.head)
		*(volatile void *volatile *)((char *)next - sizeof(void *)) = prev;
}

void __robust_exit(struct tcb *t)
{
	volatile void *p;

	while ((p = t->robust.head) && p != (volatile void *)&t->robust.head) {
		struct mutex *m = (void *)((char *)p - offsetof(struct mutex, next));
		int shared = !private(m), waiters = m->waiters;
		t->robust.head = *(volatile void *volatile *)p;
		int was = __atomic_exchange_n(&m->lock, OWNER_DIED, __ATOMIC_SEQ_CST);
		if (was < 0 || waiters)
			plat_futex_wake(&m->lock, 1, !shared);
	}
}

/* -- locking -- */

static int trylock_owned(struct mutex *m)
{
	struct tcb *t = __self();
	int old = m->lock, owner = old & TID_MASK, robust = m->type & MUTEX_ROBUST;

	if (owner == t->tid && (m->type & MUTEX_TYPE) == PTHREAD_MUTEX_RECURSIVE && !(old & OWNER_DIED)) {
		if ((unsigned)m->count >= 0x7fffffff)
			return EAGAIN;
		m->count++;
		return 0;
	}
	if (owner == NOT_RECOVERABLE)
		return ENOTRECOVERABLE;
	if (owner || (old && !robust && !(old & WAITERS)))
		return EBUSY;
	if (robust)
		t->robust.pending = (volatile void *)&m->next;
	if (cas(&m->lock, old, t->tid | (old & (int)(WAITERS | OWNER_DIED))) != old) {
		t->robust.pending = 0;
		return EBUSY;
	}
	if (robust)
		robust_add(t, m);
	if (old & OWNER_DIED) {
		m->count = 0;
		return EOWNERDEAD;
	}
	return 0;
}

static int try(struct mutex *m)
{
	return m->type & MUTEX_OWNED ? trylock_owned(m) : cas(&m->lock, 0, EBUSY) & EBUSY;
}

/* A lock with or without waiting, by a thread whose priority it may change. */
static int with_priority(struct mutex *m, int (*get)(struct mutex *, clockid_t, const struct timespec *),
	clockid_t clock, const struct timespec *abs)
{
	int saved, r = __mutex_raise(m, &saved);

	if (r)
		return r;
	r = get(m, clock, abs);
	if (r && r != EOWNERDEAD)
		__mutex_lower(saved);
	else if (saved)
		m->saved = saved;
	return r;
}

static int try_once(struct mutex *m, clockid_t clock, const struct timespec *abs)
{
	(void)clock, (void)abs;
	return try(m);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	struct mutex *m = (void *)mutex;

	return m->type & MUTEX_PRIO ? with_priority(m, try_once, 0, 0) : try(m);
}

/* Sleeps once while the word is `old`. */
static int sleep_on(struct mutex *m, int old, clockid_t clock, const struct timespec *abs)
{
	int r;

	if (m->type & MUTEX_INHERIT)
		__mutex_lend(m, old & TID_MASK);
	if (m->type & MUTEX_ROBUST)	/* who is woken and killed before it tries again must not keep the wake */
		__self()->robust.pending = (volatile void *)&m->next;
	__atomic_add_fetch(&m->waiters, 1, __ATOMIC_SEQ_CST);
	cas(&m->lock, old, old | WAITERS);
	r = __timedwait(&m->lock, old | WAITERS, clock, abs, private(m));
	__atomic_sub_fetch(&m->waiters, 1, __ATOMIC_SEQ_CST);
	return r == EINTR || r == EAGAIN ? 0 : r;
}

static int wait_till(struct mutex *m, clockid_t clock, const struct timespec *abs)
{
	int spins = 100, old, r;

	while (spins-- && m->lock && !m->waiters)
		__builtin_ia32_pause();
	for (;;) {
		r = try(m);
		if (r != EBUSY)
			return r;
		old = m->lock;
		if (!old || (m->type & MUTEX_OWNED && !(old & TID_MASK)))
			continue;
		if ((m->type & MUTEX_TYPE) == PTHREAD_MUTEX_ERRORCHECK && (old & TID_MASK) == __self()->tid)
			return EDEADLK;
		r = sleep_on(m, old, clock, abs);
		if (r)
			return r;
	}
}

static int wait_for(struct mutex *m, clockid_t clock, const struct timespec *abs)
{
	int r = wait_till(m, clock, abs);

	if (m->type & MUTEX_ROBUST)
		__self()->robust.pending = 0;
	return r;
}

int __mutex_lock_plain(struct mutex *m, clockid_t clock, const struct timespec *abs)
{
	struct tcb *t = __self();
	int r = try(m), cp = t->cp;

	if (r != EBUSY)
		return r;
	t->cp = 0;
	r = wait_for(m, clock, abs);
	t->cp = cp;
	return r;
}

/* Not a cancellation point, even inside one. */
int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock,
	const struct timespec *restrict abs)
{
	struct mutex *m = (void *)mutex;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	return m->type & MUTEX_PRIO ? with_priority(m, __mutex_lock_plain, clock, abs) : __mutex_lock_plain(m, clock, abs);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict abs)
{
	return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, abs);
}

static __attribute__((noinline)) int lock_any(pthread_mutex_t *mutex)
{
	return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, 0);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	struct mutex *m = (void *)mutex;
	int was = 0;

	if (!(m->type & MUTEX_OWNED) && cas_was(&m->lock, &was, EBUSY))
		return was;
	return lock_any(mutex);
}

static __attribute__((noinline)) int unlock_any(struct mutex *m)
{
	struct tcb *t = __self();
	int waiters, was, new = 0, priv = private(m), robust = m->type & MUTEX_ROBUST, saved = 0;

	if (m->type & MUTEX_OWNED) {
		was = m->lock;
		if ((was & TID_MASK) != t->tid)
			return EPERM;
		if ((m->type & MUTEX_TYPE) == PTHREAD_MUTEX_RECURSIVE && m->count) {
			m->count--;
			return 0;
		}
		if (robust && was & OWNER_DIED)
			new = NOT_RECOVERABLE;
		if (robust)
			robust_remove(t, m);
		saved = m->saved;
		m->saved = 0;
	}
	waiters = m->waiters;
	was = __atomic_exchange_n(&m->lock, new, __ATOMIC_SEQ_CST);
	if (waiters || was < 0)
		plat_futex_wake(&m->lock, new ? 0x7fffffff : 1, priv);
	if (robust)		/* till here: who is killed before the wake must not keep it from others */
		t->robust.pending = 0;
	__mutex_lower(saved);
	return 0;
}

/* The way of most: a normal private mutex that nobody waits for. It may be gone once it is unlocked. */
int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	struct mutex *m = (void *)mutex;
	int was = EBUSY;

	if (m->type | m->waiters || !cas_was(&m->lock, &was, 0))
		return unlock_any(m);
	return 0;
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct mutex *m = (void *)mutex;
	int old = m->lock;

	if (!(m->type & MUTEX_ROBUST) || !(old & OWNER_DIED))
		return EINVAL;
	if ((old & TID_MASK) != __self()->tid)
		return EPERM;
	__atomic_and_fetch(&m->lock, ~OWNER_DIED, __ATOMIC_SEQ_CST);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
	unsigned a = attr ? attr->__attr : 0;
	int ceiling = a >> CEILING_SHIFT & 255;

	*(struct mutex *)mutex = (struct mutex){ .type = a & ((1 << CEILING_SHIFT) - 1), .prio = ceiling ? ceiling : 1 };
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	struct mutex *m = (void *)mutex;

	return m->lock & TID_MASK && !(m->type & MUTEX_ROBUST) ? EBUSY : 0;
}
