/* SPDX-License-Identifier: MIT */
/* strlen, strnlen. */
#include <string.h>
#include "vec.h"

size_t strlen(const char *str)
{
	const char *s = str;
	vec zero = vec_all(0);
	unsigned m = vec_mask((vec)(vec_around(s) == zero)) >> ((uintptr_t)s & 15);
	if (m)
		return __builtin_ctz(m);
	for (s = (const char *)(((uintptr_t)s & -16) + 16); ; s += 16) {
		m = vec_mask((vec)(*(const avec *)s == zero));
		if (m)
			return s + __builtin_ctz(m) - str;
	}
}

size_t strnlen(const char *s, size_t n)
{
	const char *p = memchr(s, 0, n);
	return p ? (size_t)(p - s) : n;
}
