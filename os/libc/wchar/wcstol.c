/* SPDX-License-Identifier: MIT */
/* Numbers from wide strings: the digits are ASCII, so a narrow copy of them is parsed. */
#include <wchar.h>
#include <wctype.h>
#include <stdlib.h>
#include <inttypes.h>
#include <string.h>

#define SHORT 128

/* A narrow copy of what may be a number; *lead is how many spaces were skipped. buf or malloc. */
static char *narrow(const wchar_t *s, char buf[SHORT], size_t *lead)
{
	const wchar_t *p = s;
	size_t n = 0;
	char *d = buf;
	while (iswspace(*p))
		p++;
	*lead = p - s;
	while (p[n] > 0 && p[n] < 128 && p[n] != ' ')
		n++;
	if (n >= SHORT && !(d = malloc(n + 1))) {
		d = buf;
		n = SHORT - 1;
	}
	for (size_t i = 0; i < n; i++)
		d[i] = p[i];
	d[n] = 0;
	return d;
}

#define PARSE(type, name, call) \
	type name \
	{ \
		char buf[SHORT], *e; \
		size_t lead; \
		char *t = narrow(s, buf, &lead); \
		type v = call; \
		if (end) \
			*end = (wchar_t *)s + (e == t ? 0 : lead + (e - t)); \
		if (t != buf) \
			free(t); \
		return v; \
	}

#define INTARGS(f) f(const wchar_t *restrict s, wchar_t **restrict end, int base)
#define FLTARGS(f) f(const wchar_t *restrict s, wchar_t **restrict end)

PARSE(long, INTARGS(wcstol), strtol(t, &e, base))
PARSE(unsigned long, INTARGS(wcstoul), strtoul(t, &e, base))
PARSE(long long, INTARGS(wcstoll), strtoll(t, &e, base))
PARSE(unsigned long long, INTARGS(wcstoull), strtoull(t, &e, base))
PARSE(intmax_t, INTARGS(wcstoimax), strtoimax(t, &e, base))
PARSE(uintmax_t, INTARGS(wcstoumax), strtoumax(t, &e, base))
PARSE(float, FLTARGS(wcstof), strtof(t, &e))
PARSE(double, FLTARGS(wcstod), strtod(t, &e))
PARSE(long double, FLTARGS(wcstold), strtold(t, &e))
