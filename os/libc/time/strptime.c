/* SPDX-License-Identifier: MIT */
/* strptime: reads what strftime writes. */
#include <ctype.h>
#include <langinfo.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "calendar.h"

/* What the fields so far say beyond struct tm. */
struct state {
	int pm;			/* -1 unknown, 0 am, 1 pm */
	int century, in_century;/* -1 unknown */
	int have_yday, have_mon, have_mday;
};

static const char *
number(const char *s, int low, int high, int digits, int *out)
{
	int v = 0, n = 0, neg = 0;

	while (isspace((unsigned char)*s))
		s++;
	if (*s == '+' || *s == '-')
		neg = *s++ == '-';
	/* A digit that could only make too much belongs to what follows. */
	for (; n < digits && (!n || v * 10 <= high) && *s >= '0' && *s <= '9'; n++)
		v = v * 10 + (*s++ - '0');
	if (neg)
		v = -v;
	if (!n || v < low || v > high)
		return NULL;
	*out = v;
	return s;
}

/* One of the names base..base+count-1, or their short forms; the longest match wins. */
static const char *
names(const char *s, nl_item full, nl_item brief, int count, int *out)
{
	int i;

	for (i = 0; i < 2 * count; i++) {
		const char *n = nl_langinfo(i < count ? full + i : brief + i - count);
		size_t len = strlen(n);

		if (len && strncasecmp(s, n, len) == 0) {
			*out = i % count;
			return s + len;
		}
	}
	return NULL;
}

static const char *
offset(const char *s, struct tm *tm)
{
	int sign, i, d[4] = { 0 };

	while (isspace((unsigned char)*s))
		s++;
	if (*s == 'Z') {
		tm->tm_gmtoff = 0;
		return s + 1;
	}
	if (*s != '+' && *s != '-')
		return NULL;
	sign = *s++ == '-' ? -1 : 1;
	for (i = 0; i < 4; i++) {
		if (i == 2 && *s == ':')
			s++;
		if (*s < '0' || *s > '9') {
			if (i == 2)
				break;
			return NULL;
		}
		d[i] = *s++ - '0';
	}
	tm->tm_gmtoff = sign * ((d[0] * 10 + d[1]) * 3600L + (d[2] * 10 + d[3]) * 60L);
	return s;
}

static const char *
seconds(const char *s, struct tm *tm)
{
	time_t t = 0;

	if (*s < '0' || *s > '9')
		return NULL;
	while (*s >= '0' && *s <= '9') {
		if (t > (1LL << 55))
			return NULL;
		t = t * 10 + (*s++ - '0');
	}
	return localtime_r(&t, tm) ? s : NULL;
}

static const char *
zone_name(const char *s, struct tm *tm)
{
	int i;

	tzset();
	for (i = 1; i >= 0; i--) {
		size_t n = strlen(tzname[i]);

		if (n && strncmp(s, tzname[i], n) == 0) {
			tm->tm_isdst = i;
			return s + n;
		}
	}
	return strncmp(s, "UTC", 3) == 0 || strncmp(s, "GMT", 3) == 0 ? s + 3 : s;
}

static const char *parse(const char *s, const char *f, struct tm *tm, struct state *st);

static const char *
date_field(const char *s, char c, struct tm *tm, struct state *st)
{
	int v;

	switch (c) {
	case 'a': case 'A': return names(s, DAY_1, ABDAY_1, 7, &tm->tm_wday);
	case 'b': case 'B': case 'h':
		st->have_mon = 1;
		return names(s, MON_1, ABMON_1, 12, &tm->tm_mon);
	case 'C': return number(s, 0, 99, 2, &st->century);
	case 'd': case 'e':
		st->have_mday = 1;
		return number(s, 1, 31, 2, &tm->tm_mday);
	case 'j':
		s = number(s, 1, 366, 3, &tm->tm_yday);
		tm->tm_yday--;
		st->have_yday = 1;
		return s;
	case 'm':
		s = number(s, 1, 12, 2, &tm->tm_mon);
		tm->tm_mon--;
		st->have_mon = 1;
		return s;
	case 'u':
		s = number(s, 1, 7, 1, &tm->tm_wday);
		tm->tm_wday %= 7;
		return s;
	case 'w': return number(s, 0, 6, 1, &tm->tm_wday);
	case 'U': case 'W': return number(s, 0, 53, 2, &v);
	case 'V': return number(s, 1, 53, 2, &v);
	case 'g': return number(s, 0, 99, 2, &v);
	case 'G': return number(s, 0, 9999, 4, &v);
	case 'y': return number(s, 0, 99, 2, &st->in_century);
	case 'Y':
		s = number(s, -9999, 9999, 4, &v);
		tm->tm_year = s ? v - 1900 : tm->tm_year;
		st->century = -1;
		st->in_century = -1;
		return s;
	}
	return NULL;
}

