/* SPDX-License-Identifier: MIT */
/* strtod, strtof, strtold: correctly rounded, by exact integers where it matters. */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "floatscan.h"
#include "bigint.h"

/* The formats: bits of precision, exponent of the smallest normal and of the first overflow. */
static const struct format { int bits, emin, emax, digits; } formats[] = {
	{ 24, -125, 128, 130 }, { 53, -1021, 1024, 780 }, { 64, -16381, 16384, 11600 },
};

/* What lies below the bits that are kept: 0 nothing, 1 less than half, 2 half, 3 more than half. */
static int rest_of(uint64_t m, int drop, int more)
{
	uint64_t rest, half;
	if (!drop)
		return more;
	half = 1ull << (drop - 1);
	rest = drop == 64 ? m : m & ((1ull << drop) - 1);
	more = rest != half ? (rest != 0 || more) + 2 * (rest > half) : 2 + (more != 0);
	return more;
}

/*
 * m * 2^e, m's top bit set, more: what lies below m, as in rest_of. Rounds to nearest even in the
 * format; scaling by the power of two at the end is exact but for overflow.
 */
static long double finish(uint64_t m, int e, int more, int neg, const struct format *fm)
{
	int top = e + 64;		/* the value is in [2^(top-1), 2^top) */
	int tiny = top < fm->emin, keep = fm->bits - (tiny ? fm->emin - top : 0), drop = 64 - keep;
	if (keep < 0) {
		errno = ERANGE;
		return neg ? -0.0L : 0;
	}
	more = rest_of(m, drop, more);
	m = drop == 64 ? 0 : m >> drop;
	e += drop;
	if ((more == 3 || (more == 2 && (m & 1))) && !++m) {
		m = 1ull << 63;
		e++;
	}
	long double r = scalbnl((long double)m, e);
	if (tiny && more)
		errno = ERANGE;
	if (!isfinite(r) || (fm->emax < 16384 && r >= scalbnl(1, fm->emax))) {
		errno = ERANGE;
		r = INFINITY;
	}
	return neg ? -r : r;
}

/* The top 64 bits of x, and in *more what lies below, on top of a rest known before. */
static uint64_t top64(const struct big *x, int *e, int *more)
{
	int n = x->n, lz = __builtin_clz(x->w[n - 1]);
	uint64_t hi = (uint64_t)x->w[n - 1] << 32 | (n > 1 ? x->w[n - 2] : 0);
	uint64_t lo = (uint64_t)(n > 2 ? x->w[n - 3] : 0) << 32 | (n > 3 ? x->w[n - 4] : 0);
	int rest = *more != 0;
	*e = 32 * (n - 2) - lz;
	if (lz) {
		hi = hi << lz | lo >> (64 - lz);
		lo <<= lz;
	}
	for (int i = n - 5; i >= 0 && !rest; i--)
		rest = x->w[i] != 0;
	*more = rest_of(lo, 64, rest);
	return hi;
}

/* digits (n of them, no leading zero) times 10^exp, exactly rounded; more: digits were left out. */
static long double convert(const char *d, int n, long exp, int more, int neg, const struct format *fm)
{
	uint64_t m = 0;
	int e, e2 = 0;
	if (n + exp > 4940 && n + exp > 0)
		return finish(1ull << 63, 20000, 0, neg, fm);
	if (n + exp < -4970)
		return finish(1ull << 63, -20000, 1, neg, fm);
	if (n <= 19 && !more && exp >= 0 && exp + n <= 19) {
		for (int i = 0; i < n; i++)
			m = m * 10 + (d[i] - '0');
		for (; exp; exp--)
			m *= 10;
		int lz = __builtin_clzll(m);
		return finish(m << lz, -lz, 0, neg, fm);
	}
	/* Room for the digits, the power of five, and the shift before a division. */
	struct big x;
	uint32_t room[(n * 107 / 1024) + 8 + (exp > 0 ? exp * 107 / 1024 : -exp * 75 / 1024 + 8)];
	big_init(&x, room);
	for (int i = 0; i < n; i += 9) {
		uint32_t v = 0, p = 1;
		for (int k = i; k < n && k < i + 9; k++, p *= 10)
			v = v * 10 + (d[k] - '0');
		big_muladd(&x, p, v);
	}
	if (exp >= 0) {
		big_pow5(&x, exp);
		e2 = exp;
	} else {
		/* Shift left so far that the quotient keeps at least 66 bits. */
		int have = 32 * (x.n - 1) + 32 - __builtin_clz(x.w[x.n - 1]);
		int need = 66 + (int)(-exp * 2379 / 1024) + 1 - have;
		int words = need > 0 ? (need + 31) / 32 : 0;
		big_shift_words(&x, words);
		more |= big_div5(&x, -exp);
		e2 = exp - 32 * words;
	}
	m = top64(&x, &e, &more);
	return finish(m, e + e2, more, neg, fm);
}

