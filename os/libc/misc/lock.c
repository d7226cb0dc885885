/* SPDX-License-Identifier: MIT */
/* The slow halves of the library's lock. */
#include "lock.h"
#include "plat.h"

void __lock_wait(struct lock *l)
{
	for (int i = 0; i < 50; i++) {
		int free = 0;
		if (__atomic_compare_exchange_n(&l->v, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		__builtin_ia32_pause();
	}
	while (__atomic_exchange_n(&l->v, 2, __ATOMIC_ACQUIRE) != 0)
		plat_futex_wait(&l->v, 2, 0, 0, 1);
}

void __lock_wake(struct lock *l)
{
	plat_futex_wake(&l->v, 1, 1);
}
