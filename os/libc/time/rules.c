/* SPDX-License-Identifier: MIT */
/* POSIX TZ strings: "CET-1CEST,M3.5.0,M10.5.0/3". */
#include <string.h>

#include "tzfile.h"

/* A zone's name: letters, or anything in <>. */
static const char *
parse_name(const char *s, char name[ZONE_NAME])
{
	const char *start = s;
	size_t n;

	if (*s == '<') {
		start = ++s;
		while (*s && *s != '>')
			s++;
		n = (size_t)(s - start);
		if (!*s++)
			return NULL;
	} else {
		while ((*s | 32) >= 'a' && (*s | 32) <= 'z')
			s++;
		n = (size_t)(s - start);
	}
	if (n < 3 || n >= ZONE_NAME)
		return NULL;
	memcpy(name, start, n);
	name[n] = '\0';
	return s;
}

static const char *
parse_number(const char *s, int max, int *out)
{
	int v = 0;

	if (*s < '0' || *s > '9')
		return NULL;
	for (; *s >= '0' && *s <= '9'; s++) {
		v = v * 10 + (*s - '0');
		if (v > max)
			return NULL;
	}
	*out = v;
	return s;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static const char *
parse_time(const char *s, long *out)
{
	int sign = 1, part[3] = { 0 }, i;

	if (*s == '+' || *s == '-')
		sign = *s++ == '-' ? -1 : 1;
	for (i = 0; s && i < 3; i++) {
		s = parse_number(s, i ? 59 : 167, &part[i]);
		if (!s || *s != ':')
			break;
		s++;
	}
	*out = sign * (part[0] * 3600L + part[1] * 60L + part[2]);
	return s;
}

static const char *
parse_change(const char *s, struct change *c)
{
	c->kind = 'n';
	c->at = 7200;
	if (*s == 'M') {
		c->kind = *s++;
		s = parse_number(s, 12, &c->month);
		if (s && *s == '.')
			s = parse_number(s + 1, 5, &c->week);
		else
			return NULL;
		if (s && *s == '.')
			s = parse_number(s + 1, 6, &c->day);
		else
			return NULL;
		if (s && (!c->month || !c->week))
			return NULL;
	} else {
		if (*s == 'J')
			c->kind = *s++;
		s = parse_number(s, 365, &c->day);
	}
	if (s && *s == '/')
		s = parse_time(s + 1, &c->at);
	return s;
}

int
__rules_parse(const char *s, struct rules *r)
{
	memset(r, 0, sizeof(*r));
	s = parse_name(s, r->name[0]);
	if (s)
		s = parse_time(s, &r->off[0]);
	if (!s)
		return -1;
	r->off[0] = -r->off[0];
	if (!*s)
		return 0;
	s = parse_name(s, r->name[1]);
	if (!s)
		return -1;
	r->has_dst = 1;
	r->off[1] = r->off[0] + 3600;
	if (*s && *s != ',') {
		s = parse_time(s, &r->off[1]);
		r->off[1] = -r->off[1];
	}
	if (s && !*s)
		s = ",M3.2.0,M11.1.0";
	if (!s || *s != ',')
		return -1;
	s = parse_change(s + 1, &r->change[0]);
	if (!s || *s != ',')
		return -1;
	s = parse_change(s + 1, &r->change[1]);
	return s && !*s ? 0 : -1;
}

static int
leap(long long year)
{
	return year % 4 == 0 && (year % 100 || year % 400 == 0);
}

/* When the change happens in that year: seconds since 1970, local time before it. */
static long long
change_at(const struct change *c, long long year)
{
	static const unsigned char length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	long long day;
	int first, last, d;

	if (c->kind == 'n' || c->kind == 'J') {
		day = __days(year, 0, 1) + c->day;
		if (c->kind == 'J')
			day += (leap(year) && c->day >= 60) - 1;
		return day * 86400 + c->at;
	}
	day = __days(year, c->month - 1, 1);
	first = (int)(((day + 4) % 7 + 7) % 7);
	d = (c->day - first + 7) % 7 + (c->week - 1) * 7;
	last = length[c->month - 1] + (c->month == 2 && leap(year));
	if (d >= last)
		d -= 7;
	return (day + d) * 86400 + c->at;
}

void
__rules_at(const struct rules *r, long long t, struct zone *z)
{
	struct tm tm;
	long long start, end;
	int dst = 0;

	if (r->has_dst && __secs_to_tm(t + r->off[0], &tm) == 0) {
		start = change_at(&r->change[0], tm.tm_year + 1900LL) - r->off[0];
		end = change_at(&r->change[1], tm.tm_year + 1900LL) - r->off[1];
		dst = start < end ? t >= start && t < end : t >= start || t < end;
	}
	z->off = r->off[dst];
	z->dst = dst;
	z->name = r->name[dst];
}
