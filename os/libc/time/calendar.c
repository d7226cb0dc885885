/* SPDX-License-Identifier: MIT */
/* Days and seconds of the proleptic Gregorian calendar, by counting years from March. */
#include <limits.h>

#include "calendar.h"

long long
__days(long long year, int month, int day)
{
	/* In years that begin on March 1 the leap day is the last one. */
	long long y = year - (month < 2);
	long long era = (y >= 0 ? y : y - 399) / 400;
	long long in_era = y - era * 400;
	long long m = (month + 10) % 12;
	long long in_year = (153 * m + 2) / 5 + day - 1;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static long long
floor_div(long long a, long long b)
{
	return a / b - (a % b < 0);
}

int
__secs_to_tm(long long t, struct tm *tm)
{
	long long days = floor_div(t, 86400), rest = t - days * 86400;
	long long z = days + 719468, era = floor_div(z, 146097), d = z - era * 146097;
	long long y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	long long in_year = d - (365 * y + y / 4 - y / 100);
	long long m = (5 * in_year + 2) / 153;
	long long year = y + era * 400 + (m >= 10) - 1900;

	if (year > INT_MAX || year < INT_MIN)
		return -1;
	tm->tm_year = (int)year;
	tm->tm_mon = (int)((m + 2) % 12);
	tm->tm_mday = (int)(in_year - (153 * m + 2) / 5 + 1);
	tm->tm_wday = (int)(((days + 4) % 7 + 7) % 7);
	tm->tm_yday = (int)(days - __days(year + 1900, 0, 1));
	tm->tm_hour = (int)(rest / 3600);
	tm->tm_min = (int)(rest / 60 % 60);
	tm->tm_sec = (int)(rest % 60);
	return 0;
}

long long
__tm_to_secs(const struct tm *tm)
{
	long long months = tm->tm_mon, carry = floor_div(months, 12);
	long long year = tm->tm_year + 1900LL + carry;
	long long days = __days(year, (int)(months - carry * 12), 1) + tm->tm_mday - 1;

	return days * 86400 + tm->tm_hour * 3600LL + tm->tm_min * 60LL + tm->tm_sec;
}
