/* SPDX-License-Identifier: MIT */
/* strncpy, stpncpy. */
#include <string.h>

char *stpncpy(char *restrict d, const char *restrict s, size_t n)
{
	size_t l = strnlen(s, n);
	memcpy(d, s, l);
	memset(d + l, 0, n - l);
	return d + l;
}

char *strncpy(char *restrict d, const char *restrict s, size_t n)
{
	stpncpy(d, s, n);
	return d;
}
