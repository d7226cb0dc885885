/* SPDX-License-Identifier: MIT */
/* strchr, strchrnul, index. */
#include <string.h>
#include "vec.h"

char *strchrnul(const char *s, int c)
{
	vec zero = vec_all(0), k = vec_all(c);
	vec v = vec_around(s);
	unsigned m = vec_mask((vec)(v == zero) | (vec)(v == k)) >> ((uintptr_t)s & 15);
	if (m)
		return (char *)s + __builtin_ctz(m);
	for (s = (const char *)(((uintptr_t)s & -16) + 16); ; s += 16) {
		v = *(const avec *)s;
		m = vec_mask((vec)(v == zero) | (vec)(v == k));
		if (m)
			return (char *)s + __builtin_ctz(m);
	}
}

char *strchr(const char *s, int c)
{
	char *p = strchrnul(s, c);
	return *p == (char)c ? p : NULL;
}

char *index(const char *s, int c)
{
	return strchr(s, c);
}
