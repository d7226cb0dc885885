/* SPDX-License-Identifier: MIT */
/* memset. */
#include <string.h>
#include "vec.h"

void *memset(void *dest, int c, size_t n)
{
	uint8_t *d = dest;
	vec v = vec_all(c);
	if (n < 16) {
		uint64_t w = 0x0101010101010101u * (uint8_t)c;
		if (n >= 8) {
			*(u64u *)d = w;
			*(u64u *)(d + n - 8) = w;
		} else if (n >= 4) {
			*(u32u *)d = w;
			*(u32u *)(d + n - 4) = w;
		} else if (n) {
			d[0] = d[n / 2] = d[n - 1] = c;
		}
		return dest;
	}
	*(uvec *)(d + n - 16) = v;
	for (; n > 64; n -= 64, d += 64) {
		*(uvec *)d = v;
		*(uvec *)(d + 16) = v;
		*(uvec *)(d + 32) = v;
		*(uvec *)(d + 48) = v;
	}
	for (; n > 16; n -= 16, d += 16)
		*(uvec *)d = v;
	if (n == 16)
		*(uvec *)d = v;
	return dest;
}
