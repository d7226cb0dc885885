/* SPDX-License-Identifier: MIT */
/* Times of metadata: "YYYY-MM-DDTHH:MM:SSZ". */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tuf.h"

static int
number(const char *s, size_t n, int lo, int hi)
{
	int v = 0;

	for (; n; n--, s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = 10 * v + (*s - '0');
	}
	return v < lo || v > hi ? -1 : v;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar; years begin in March, so that leap days end them. */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month < 2 ? year - 1 : year, m = (month + 10) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 719469;
}

/* Seconds since 1970 of a time in UTC. */
static int64_t
seconds_of(const struct tm *tm)
{
	int64_t days = days_of(tm->tm_year + 1900, tm->tm_mon, tm->tm_mday);

	return ((days * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

int
tuf_time_parse(const char *s, int64_t *out)
{
	struct tm tm = { 0 }, back;
	time_t t;

	if (strlen(s) != 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' ||
	    s[16] != ':' || s[19] != 'Z')
		return -TUF_FORMAT;
	tm.tm_year = number(s, 4, 1970, 9999) - 1900;
	tm.tm_mon = number(s + 5, 2, 1, 12) - 1;
	tm.tm_mday = number(s + 8, 2, 1, 31);
	tm.tm_hour = number(s + 11, 2, 0, 23);
	tm.tm_min = number(s + 14, 2, 0, 59);
	tm.tm_sec = number(s + 17, 2, 0, 59);
	if (tm.tm_year < 0 || tm.tm_mon < 0 || tm.tm_mday < 0 || tm.tm_hour < 0 ||
	    tm.tm_min < 0 || tm.tm_sec < 0)
		return -TUF_FORMAT;
	t = seconds_of(&tm);
	if (!gmtime_r(&t, &back) || back.tm_mday != tm.tm_mday)
		return -TUF_FORMAT;
	*out = t;
	return 0;
}

void
tuf_time_print(int64_t t, char buf[32])
{
	time_t when = (time_t)t;
	struct tm tm = { 0 };

	gmtime_r(&when, &tm);
	strftime(buf, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
