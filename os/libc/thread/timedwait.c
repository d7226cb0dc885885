/* SPDX-License-Identifier: MIT */
/* timedwait.c: sleeping on a word until an absolute time. */
#include "../internal/pthread_impl.h"

int __timedwait(volatile int *addr, int val, clockid_t clock, const struct timespec *abs, int priv)
{
	int r;

	if (abs && (unsigned long)abs->tv_nsec >= 1000000000)
		return EINVAL;
	if (abs && abs->tv_sec < 0)
		return ETIMEDOUT;
	r = -plat_futex_wait(addr, val, clock, abs, priv);
	return r;
}
