/* SPDX-License-Identifier: MIT */
/* sem.c: semaphores. [0] value, [1] threads that may sleep, [2] shared between processes. */
#include <limits.h>
#include <semaphore.h>
#include "../internal/cancel.h"
#include "../internal/pthread_impl.h"
#include "../internal/ret.h"

int sem_init(sem_t *sem, int shared, unsigned value)
{
	if (value > SEM_VALUE_MAX)
		return __ret(-EINVAL);
	sem->__val[0] = value;
	sem->__val[1] = 0;
	sem->__val[2] = shared != 0;
	return 0;
}

int sem_destroy(sem_t *sem)
{
	(void)sem;
	return 0;
}

int sem_getvalue(sem_t *restrict sem, int *restrict value)
{
	*value = sem->__val[0];
	return 0;
}

int sem_trywait(sem_t *sem)
{
	int v = sem->__val[0];

	while (v > 0)
		if (__atomic_compare_exchange_n(&sem->__val[0], &v, v - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return 0;
	return __ret(-EAGAIN);
}

int sem_post(sem_t *sem)
{
	int v = sem->__val[0], shared = sem->__val[2];

	do
		if (v == SEM_VALUE_MAX)
			return __ret(-EOVERFLOW);
	while (!__atomic_compare_exchange_n(&sem->__val[0], &v, v + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
	if (__atomic_load_n(&sem->__val[1], __ATOMIC_SEQ_CST))
		plat_futex_wake(&sem->__val[0], 1, !shared);
	return 0;
}

int sem_clockwait(sem_t *restrict sem, clockid_t clock, const struct timespec *restrict abs)
{
	int r = 0, old;

	pthread_testcancel();
	while (sem_trywait(sem)) {
		old = __cp_enter();
		__atomic_add_fetch(&sem->__val[1], 1, __ATOMIC_SEQ_CST);
		r = __timedwait(&sem->__val[0], 0, clock, abs, !sem->__val[2]);
		__atomic_sub_fetch(&sem->__val[1], 1, __ATOMIC_SEQ_CST);
		__cp_leave_raw(old, -r);
		if (r && r != EAGAIN)
			return __ret(-r);
	}
	return 0;
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict abs)
{
	return sem_clockwait(sem, CLOCK_REALTIME, abs);
}

int sem_wait(sem_t *sem)
{
	return sem_clockwait(sem, CLOCK_REALTIME, 0);
}
