/* SPDX-License-Identifier: MIT */
/* time.c: clocks and timers, on Linux. */
#include "sys.h"

int plat_clock_gettime(int clock, struct timespec *ts)
{
	return sys(SYS_clock_gettime, clock, ts);
}

int plat_clock_settime(int clock, const struct timespec *ts)
{
	return sys(SYS_clock_settime, clock, ts);
}

int plat_clock_getres(int clock, struct timespec *ts)
{
	return sys(SYS_clock_getres, clock, ts);
}

int plat_clock_nanosleep(int clock, int flags, const struct timespec *req, struct timespec *rem)
{
	return sys_cp(SYS_clock_nanosleep, clock, flags, req, rem);
}

int plat_getitimer(int which, struct itimerval *cur)
{
	return sys(SYS_getitimer, which, cur);
}

int plat_setitimer(int which, const struct itimerval *new, struct itimerval *old)
{
	return sys(SYS_setitimer, which, new, old);
}

int plat_timer_create(int clock, struct sigevent *ev, int *id)
{
	return sys(SYS_timer_create, clock, ev, id);
}

int plat_timer_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	return sys(SYS_timer_settime, id, flags, new, old);
}

int plat_timer_gettime(int id, struct itimerspec *cur)
{
	return sys(SYS_timer_gettime, id, cur);
}

int plat_timer_getoverrun(int id)
{
	return sys(SYS_timer_getoverrun, id);
}

int plat_timer_delete(int id)
{
	return sys(SYS_timer_delete, id);
}
