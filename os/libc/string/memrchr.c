/* SPDX-License-Identifier: MIT */
/* memrchr. */
#include <string.h>
#include "vec.h"

void *memrchr(const void *src, int c, size_t n)
{
	const uint8_t *s = src;
	vec k = vec_all(c);
	for (; n >= 16; n -= 16) {
		unsigned m = vec_mask((vec)(*(const uvec *)(s + n - 16) == k));
		if (m)
			return (void *)(s + n - 16 + (31 - __builtin_clz(m)));
	}
	while (n--)
		if (s[n] == (uint8_t)c)
			return (void *)(s + n);
	return NULL;
}