static const char *
time_field(const char *s, char c, struct tm *tm, struct state *st)
{
	switch (c) {
	case 'H': case 'k': return number(s, 0, 23, 2, &tm->tm_hour);
	case 'I': case 'l': return number(s, 1, 12, 2, &tm->tm_hour);
	case 'M': return number(s, 0, 59, 2, &tm->tm_min);
	case 'S': return number(s, 0, 60, 2, &tm->tm_sec);
	case 'p': case 'P':
		if (strncasecmp(s, "am", 2) && strncasecmp(s, "pm", 2))
			return NULL;
		st->pm = (*s | 32) == 'p';
		return s + 2;
	case 's': return seconds(s, tm);
	case 'z': return offset(s, tm);
	case 'Z': return zone_name(s, tm);
	case 'n': case 't':
		while (isspace((unsigned char)*s))
			s++;
		return s;
	case '%': return *s == '%' ? s + 1 : NULL;
	case 'c': return parse(s, "%a %b %e %H:%M:%S %Y", tm, st);
	case 'D': case 'x': return parse(s, "%m/%d/%y", tm, st);
	case 'F': return parse(s, "%Y-%m-%d", tm, st);
	case 'r': return parse(s, "%I:%M:%S %p", tm, st);
	case 'R': return parse(s, "%H:%M", tm, st);
	case 'T': case 'X': return parse(s, "%H:%M:%S", tm, st);
	}
	return NULL;
}

static const char *
parse(const char *s, const char *f, struct tm *tm, struct state *st)
{
	for (; s && *f; f++) {
		if (isspace((unsigned char)*f)) {
			while (isspace((unsigned char)*s))
				s++;
			continue;
		}
		if (*f != '%') {
			if (*s++ != *f)
				return NULL;
			continue;
		}
		f++;
		while (*f == '_' || *f == '-' || *f == '0' || *f == '^' || *f == '#')
			f++;
		if (*f == 'E' || *f == 'O')
			f++;
		if (!*f)
			return NULL;
		if (strchr("aAbBhCdejmuwUWVgGyY", *f))
			s = date_field(s, *f, tm, st);
		else
			s = time_field(s, *f, tm, st);
	}
	return s;
}

/* Fields that follow from others: the year from its halves, hours from am and pm, days from dates. */
static void
complete(struct tm *tm, const struct state *st)
{
	struct tm day;

	if (st->century >= 0 || st->in_century >= 0) {
		int y = st->in_century < 0 ? 0 : st->in_century;

		tm->tm_year = st->century >= 0 ? st->century * 100 + y - 1900 : y < 69 ? y + 100 : y;
	}
	if (st->pm >= 0)
		tm->tm_hour = tm->tm_hour % 12 + 12 * st->pm;
	if (st->have_yday && !(st->have_mon && st->have_mday)) {
		memset(&day, 0, sizeof(day));
		day.tm_year = tm->tm_year;
		day.tm_mday = tm->tm_yday + 1;
		if (__secs_to_tm(__tm_to_secs(&day), &day) == 0) {
			tm->tm_wday = day.tm_wday;
			tm->tm_mon = st->have_mon ? tm->tm_mon : day.tm_mon;
			tm->tm_mday = st->have_mday ? tm->tm_mday : day.tm_mday;
		}
		return;
	}
	if (st->have_yday || tm->tm_mday < 1 || tm->tm_mday > 31)
		return;
	memset(&day, 0, sizeof(day));
	day.tm_year = tm->tm_year;
	day.tm_mon = tm->tm_mon;
	day.tm_mday = tm->tm_mday;
	if (__secs_to_tm(__tm_to_secs(&day), &day) == 0) {
		tm->tm_wday = day.tm_wday;
		tm->tm_yday = day.tm_yday;
	}
}

char *
strptime(const char *restrict s, const char *restrict f, struct tm *restrict tm)
{
	struct state st = { .pm = -1, .century = -1, .in_century = -1 };

	s = parse(s, f, tm, &st);
	if (s)
		complete(tm, &st);
	return (char *)s;
}

char *strptime_l(const char *restrict s, const char *restrict f, struct tm *restrict tm, locale_t l)
{
	(void)l;
	return strptime(s, f, tm);
}
