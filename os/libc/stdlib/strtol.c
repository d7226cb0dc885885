/* SPDX-License-Identifier: MIT */
/* strtol and its family: one parser for all, 64 bits wide. */
#include <stdlib.h>
#include <inttypes.h>
#include <errno.h>
#include "strtox.h"

/* Digits in a base up to 36; anything else is 255. */
static unsigned digit(unsigned char c)
{
	if (c - '0' < 10u)
		return c - '0';
	c |= 32;
	return c - 'a' < 26u ? c - 'a' + 10u : 255;
}

/*
 * The value's magnitude is at most lim (for a negative number too: lim is |minimum| then). *neg tells
 * whether there was a minus sign.
 */
static uint64_t parse(const char *s, char **end, int base, uint64_t max, uint64_t min, int *neg)
{
	const char *p = s;
	uint64_t v = 0, lim;
	int over = 0, any = 0;

	*neg = 0;
	if (end)
		*end = (char *)s;
	if (base < 0 || base == 1 || base > 36) {
		errno = EINVAL;
		return 0;
	}
	while (*p == ' ' || *p - '\t' < 5u)
		p++;
	if (*p == '+' || *p == '-')
		*neg = *p++ == '-';
	if ((base == 0 || base == 16) && *p == '0' && (p[1] | 32) == 'x' && digit(p[2]) < 16) {
		p += 2;
		base = 16;
	} else if ((base == 0 || base == 2) && *p == '0' && (p[1] | 32) == 'b' && digit(p[2]) < 2) {
		p += 2;
		base = 2;
	} else if (!base) {
		base = *p == '0' ? 8 : 10;
	}
	lim = *neg ? min : max;
	for (unsigned d; (d = digit(*p)) < (unsigned)base; p++) {
		any = 1;
		if (over || __builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, d, &v) || v > lim)
			over = 1;
	}
	if (!any)
		return 0;
	if (end)
		*end = (char *)p;
	if (over) {
		errno = ERANGE;
		return lim;
	}
	return v;
}

int64_t __strtos(const char *s, char **end, int base, int64_t max)
{
	int neg;
	uint64_t v = parse(s, end, base, max, (uint64_t)max + 1, &neg);
	return neg ? -v : v;
}

uint64_t __strtou(const char *s, char **end, int base)
{
	int neg, e = errno;
	errno = 0;
	uint64_t v = parse(s, end, base, UINT64_MAX, UINT64_MAX, &neg);
	if (errno == ERANGE)
		return UINT64_MAX;
	if (!errno)
		errno = e;
	return neg ? -v : v;
}

long strtol(const char *restrict s, char **restrict end, int base)
{
	return __strtos(s, end, base, INT64_MAX);
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
	return __strtos(s, end, base, INT64_MAX);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	return __strtou(s, end, base);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
	return __strtou(s, end, base);
}
