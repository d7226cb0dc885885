/* SPDX-License-Identifier: MIT */
/* Exact decimal digits: m * 2^e is an integer, or m * 5^k over 10^k when e = -k. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "decfloat.h"

#define LIMB 1000000000u	/* nine digits to a limb, the lowest first */

/* v = m * 2^e with m odd; v > 0 and finite. */
static uint64_t split(long double v, int *e)
{
	union { long double f; struct { uint64_t m; uint16_t se; } i; } u = { v };
	int x = u.i.se & 0x7fff;
	int tz = __builtin_ctzll(u.i.m);
	*e = (x ? x : 1) - 16383 - 63 + tz;
	return u.i.m >> tz;
}

static size_t limbs_for(int e)
{
	/* bits * log10(2) / 9; times 5 a number grows by 2.33 bits. */
	size_t bits = 64 + (e >= 0 ? (size_t)e : (size_t)-e * 7 / 3 + 1);
	return bits / 29 + 2;
}

size_t __dec_bound(long double v)
{
	int e;
	split(v, &e);
	return limbs_for(e) * (sizeof(uint32_t) + 9) + 16;
}

static size_t multiply(uint32_t *x, size_t n, uint32_t by)
{
	uint64_t carry = 0;
	for (size_t i = 0; i < n; i++) {
		carry += (uint64_t)x[i] * by;
		x[i] = carry % LIMB;
		carry /= LIMB;
	}
	if (carry)
		x[n++] = carry;
	return n;
}

static size_t scale(uint32_t *x, size_t n, int e)
{
	static const uint32_t fives[] = { 1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125,
		9765625, 48828125, 244140625 };
	for (; e > 0; e -= e < 29 ? e : 29)
		n = multiply(x, n, 1u << (e < 29 ? e : 29));
	for (; e < 0; e += -e < 12 ? -e : 12)
		n = multiply(x, n, fives[-e < 12 ? -e : 12]);
	return n;
}

int __dec_digits(long double v, char *buf, int *exp)
{
	int e;
	uint64_t m = split(v, &e);
	/* The limbs stand at the end of the memory, the digits are written before them. */
	uint32_t *x = (uint32_t *)(((uintptr_t)buf + limbs_for(e) * 9 + 8) & -4);
	size_t n = 0;
	for (; m; m /= LIMB)
		x[n++] = m % LIMB;
	n = scale(x, n, e);

	char *d = buf, top[10];
	int len = 0;
	for (uint32_t t = x[n - 1]; t; t /= 10)
		top[len++] = '0' + t % 10;
	while (len)
		*d++ = top[--len];
	for (size_t i = n - 1; i-- > 0; d += 9) {
		uint32_t t = x[i];
		for (int k = 8; k >= 0; k--, t /= 10)
			d[k] = '0' + t % 10;
	}
	*exp = d - buf - 1 + (e < 0 ? e : 0);
	while (d[-1] == '0')
		d--;
	return d - buf;
}

/* Whether what is cut off (first digit d[keep], more digits after it if more) rounds up. */
static int rounds_up(const char *d, long keep, int n, int negative)
{
	switch (fegetround()) {
	case FE_TOWARDZERO:
		return 0;
	case FE_UPWARD:
		return !negative;
	case FE_DOWNWARD:
		return negative;
	}
	if (keep < 0)
		return 0;
	if (d[keep] != '5')
		return d[keep] > '5';
	return n > keep + 1 || (keep > 0 && (d[keep - 1] & 1));
}

int __dec_round(char *d, int n, long keep, int *exp, int negative)
{
	if (n <= keep)
		return n;
	int up = rounds_up(d, keep, n, negative);
	if (keep <= 0) {
		if (!up)
			return 0;
		d[0] = '1';
		*exp += 1 - (int)keep;
		return 1;
	}
	n = keep;
	if (up) {
		while (n && d[n - 1] == '9')
			n--;
		if (!n) {
			d[0] = '1';
			++*exp;
			return 1;
		}
		d[n - 1]++;
	}
	while (n && d[n - 1] == '0')
		n--;
	return n;
}
