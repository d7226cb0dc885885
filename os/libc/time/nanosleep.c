/* SPDX-License-Identifier: MIT */
/* nanosleep.c: nanosleep, clock_nanosleep. */
#include <errno.h>
#include <time.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int nanosleep(const struct timespec *req, struct timespec *rem)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_clock_nanosleep(CLOCK_REALTIME, 0, req, rem));
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *req, struct timespec *rem)
{
	int old;

	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return EINVAL;
	old = __cp_enter();
	return -__cp_leave_raw(old, plat_clock_nanosleep(clock, flags, req, rem));
}
