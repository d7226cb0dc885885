/* SPDX-License-Identifier: MIT */
/* strftime: POSIX.1-2024 with the GNU flags _ - 0 ^ # and widths. Names are those of the C locale. */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "calendar.h"

struct out {
	char *s;
	size_t n, max;
};

/* One conversion: its flag, width and padding. */
struct spec {
	char flag;		/* 0, or one of _ - 0 + */
	char upper;		/* '^' or '#' */
	int width;		/* -1: none */
};

static void
put(struct out *o, const char *s, size_t n)
{
	if (o->n + n < o->max)
		memcpy(o->s + o->n, s, n);
	o->n += n;
}

static void
put_pad(struct out *o, char c, long n)
{
	while (n-- > 0)
		put(o, &c, 1);
}

static void
put_text(struct out *o, const struct spec *f, const char *s)
{
	size_t n = strlen(s), i;

	if (f->width > 0)
		put_pad(o, f->flag == '0' || f->flag == '+' ? '0' : ' ', f->width - (long)n);
	for (i = 0; i < n; i++) {
		char c = s[i];

		if (f->upper && c >= 'a' && c <= 'z')
			c -= 32;
		put(o, &c, 1);
	}
}

/* Digits that a field may have without a '+' before them: two of a century, four of a year. */
static int
plain_width(int width)
{
	return width == 2 ? 2 : 4;
}

static void
put_number(struct out *o, const struct spec *f, long long v, int width, char pad)
{
	char digits[24];
	long n = 0, want = f->width >= 0 ? f->width : width;
	unsigned long long u = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;

	if (f->flag == '_')
		pad = ' ';
	else if (f->flag == '0' || f->flag == '+')
		pad = '0';
	else if (f->flag == '-')
		want = 0;
	do
		digits[sizeof(digits) - 1 - n++] = (char)('0' + u % 10);
	while (u /= 10);
	if (pad == ' ')
		put_pad(o, ' ', want - n - (v < 0));
	if (v < 0)
		put(o, "-", 1);
	else if (f->flag == '+' && (n > plain_width(width) || want > plain_width(width))) {
		put(o, "+", 1);
		want--;
	}
	if (pad == '0')
		put_pad(o, '0', want - n - (v < 0));
	put(o, digits + sizeof(digits) - n, (size_t)n);
}

/* ISO 8601: the week of the year and the year it belongs to. */
static int
iso_week(const struct tm *tm, long long *year)
{
	int wday = (tm->tm_wday + 6) % 7;		/* Monday is 0 */
	int week = (tm->tm_yday - wday + 10) / 7;
	long long y = tm->tm_year + 1900LL;
	int leap, jan1;

	if (week < 1) {
		y--;
		leap = y % 4 == 0 && (y % 100 || y % 400 == 0);
		week = (tm->tm_yday + 365 + leap - wday + 10) / 7;
	} else if (week == 53) {
		leap = y % 4 == 0 && (y % 100 || y % 400 == 0);
		jan1 = ((wday - tm->tm_yday) % 7 + 7) % 7;
		if (!(jan1 == 3 || (leap && jan1 == 2))) {
			week = 1;
			y++;
		}
	}
	*year = y;
	return week;
}

static void
put_offset(struct out *o, const struct spec *f, const struct tm *tm)
{
	long v = tm->tm_gmtoff;
	char text[16];

	if (tm->tm_isdst < 0)
		return;
	snprintf(text, sizeof(text), "%c%02ld%02ld", v < 0 ? '-' : '+', (v < 0 ? -v : v) / 3600,
			(v < 0 ? -v : v) / 60 % 60);
	put_text(o, f, text);
}

static void format(struct out *o, const char *f, const struct tm *tm);

/* %F is %+4Y-%m-%d; a width given to it counts the year's six followers. */
static void
put_date(struct out *o, const struct spec *f, const struct tm *tm)
{
	struct spec year = { f->flag ? f->flag : '+', 0, f->width < 0 ? 4 : f->width > 6 ? f->width - 6 : 0 };

	put_number(o, &year, tm->tm_year + 1900LL, 4, '0');
	format(o, "-%m-%d", tm);
}

/* Composite conversions, through the simple ones. */
static int
composite(struct out *o, const struct spec *f, char c, const struct tm *tm)
{
	static const char *const forms[] = { "c%a %b %e %H:%M:%S %Y", "D%m/%d/%y",
		"r%I:%M:%S %p", "R%H:%M", "T%H:%M:%S", "x%m/%d/%y", "X%H:%M:%S" };
	char buf[128];
	struct out part = { buf, 0, sizeof(buf) };
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (forms[i][0] != c)
			continue;
		format(&part, c == 'F' && f->flag == '+' ? "%+4Y-%m-%d" : forms[i] + 1, tm);
		if (part.n >= sizeof(buf))
			part.n = 0;
		buf[part.n] = '\0';
		put_text(o, f, buf);
		return 1;
	}
	return 0;
}

static const char *
name(nl_item base, int i, int count)
{
	return i >= 0 && i < count ? nl_langinfo(base + i) : "?";
}

