/* SPDX-License-Identifier: MIT */
/* SHA-256 and SHA-512 (FIPS 180-4). The constants are computed: roots of the first primes. */
#include <string.h>
#include "sha2.h"

/* The first 64 bits of the fraction of p's square (n 2) or cube root, by bisection. */
static uint64_t root(unsigned p, int n)
{
	unsigned __int128 lo = 0, hi = (unsigned __int128)32 << 64;
	while (hi - lo > 1) {
		unsigned __int128 mid = lo + (hi - lo) / 2;
		/* mid^n <= p * 2^(64 n)? In limbs of 32 bits, as the product has up to 210 bits. */
		uint32_t m[3] = { mid, mid >> 32, mid >> 64 }, acc[9] = { m[0], m[1], m[2] };
		for (int k = 1; k < n; k++) {
			uint32_t t[9] = { 0 };
			for (int i = 0; i < 3; i++) {
				uint64_t carry = 0;
				for (int j = 0; j + i < 9; j++) {
					carry += t[i + j] + (uint64_t)m[i] * acc[j];
					t[i + j] = carry;
					carry >>= 32;
				}
			}
			memcpy(acc, t, sizeof(acc));
		}
		uint64_t whole = acc[2 * n] | (uint64_t)acc[2 * n + 1] << 32;
		if (whole >= p)
			hi = mid;
		else
			lo = mid;
	}
	return (uint64_t)lo;
}

static uint64_t K[80], H[8];

static void constants(void)
{
	int n = 0;
	for (unsigned p = 2; n < 80; p++) {
		unsigned d = 2;
		while (d * d <= p && p % d)
			d++;
		if (d * d <= p)
			continue;
		if (n < 8)
			H[n] = root(p, 2);
		K[n] = root(p, 3);
		n++;
	}
}

#define ROR(x, n, w) ((x) >> (n) | (x) << ((w) - (n)))

static inline uint64_t rot(uint64_t x, int n, int wide)
{
	return wide ? ROR(x, n, 64) : ROR((uint32_t)x, n, 32);
}

/* Shifts of the functions s0 s1 S0 S1: for 32 and for 64 bits. */
static const unsigned char shifts[2][4][3] = {
	{ { 7, 18, 3 }, { 17, 19, 10 }, { 2, 13, 22 }, { 6, 11, 25 } },
	{ { 1, 8, 7 }, { 19, 61, 6 }, { 28, 34, 39 }, { 14, 18, 41 } },
};

static void block(struct sha2 *s, const unsigned char *p)
{
	uint64_t w[80], v[8], mask = s->wide ? ~0ul : 0xffffffff;
	int rounds = s->wide ? 80 : 64, bytes = s->wide ? 8 : 4;
	const unsigned char (*r)[3] = shifts[s->wide];
	for (int i = 0; i < 16; i++) {
		w[i] = 0;
		for (int k = 0; k < bytes; k++)
			w[i] = w[i] << 8 | *p++;
	}
	for (int i = 16; i < rounds; i++) {
		uint64_t a = w[i - 15], b = w[i - 2];
		w[i] = (w[i - 16] + w[i - 7] + (rot(a, r[0][0], s->wide) ^ rot(a, r[0][1], s->wide) ^ a >> r[0][2])
			+ (rot(b, r[1][0], s->wide) ^ rot(b, r[1][1], s->wide) ^ b >> r[1][2])) & mask;
	}
	memcpy(v, s->h, sizeof(v));
	for (int i = 0; i < rounds; i++) {
		uint64_t e = v[4], a = v[0], k = s->wide ? K[i] : K[i] >> 32;
		uint64_t t1 = v[7] + (rot(e, r[3][0], s->wide) ^ rot(e, r[3][1], s->wide) ^ rot(e, r[3][2], s->wide))
			+ ((e & v[5]) ^ (~e & v[6])) + k + w[i];
		uint64_t t2 = (rot(a, r[2][0], s->wide) ^ rot(a, r[2][1], s->wide) ^ rot(a, r[2][2], s->wide))
			+ ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] = (v[4] + t1) & mask;
		v[0] = (t1 + t2) & mask;
	}
	for (int i = 0; i < 8; i++)
		s->h[i] = (s->h[i] + v[i]) & mask;
}

void __sha2_init(struct sha2 *s, int wide)
{
	if (!K[79])
		constants();
	s->wide = wide;
	s->len = 0;
	for (int i = 0; i < 8; i++)
		s->h[i] = wide ? H[i] : H[i] >> 32;
}

void __sha2_add(struct sha2 *s, const void *data, size_t n)
{
	const unsigned char *p = data;
	size_t size = s->wide ? 128 : 64;
	while (n) {
		size_t at = s->len % size, k = size - at < n ? size - at : n;
		memcpy(s->buf + at, p, k);
		s->len += k;
		p += k;
		n -= k;
		if (s->len % size == 0)
			block(s, s->buf);
	}
}

void __sha2_end(struct sha2 *s, unsigned char *out)
{
	size_t size = s->wide ? 128 : 64;
	uint64_t bits = s->len * 8;
	int bytes = s->wide ? 8 : 4;
	unsigned char tail[8];
	__sha2_add(s, "\x80", 1);
	/* The length has 64 or 128 bits, of which the upper half is zero. */
	while (s->len % size != size - 2 * bytes)
		__sha2_add(s, "", 1);
	__sha2_add(s, "\0\0\0\0\0\0\0", s->wide ? 8 : 0);
	for (int i = 0; i < 8; i++)
		tail[i] = bits >> (56 - 8 * i);
	__sha2_add(s, tail, 8);
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < bytes; k++)
			*out++ = s->h[i] >> 8 * (bytes - 1 - k);
}
