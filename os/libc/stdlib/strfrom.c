/* SPDX-License-Identifier: MIT */
/* strfromd, strfromf, strfroml: one number as text, by a format of at most a precision and a letter. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The format with an L put before its letter; anything but "%", ".digits", one of aAeEfFgG is none. */
static int widen(char *d, size_t n, const char *f)
{
	size_t len = strlen(f);
	const char *p = f;

	if (*p++ != '%' || len + 2 > n)
		return -1;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++)
			;
	if (!*p || !strchr("aAeEfFgG", *p) || p[1])
		return -1;
	memcpy(d, f, len - 1);
	d[len - 1] = 'L';
	d[len] = *p;
	d[len + 1] = 0;
	return 0;
}

int strfroml(char *restrict s, size_t n, const char *restrict f, long double v)
{
	char wide[64];

	if (widen(wide, sizeof(wide), f) < 0) {
		errno = EINVAL;
		return -1;
	}
	return snprintf(s, n, wide, v);
}

/* %a shows a long double's digits otherwise than a double's. */
int strfromd(char *restrict s, size_t n, const char *restrict f, double v)
{
	char wide[64];

	if (widen(wide, sizeof(wide), f) < 0) {
		errno = EINVAL;
		return -1;
	}
	return snprintf(s, n, f, v);
}

int strfromf(char *restrict s, size_t n, const char *restrict f, float v)
{
	return strfromd(s, n, f, v);
}