static int
text_field(struct out *o, const struct spec *f, char c, const struct tm *tm)
{
	struct spec lower = *f;

	switch (c) {
	case 'a': put_text(o, f, name(ABDAY_1, tm->tm_wday, 7)); return 1;
	case 'A': put_text(o, f, name(DAY_1, tm->tm_wday, 7)); return 1;
	case 'b':
	case 'h': put_text(o, f, name(ABMON_1, tm->tm_mon, 12)); return 1;
	case 'B': put_text(o, f, name(MON_1, tm->tm_mon, 12)); return 1;
	case 'p':
		if (f->upper == '#') {
			lower.upper = 0;
			put_text(o, &lower, tm->tm_hour >= 12 ? "pm" : "am");
		} else {
			put_text(o, f, nl_langinfo(tm->tm_hour >= 12 ? PM_STR : AM_STR));
		}
		return 1;
	case 'P': put_text(o, f, tm->tm_hour >= 12 ? "pm" : "am"); return 1;
	case 'Z': put_text(o, f, __tm_zone(tm)); return 1;
	case 'z': put_offset(o, f, tm); return 1;
	case 'n': put_text(o, f, "\n"); return 1;
	case 't': put_text(o, f, "\t"); return 1;
	case '%': put_text(o, f, "%"); return 1;
	}
	return 0;
}

static int
number_field(struct out *o, const struct spec *f, char c, const struct tm *tm)
{
	long long year = tm->tm_year + 1900LL, iso;
	int week;
	struct tm copy = *tm;

	switch (c) {
	case 'C': put_number(o, f, year / 100 - (year % 100 < 0), 2, '0'); return 1;
	case 'd': put_number(o, f, tm->tm_mday, 2, '0'); return 1;
	case 'e': put_number(o, f, tm->tm_mday, 2, ' '); return 1;
	case 'g':
		iso_week(tm, &iso);
		put_number(o, f, (iso % 100 + 100) % 100, 2, '0');
		return 1;
	case 'F': put_date(o, f, tm); return 1;
	case 'G':
		iso_week(tm, &iso);
		put_number(o, f, iso, 1, '0');
		return 1;
	case 'H': put_number(o, f, tm->tm_hour, 2, '0'); return 1;
	case 'I': put_number(o, f, (tm->tm_hour + 11) % 12 + 1, 2, '0'); return 1;
	case 'j': put_number(o, f, tm->tm_yday + 1, 3, '0'); return 1;
	case 'k': put_number(o, f, tm->tm_hour, 2, ' '); return 1;
	case 'l': put_number(o, f, (tm->tm_hour + 11) % 12 + 1, 2, ' '); return 1;
	case 'm': put_number(o, f, tm->tm_mon + 1, 2, '0'); return 1;
	case 'M': put_number(o, f, tm->tm_min, 2, '0'); return 1;
	case 's': put_number(o, f, mktime(&copy), 1, '0'); return 1;
	case 'S': put_number(o, f, tm->tm_sec, 2, '0'); return 1;
	case 'u': put_number(o, f, tm->tm_wday ? tm->tm_wday : 7, 1, '0'); return 1;
	case 'U': put_number(o, f, (tm->tm_yday + 7 - tm->tm_wday) / 7, 2, '0'); return 1;
	case 'V':
		week = iso_week(tm, &iso);
		put_number(o, f, week, 2, '0');
		return 1;
	case 'w': put_number(o, f, tm->tm_wday, 1, '0'); return 1;
	case 'W': put_number(o, f, (tm->tm_yday + 7 - (tm->tm_wday + 6) % 7) / 7, 2, '0'); return 1;
	case 'y': put_number(o, f, (year % 100 + 100) % 100, 2, '0'); return 1;
	case 'Y': put_number(o, f, year, 1, '0'); return 1;
	}
	return 0;
}

/* Takes flags, width and the E and O modifiers; returns the conversion's place. */
static const char *
parse_spec(const char *f, struct spec *s)
{
	s->flag = s->upper = 0;
	s->width = -1;
	for (;; f++) {
		if (*f == '_' || *f == '-' || *f == '0' || *f == '+')
			s->flag = *f;
		else if (*f == '^' || *f == '#')
			s->upper = *f;
		else
			break;
	}
	if (*f >= '1' && *f <= '9')
		for (s->width = 0; *f >= '0' && *f <= '9'; f++)
			if (s->width < 4096)
				s->width = s->width * 10 + (*f - '0');
	if (*f == 'E' || *f == 'O')
		f++;
	return f;
}

static void
format(struct out *o, const char *f, const struct tm *tm)
{
	for (; *f && o->n <= o->max; f++) {
		const char *start = f;
		struct spec s;

		if (*f != '%') {
			put(o, f, 1);
			continue;
		}
		f = parse_spec(f + 1, &s);
		if (!*f) {
			put(o, start, (size_t)(f - start));
			return;
		}
		if (!text_field(o, &s, *f, tm) && !number_field(o, &s, *f, tm) &&
		    !composite(o, &s, *f, tm))
			put(o, start, (size_t)(f - start) + 1);
	}
}

size_t
strftime(char *restrict buf, size_t max, const char *restrict f, const struct tm *restrict tm)
{
	struct out o = { buf, 0, max };

	format(&o, f, tm);
	if (o.n >= max)
		return 0;
	buf[o.n] = '\0';
	return o.n;
}

size_t
strftime_l(char *restrict buf, size_t max, const char *restrict f, const struct tm *restrict tm,
		locale_t l)
{
	(void)l;
	return strftime(buf, max, f, tm);
}
