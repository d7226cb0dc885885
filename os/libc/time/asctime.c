/* SPDX-License-Identifier: MIT */
/* asctime, ctime: the fixed form "Thu Jan  1 00:00:00 1970\n". */
#include <errno.h>
#include <stdio.h>
#include <time.h>

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

char *
asctime_r(const struct tm *restrict tm, char *restrict buf)
{
	int wday = tm->tm_wday >= 0 && tm->tm_wday < 7 ? tm->tm_wday : -1;
	int mon = tm->tm_mon >= 0 && tm->tm_mon < 12 ? tm->tm_mon : -1;
	int n = snprintf(buf, 26, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld\n",
			wday < 0 ? "???" : days + 3 * wday, mon < 0 ? "???" : months + 3 * mon,
			tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_year + 1900LL);

	if (n < 0 || n >= 26) {
		errno = EOVERFLOW;
		return NULL;
	}
	return buf;
}

char *
asctime(const struct tm *tm)
{
	static char buf[32];

	return asctime_r(tm, buf);
}

char *
ctime_r(const time_t *t, char *buf)
{
	struct tm tm;

	return localtime_r(t, &tm) ? asctime_r(&tm, buf) : NULL;
}

char *
ctime(const time_t *t)
{
	struct tm *tm = localtime(t);

	return tm ? asctime(tm) : NULL;
}
