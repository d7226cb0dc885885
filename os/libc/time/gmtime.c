/* SPDX-License-Identifier: MIT */
/* gmtime, localtime, mktime, timegm: between seconds and broken-down time. */
#include <errno.h>
#include <time.h>

#include "calendar.h"

struct tm *
gmtime_r(const time_t *restrict t, struct tm *restrict tm)
{
	if (__secs_to_tm(*t, tm)) {
		errno = EOVERFLOW;
		return NULL;
	}
	tm->tm_isdst = 0;
	tm->tm_gmtoff = 0;
	tm->tm_zone = __utc_name;
	return tm;
}

struct tm *
localtime_r(const time_t *restrict t, struct tm *restrict tm)
{
	struct zone z;

	__zone_at(*t, &z);
	if (__secs_to_tm(*t + z.off, tm)) {
		errno = EOVERFLOW;
		return NULL;
	}
	tm->tm_isdst = z.dst;
	tm->tm_gmtoff = z.off;
	tm->tm_zone = z.name;
	return tm;
}

static struct tm shared;

struct tm *
gmtime(const time_t *t)
{
	return gmtime_r(t, &shared);
}

struct tm *
localtime(const time_t *t)
{
	return localtime_r(t, &shared);
}

time_t
mktime(struct tm *tm)
{
	struct zone z, at;
	struct tm new;
	time_t t;
	long long local = __tm_to_secs(tm);

	__zone_local(local, tm->tm_isdst, &z);
	/* The wrong daylight flag for that day: the clock face is moved by the difference. */
	if (tm->tm_isdst >= 0 && (tm->tm_isdst > 0) != z.dst) {
		__zone_at(local - z.off, &at);
		if (at.dst != (tm->tm_isdst > 0))
			local += tm->tm_isdst > 0 ? -3600 : 3600;
	}
	t = local - z.off;
	if (!localtime_r(&t, &new))
		return -1;
	*tm = new;
	return t;
}

time_t
timegm(struct tm *tm)
{
	struct tm new;
	time_t t = __tm_to_secs(tm);

	if (!gmtime_r(&t, &new))
		return -1;
	*tm = new;
	return t;
}

time_t
timelocal(struct tm *tm)
{
	return mktime(tm);
}

double
difftime(time_t a, time_t b)
{
	return (double)a - (double)b;
}
