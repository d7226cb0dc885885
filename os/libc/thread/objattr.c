/* SPDX-License-Identifier: MIT */
/* objattr.c: attributes of mutexes, condition variables, read-write locks and barriers. */
#include "../internal/pthread_impl.h"

int pthread_mutexattr_init(pthread_mutexattr_t *a)
{
	a->__attr = 0;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *a)
{
	(void)a;
	return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict a, int *restrict shared)
{
	*shared = (a->__attr & MUTEX_SHARED) != 0;
	return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *a, int shared)
{
	if ((unsigned)shared > PTHREAD_PROCESS_SHARED)
		return EINVAL;
	a->__attr = (a->__attr & ~MUTEX_SHARED) | (shared ? MUTEX_SHARED : 0);
	return 0;
}

int pthread_condattr_init(pthread_condattr_t *a)
{
	a->__attr = 0;
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *a)
{
	(void)a;
	return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict a, int *restrict shared)
{
	*shared = a->__attr >> 31;
	return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *a, int shared)
{
	if ((unsigned)shared > PTHREAD_PROCESS_SHARED)
		return EINVAL;
	a->__attr = (a->__attr & 0x7fffffff) | (unsigned)shared << 31;
	return 0;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *a)
{
	a->__attr[0] = a->__attr[1] = 0;
	return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *a)
{
	(void)a;
	return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict a, int *restrict shared)
{
	*shared = a->__attr[0];
	return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *a, int shared)
{
	if ((unsigned)shared > PTHREAD_PROCESS_SHARED)
		return EINVAL;
	a->__attr[0] = shared;
	return 0;
}

/* Only the last kind makes readers wait for writers that wait: the others allow a reader to lock twice. */
int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *a, int kind)
{
	if ((unsigned)kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return EINVAL;
	a->__attr[1] = kind;
	return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *restrict a, int *restrict kind)
{
	*kind = a->__attr[1];
	return 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t *a)
{
	a->__attr = 0;
	return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *a)
{
	(void)a;
	return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict a, int *restrict shared)
{
	*shared = a->__attr;
	return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *a, int shared)
{
	if ((unsigned)shared > PTHREAD_PROCESS_SHARED)
		return EINVAL;
	a->__attr = shared;
	return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict a, clockid_t *restrict clock)
{
	*clock = a->__attr & 0x7fffffff;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *a, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	a->__attr = (a->__attr & 0x80000000) | (unsigned)clock;
	return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict a, int *restrict type)
{
	*type = a->__attr & MUTEX_TYPE;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *a, int type)
{
	if ((unsigned)type > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	a->__attr = (a->__attr & ~MUTEX_TYPE) | type;
	return 0;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict a, int *restrict robust)
{
	*robust = (a->__attr & MUTEX_ROBUST) != 0;
	return 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *a, int robust)
{
	if ((unsigned)robust > PTHREAD_MUTEX_ROBUST)
		return EINVAL;
	a->__attr = (a->__attr & ~MUTEX_ROBUST) | (robust ? MUTEX_ROBUST : 0);
	return 0;
}
