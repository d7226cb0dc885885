/* SPDX-License-Identifier: MIT */
/* memset. */
#include <string.h>
#include "vec.h"
#include "wide.h"

/* At least 128 bytes. */
static WIDE_CODE void fill_wide(uint8_t *d, int c, size_t n)
{
	wide v = (wide){ 0 } + (uint8_t)c;
	uint8_t *end = d + n - 128;

	for (; d < end; d += 128)
		for (int i = 0; i < 4; i++)
			*(wide *)(d + 32 * i) = v;
	for (int i = 0; i < 4; i++)
		*(wide *)(end + 32 * i) = v;
}

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
	if (n >= WIDE_LEAST && wide_there()) {
		fill_wide(d, c, n);
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
