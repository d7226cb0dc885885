/* SPDX-License-Identifier: MIT */
/* memcmp, bcmp. */
#include <string.h>
#include "vec.h"

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;
	for (; n >= 16; n -= 16, p += 16, q += 16) {
		unsigned m = vec_mask((vec)(*(const uvec *)p == *(const uvec *)q)) ^ 0xffff;
		if (m) {
			int i = __builtin_ctz(m);
			return p[i] - q[i];
		}
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

int bcmp(const void *a, const void *b, size_t n)
{
	return memcmp(a, b, n);
}
