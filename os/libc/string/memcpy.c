/* SPDX-License-Identifier: MIT */
/* memcpy, mempcpy, memmove: overlapping loads at both ends, 64 or 128 bytes a turn between. */
#include <string.h>
#include "vec.h"
#include "wide.h"

/* At most 32 bytes, all loaded before any is stored: right for every overlap. */
static inline void copy_small(uint8_t *d, const uint8_t *s, size_t n)
{
	if (n >= 16) {
		vec a = *(const uvec *)s, b = *(const uvec *)(s + n - 16);
		*(uvec *)d = a;
		*(uvec *)(d + n - 16) = b;
	} else if (n >= 8) {
		uint64_t a = *(const u64u *)s, b = *(const u64u *)(s + n - 8);
		*(u64u *)d = a;
		*(u64u *)(d + n - 8) = b;
	} else if (n >= 4) {
		uint32_t a = *(const u32u *)s, b = *(const u32u *)(s + n - 4);
		*(u32u *)d = a;
		*(u32u *)(d + n - 4) = b;
	} else if (n >= 2) {
		uint16_t a = *(const u16u *)s, b = *(const u16u *)(s + n - 2);
		*(u16u *)d = a;
		*(u16u *)(d + n - 2) = b;
	} else if (n) {
		*d = *s;
	}
}

/* More than 32 bytes upwards; the last 32 are loaded first, so an overlap below is harmless. */
static inline void copy_up(uint8_t *d, const uint8_t *s, size_t n)
{
	vec e0 = *(const uvec *)(s + n - 32), e1 = *(const uvec *)(s + n - 16);
	uint8_t *end = d + n;
	for (; n > 96; n -= 64, s += 64, d += 64) {
		vec a = *(const uvec *)s, b = *(const uvec *)(s + 16);
		vec c = *(const uvec *)(s + 32), f = *(const uvec *)(s + 48);
		*(uvec *)d = a;
		*(uvec *)(d + 16) = b;
		*(uvec *)(d + 32) = c;
		*(uvec *)(d + 48) = f;
	}
	for (; n > 32; n -= 16, s += 16, d += 16)
		*(uvec *)d = *(const uvec *)s;
	*(uvec *)(end - 32) = e0;
	*(uvec *)(end - 16) = e1;
}

static inline void copy_down(uint8_t *d, const uint8_t *s, size_t n)
{
	vec h0 = *(const uvec *)s, h1 = *(const uvec *)(s + 16);
	for (; n > 96; n -= 64) {
		vec a = *(const uvec *)(s + n - 16), b = *(const uvec *)(s + n - 32);
		vec c = *(const uvec *)(s + n - 48), f = *(const uvec *)(s + n - 64);
		*(uvec *)(d + n - 16) = a;
		*(uvec *)(d + n - 32) = b;
		*(uvec *)(d + n - 48) = c;
		*(uvec *)(d + n - 64) = f;
	}
	for (; n > 32; n -= 16)
		*(uvec *)(d + n - 16) = *(const uvec *)(s + n - 16);
	*(uvec *)d = h0;
	*(uvec *)(d + 16) = h1;
}

/* At least 128 bytes upwards; the last 128 are loaded first. */
static WIDE_CODE void copy_up_wide(uint8_t *d, const uint8_t *s, size_t n)
{
	const uint8_t *t = s + n - 128;
	wide e0 = *(const wide *)t, e1 = *(const wide *)(t + 32), e2 = *(const wide *)(t + 64), e3 = *(const wide *)(t + 96);
	uint8_t *end = d + n - 128;

	for (; d < end; s += 128, d += 128) {
		wide a = *(const wide *)s, b = *(const wide *)(s + 32);
		wide c = *(const wide *)(s + 64), f = *(const wide *)(s + 96);
		*(wide *)d = a;
		*(wide *)(d + 32) = b;
		*(wide *)(d + 64) = c;
		*(wide *)(d + 96) = f;
	}
	*(wide *)end = e0;
	*(wide *)(end + 32) = e1;
	*(wide *)(end + 64) = e2;
	*(wide *)(end + 96) = e3;
}

static inline void copy_long_up(uint8_t *d, const uint8_t *s, size_t n)
{
	if (n >= WIDE_LEAST && wide_there())
		copy_up_wide(d, s, n);
	else
		copy_up(d, s, n);
}

void *memcpy(void *restrict dest, const void *restrict src, size_t n)
{
	if (n <= 32)
		copy_small(dest, src, n);
	else
		copy_long_up(dest, src, n);
	return dest;
}

void *mempcpy(void *restrict dest, const void *restrict src, size_t n)
{
	return (char *)memcpy(dest, src, n) + n;
}

void *memmove(void *dest, const void *src, size_t n)
{
	if (n <= 32)
		copy_small(dest, src, n);
	else if ((uintptr_t)dest - (uintptr_t)src >= n)
		copy_long_up(dest, src, n);
	else
		copy_down(dest, src, n);
	return dest;
}
