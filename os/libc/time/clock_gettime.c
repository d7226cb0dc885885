/* SPDX-License-Identifier: MIT */
/* clock_gettime.c: clocks. */
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int r = plat_clock_gettime(clock, ts);

	return r ? (int)__ret(r) : 0;
}

int clock_settime(clockid_t clock, const struct timespec *ts)
{
	return __ret(plat_clock_settime(clock, ts));
}

int clock_getres(clockid_t clock, struct timespec *ts)
{
	return __ret(plat_clock_getres(clock, ts));
}

clock_t times(struct tms *t)
{
	return plat_times(t);
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	struct timespec ts;

	(void)tz;
	if (!tv)
		return 0;
	plat_clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

int settimeofday(const struct timeval *tv, const struct timezone *tz)
{
	struct timespec ts;

	(void)tz;
	if (!tv)
		return 0;
	if ((unsigned long)tv->tv_usec >= 1000000)
		return __ret(-EINVAL);
	ts = (struct timespec){ .tv_sec = tv->tv_sec, .tv_nsec = tv->tv_usec * 1000 };
	return __ret(plat_clock_settime(CLOCK_REALTIME, &ts));
}

time_t time(time_t *t)
{
	struct timespec ts;

	plat_clock_gettime(CLOCK_REALTIME, &ts);
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}

clock_t clock(void)
{
	struct timespec ts;

	if (plat_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts))
		return -1;
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int timespec_get(struct timespec *ts, int base)
{
	return base == TIME_UTC && !plat_clock_gettime(CLOCK_REALTIME, ts) ? base : 0;
}

int timespec_getres(struct timespec *ts, int base)
{
	return base == TIME_UTC && (!ts || !plat_clock_getres(CLOCK_REALTIME, ts)) ? base : 0;
}

int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	struct timespec ts;
	clockid_t id = (clockid_t)(~(unsigned)pid << 3) | 2;

	if (pid < 0 || plat_clock_gettime(id, &ts))
		return ESRCH;
	*clock = pid && pid != plat_getpid() ? id : CLOCK_PROCESS_CPUTIME_ID;
	return 0;
}
