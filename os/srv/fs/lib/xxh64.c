/* SPDX-License-Identifier: MIT */
/* XXH64, the public 64-bit hash by its specification (xxHash 0.1.1): checksums and directory names. */
#include <string.h>

#include "calxfs.h"

#define P1	0x9E3779B185EBCA87ull
#define P2	0xC2B2AE3D27D4EB4Full
#define P3	0x165667B19E3779F9ull
#define P4	0x85EBCA77C2B2AE63ull
#define P5	0x27D4EB2F165667C5ull

static inline uint64_t rotl(uint64_t x, int r)
{
	return x << r | x >> (64 - r);
}

static inline uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static inline uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

static inline uint64_t round1(uint64_t acc, uint64_t in)
{
	return rotl(acc + in * P2, 31) * P1;
}

static inline uint64_t merge(uint64_t acc, uint64_t v)
{
	return (acc ^ round1(0, v)) * P1 + P4;
}

/* Four stripes' words of one lane. */
static inline uint64_t lane(uint64_t acc, const uint8_t *p)
{
	acc = round1(round1(acc, get64(p)), get64(p + 32));
	return round1(round1(acc, get64(p + 64)), get64(p + 96));
}

static uint64_t stripes(const uint8_t *p, size_t n, uint64_t seed)
{
	uint64_t a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1, h;

	for (; n >= 128; n -= 128, p += 128) {
		a = lane(a, p);
		b = lane(b, p + 8);
		c = lane(c, p + 16);
		d = lane(d, p + 24);
	}
	for (; n >= 32; n -= 32, p += 32) {
		a = round1(a, get64(p));
		b = round1(b, get64(p + 8));
		c = round1(c, get64(p + 16));
		d = round1(d, get64(p + 24));
	}
	/* Else a compiler keeps each product's factor for what follows: a move each, all along. */
	__asm__("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
	h = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
	return merge(merge(merge(merge(h, a), b), c), d);
}

static uint64_t tail(uint64_t h, const uint8_t *p, size_t n)
{
	for (; n >= 8; n -= 8, p += 8)
		h = rotl(h ^ round1(0, get64(p)), 27) * P1 + P4;
	if (n >= 4) {
		h = rotl(h ^ get32(p) * P1, 23) * P2 + P3;
		n -= 4;
		p += 4;
	}
	for (; n; n--, p++)
		h = rotl(h ^ *p * P5, 11) * P1;
	return h;
}

uint64_t cfs_xxh64(const void *data, size_t n, uint64_t seed)
{
	const uint8_t *p = data;
	uint64_t h = n >= 32 ? stripes(p, n, seed) : seed + P5;

	h = tail(h + n, p + (n & ~(size_t)31), n & 31);
	h = (h ^ h >> 33) * P2;
	h = (h ^ h >> 29) * P3;
	return h ^ h >> 32;
}
