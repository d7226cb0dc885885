/* SPDX-License-Identifier: MIT */
/* spin.c: spin locks. */
#include "../internal/pthread_impl.h"

int pthread_spin_init(pthread_spinlock_t *s, int shared)
{
	(void)shared;
	*(volatile int *)s = 0;
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *s)
{
	(void)s;
	return 0;
}

int pthread_spin_lock(pthread_spinlock_t *s)
{
	while (__atomic_exchange_n((volatile int *)s, 1, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *s)
{
	return __atomic_exchange_n((volatile int *)s, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_unlock(pthread_spinlock_t *s)
{
	__atomic_store_n((volatile int *)s, 0, __ATOMIC_RELEASE);
	return 0;
}
