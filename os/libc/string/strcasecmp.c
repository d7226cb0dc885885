/* SPDX-License-Identifier: MIT */
/* strcasecmp, strncasecmp and their _l forms. */
#include <string.h>
#include <stdint.h>

static inline int low(uint8_t c)
{
	return c - 'A' < 26u ? c | 32 : c;
}

int strcasecmp(const char *a, const char *b)
{
	for (; *a && low(*a) == low(*b); a++, b++)
		;
	return low(*a) - low(*b);
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && low(*a) == low(*b); a++, b++, n--)
		;
	return n ? low(*a) - low(*b) : 0;
}

int strcasecmp_l(const char *a, const char *b, locale_t l)
{
	(void)l;
	return strcasecmp(a, b);
}

int strncasecmp_l(const char *a, const char *b, size_t n, locale_t l)
{
	(void)l;
	return strncasecmp(a, b, n);
}
