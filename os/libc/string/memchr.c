/* SPDX-License-Identifier: MIT */
/* memchr, rawmemchr. */
#include <string.h>
#include "vec.h"

void *memchr(const void *src, int c, size_t n)
{
	const uint8_t *s = src;
	vec k = vec_all(c);
	if (!n)
		return NULL;
	const uint8_t *end = (uintptr_t)s + n < (uintptr_t)s ? (const uint8_t *)-1 : s + n;
	unsigned m = vec_mask((vec)(vec_around(s) == k)) >> ((uintptr_t)s & 15);
	if (m) {
		s += __builtin_ctz(m);
		return s < end ? (void *)s : NULL;
	}
	for (s = (const uint8_t *)(((uintptr_t)s & -16) + 16); s < end; s += 16) {
		m = vec_mask((vec)(*(const avec *)s == k));
		if (m) {
			s += __builtin_ctz(m);
			return s < end ? (void *)s : NULL;
		}
	}
	return NULL;
}

void *rawmemchr(const void *s, int c)
{
	return memchr(s, c, -1);
}