/* What both forms of a number leave to the caller: how far it was read. */
static long exponent(const char **p)
{
	const char *q = *p + 1;
	int neg = 0;
	long v = 0;
	if (*q == '+' || *q == '-')
		neg = *q++ == '-';
	if (!isdigit((unsigned char)*q))
		return 0;
	for (; isdigit((unsigned char)*q); q++)
		if (v < 100000000)
			v = v * 10 + (*q - '0');
	*p = q;
	return neg ? -v : v;
}

static long double decimal(const char *s, const char **end, int neg, const struct format *fm)
{
	char buf[fm->digits];
	const char *p = s;
	int n = 0, seen = 0, point = 0, more = 0;
	long exp = 0;
	for (; isdigit((unsigned char)*p) || (*p == '.' && !point); p++) {
		if (*p == '.') {
			point = 1;
			continue;
		}
		seen = 1;
		if (n < fm->digits) {
			if (n || *p != '0')
				buf[n++] = *p;
			exp -= point;
		} else {
			more |= *p != '0';
			exp += !point;
		}
	}
	if (!seen) {
		*end = NULL;
		return 0;
	}
	if ((*p | 32) == 'e')
		exp += exponent(&p);
	*end = p;
	while (n && buf[n - 1] == '0' && !more)
		n--, exp++;
	if (!n)
		return neg ? -0.0L : 0;
	return convert(buf, n, exp, more, neg, fm);
}

static long double hexadecimal(const char *s, const char **end, int neg, const struct format *fm)
{
	const char *p = s;
	uint64_t m = 0;
	unsigned next = 0;		/* the first digit that no longer fits in m */
	int seen = 0, point = 0, more = 0, full = 0;
	long e = 0;
	for (; isxdigit((unsigned char)*p) || (*p == '.' && !point); p++) {
		if (*p == '.') {
			point = 1;
			continue;
		}
		unsigned d = *p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10;
		seen = 1;
		if (!(m >> 60)) {
			m = m << 4 | d;
			e -= 4 * point;
			continue;
		}
		e += 4 * !point;
		if (full)
			more |= d != 0;
		else
			next = d;
		full = 1;
	}
	if (!seen) {
		*end = NULL;
		return 0;
	}
	if ((*p | 32) == 'p')
		e += exponent(&p);
	*end = p;
	if (!m)
		return neg ? -0.0L : 0;
	int lz = __builtin_clzll(m);
	m <<= lz;
	if (lz < 4)
		m |= next >> (4 - lz);
	more = lz < 4 ? rest_of((uint64_t)next << (60 + lz), 64, more) : 0;
	e -= lz;
	if (e > 20000 || e < -20000)
		e = e < 0 ? -20000 : 20000;
	return finish(m, e, more, neg, fm);
}

/* inf, infinity, nan, nan(chars). */
static long double word(const char *p, const char **end, int neg)
{
	if (!strncasecmp(p, "inf", 3)) {
		*end = p + (strncasecmp(p + 3, "inity", 5) ? 3 : 8);
		return neg ? -INFINITY : INFINITY;
	}
	*end = NULL;
	if (strncasecmp(p, "nan", 3))
		return 0;
	*end = p += 3;
	if (*p == '(') {
		while (isalnum((unsigned char)*++p) || *p == '_')
			;
		if (*p == ')')
			*end = p + 1;
	}
	return neg ? -NAN : NAN;
}

long double __strtofloat(const char *s, char **end, int which)
{
	const struct format *fm = &formats[which];
	const char *p = s, *e = NULL;
	long double r;
	int neg = 0;
	while (isspace((unsigned char)*p))
		p++;
	if (*p == '+' || *p == '-')
		neg = *p++ == '-';
	if (isdigit((unsigned char)*p) || *p == '.') {
		if (*p == '0' && (p[1] | 32) == 'x') {
			r = hexadecimal(p + 2, &e, neg, fm);
			if (!e) {
				e = p + 1;
				r = neg ? -0.0L : 0;
			}
		} else {
			r = decimal(p, &e, neg, fm);
		}
	} else {
		r = word(p, &e, neg);
	}
	if (end)
		*end = (char *)(e ? e : s);
	return e ? r : 0;
}

float strtof(const char *restrict s, char **restrict end)
{
	return __strtofloat(s, end, 0);
}

double strtod(const char *restrict s, char **restrict end)
{
	return __strtofloat(s, end, 1);
}

long double strtold(const char *restrict s, char **restrict end)
{
	return __strtofloat(s, end, 2);
}

float strtof_l(const char *restrict s, char **restrict end, locale_t l)
{
	(void)l;
	return strtof(s, end);
}

double strtod_l(const char *restrict s, char **restrict end, locale_t l)
{
	(void)l;
	return strtod(s, end);
}

long double strtold_l(const char *restrict s, char **restrict end, locale_t l)
{
	(void)l;
	return strtold(s, end);
}
