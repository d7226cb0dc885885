/* SPDX-License-Identifier: MIT */
/*
 * mutex_prio.c: mutexes that change their owner's priority. PTHREAD_PRIO_PROTECT: the owner runs at
 * the ceiling. PTHREAD_PRIO_INHERIT: who is about to wait lends the owner its own priority; the owner
 * gives it back when it unlocks. What it had before is kept in the mutex, so nested locks are to be
 * given up in the opposite order to come out exact.
 */
#include "../internal/pthread_impl.h"

/* Policy and priority in one positive number; 0: none. */
static int pack(int policy, int prio)
{
	return (policy + 1) << 8 | prio;
}

static int schedule_of(int tid)
{
	struct sched_param param;
	int policy = plat_sched_getscheduler(tid);

	return policy < 0 || plat_sched_getparam(tid, &param) < 0 ? 0 : pack(policy, param.sched_priority);
}

static int set_schedule(int tid, int s)
{
	struct sched_param param = { .sched_priority = s & 255 };

	return plat_sched_setscheduler(tid, (s >> 8) - 1, &param);
}

int __mutex_raise(struct mutex *m, int *saved)
{
	int own = schedule_of(0);

	*saved = 0;
	if (!(m->type & MUTEX_PROTECT))
		return 0;
	if ((own & 255) > m->prio)
		return EINVAL;
	if ((own & 255) == m->prio)
		return 0;
	if (set_schedule(0, pack(SCHED_FIFO, m->prio)) < 0)
		return EPERM;
	*saved = own;
	return 0;
}

void __mutex_lower(int saved)
{
	if (saved)
		set_schedule(0, saved);
}

void __mutex_lend(struct mutex *m, int owner)
{
	int mine = schedule_of(0), theirs = schedule_of(owner);

	if (!theirs || (mine & 255) <= (theirs & 255) || set_schedule(owner, mine) < 0)
		return;
	if ((m->lock & TID_MASK) != owner)
		set_schedule(owner, theirs);		/* it has just unlocked and would keep it */
	else if (!m->saved)
		m->saved = theirs;
}

/* -- ceilings -- */

static int bad_ceiling(int ceiling)
{
	return ceiling < 1 || ceiling > 99;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict a, int *restrict protocol)
{
	*protocol = a->__attr & MUTEX_PROTECT ? PTHREAD_PRIO_PROTECT
		: a->__attr & MUTEX_INHERIT ? PTHREAD_PRIO_INHERIT : PTHREAD_PRIO_NONE;
	return 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *a, int protocol)
{
	static const unsigned bits[] = {
		[PTHREAD_PRIO_NONE] = 0, [PTHREAD_PRIO_INHERIT] = MUTEX_INHERIT, [PTHREAD_PRIO_PROTECT] = MUTEX_PROTECT,
	};

	if ((unsigned)protocol > PTHREAD_PRIO_PROTECT)
		return EINVAL;
	a->__attr = (a->__attr & ~MUTEX_PRIO) | bits[protocol];
	return 0;
}

/* The default is the lowest one of SCHED_FIFO. */
int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict a, int *restrict ceiling)
{
	int c = a->__attr >> CEILING_SHIFT & 255;

	*ceiling = c ? c : 1;
	return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *a, int ceiling)
{
	if (bad_ceiling(ceiling))
		return EINVAL;
	a->__attr = (a->__attr & ((1u << CEILING_SHIFT) - 1)) | (unsigned)ceiling << CEILING_SHIFT;
	return 0;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
	const struct mutex *m = (const void *)mutex;

	if (!(m->type & MUTEX_PROTECT))
		return EINVAL;
	*ceiling = m->prio;
	return 0;
}

/* Locks it meanwhile, but without regard to the ceiling. */
int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
	struct mutex *m = (void *)mutex;
	int r;

	if (!(m->type & MUTEX_PROTECT) || bad_ceiling(ceiling))
		return EINVAL;
	r = __mutex_lock_plain(m, CLOCK_REALTIME, 0);
	if (r)
		return r;
	if (old)
		*old = m->prio;
	m->prio = ceiling;
	m->saved = 0;
	return pthread_mutex_unlock(mutex);
}
