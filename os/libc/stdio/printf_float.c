/* SPDX-License-Identifier: MIT */
/* The conversions a, e, f, g of printf. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include "printf_impl.h"
#include "decfloat.h"

/* A number to be written: prefix, digits with zeros around, a point, an exponent. */
struct number {
	char prefix[4];
	int npre;
	const char *digits;	/* n of them */
	int n;
	long before;		/* digits before the point; more than n: zeros follow; <= 0: "0" */
	long after;		/* digits after the point, zeros included */
	int point;
	char exp[8];
	int nexp;
};

/* Digits from..from+count of the number, counting leading and trailing zeros as digits. */
static void put_digits(struct print *o, const struct number *x, long from, long count)
{
	long k;
	if (from < 0) {
		k = -from < count ? -from : count;
		__print_pad(o, '0', k);
		from += k;
		count -= k;
	}
	if (count > 0 && from < x->n) {
		k = x->n - from < count ? x->n - from : count;
		put(o, x->digits + from, k);
		count -= k;
	}
	__print_pad(o, '0', count);
}

static void put_all(struct print *o, const struct spec *sp, const struct number *x)
{
	long whole = x->before > 0 ? x->before : 1;
	long len = x->npre + whole + x->point + x->after + x->nexp, pad = sp->width - len;
	if (!(sp->flags & (FL_LEFT | FL_ZERO)))
		__print_pad(o, ' ', pad);
	put(o, x->prefix, x->npre);
	if ((sp->flags & (FL_LEFT | FL_ZERO)) == FL_ZERO)
		__print_pad(o, '0', pad);
	put_digits(o, x, x->before > 0 ? 0 : -1, whole);
	if (x->point)
		put(o, ".", 1);
	put_digits(o, x, x->before, x->after);
	put(o, x->exp, x->nexp);
	if (sp->flags & FL_LEFT)
		__print_pad(o, ' ', pad);
}

static void set_exp(struct number *x, char letter, int e, int mindigits)
{
	char t[8];
	int n = 0;
	unsigned v = e < 0 ? -e : e;
	x->exp[x->nexp++] = letter;
	x->exp[x->nexp++] = e < 0 ? '-' : '+';
	do
		t[n++] = '0' + v % 10;
	while ((v /= 10));
	while (n < mindigits)
		t[n++] = '0';
	while (n)
		x->exp[x->nexp++] = t[--n];
}

static void style_e(struct number *x, int e, long prec, int upper, int alt)
{
	x->before = 1;
	x->after = prec;
	x->point = prec > 0 || alt;
	set_exp(x, upper ? 'E' : 'e', e, 2);
}

static void style_f(struct number *x, int e, long prec, int alt)
{
	x->before = e + 1;
	x->after = prec;
	x->point = prec > 0 || alt;
}

static void decimal(struct print *o, const struct spec *sp, struct number *x, long double v)
{
	char buf[v ? __dec_bound(v) : 1];
	int e = 0, neg = x->npre && x->prefix[0] == '-', upper = !(sp->conv & 32);
	int alt = sp->flags & FL_ALT;
	long prec = sp->prec < 0 ? 6 : sp->prec;

	x->digits = buf;
	if (v)
		x->n = __dec_digits(v, buf, &e);
	switch (sp->conv | 32) {
	case 'e':
		x->n = __dec_round(buf, x->n, prec + 1, &e, neg);
		style_e(x, e, prec, upper, alt);
		break;
	case 'f':
		x->n = __dec_round(buf, x->n, prec + e + 1, &e, neg);
		if (!x->n)
			e = 0;
		style_f(x, e, prec, alt);
		break;
	default:
		prec = prec ? prec : 1;
		x->n = __dec_round(buf, x->n, prec, &e, neg);
		if (e >= -4 && e < prec)
			style_f(x, e, alt ? prec - 1 - e : x->n > e + 1 ? x->n - e - 1 : 0, alt);
		else
			style_e(x, e, alt ? prec - 1 : x->n > 1 ? x->n - 1 : 0, upper, alt);
	}
	put_all(o, sp, x);
}

/* The hexadecimal form; the leading digit is 1, or 0 of a zero, as for a double. */
static void hex(struct print *o, const struct spec *sp, struct number *x, long double v)
{
	const char *set = sp->conv & 32 ? "0123456789abcdef" : "0123456789ABCDEF";
	char buf[20];
	int e = 0;
	uint64_t m = 0;
	if (v) {
		m = (uint64_t)scalbnl(frexpl(v, &e), 64);	/* top bit set */
		e--;
	}
	/* 1 bit before the point, 63 after it: sixteen digits after the point hold them. */
	unsigned lead = m >> 63;
	uint64_t frac = m << 1;
	if (sp->prec >= 0 && sp->prec < 16 && m) {
		int drop = 64 - 4 * sp->prec;
		uint64_t rest = drop == 64 ? frac : frac & ((1ull << drop) - 1);
		uint64_t half = 1ull << (drop - 1);
		uint64_t kept = drop == 64 ? 0 : frac >> drop;
		int odd = drop == 64 ? lead & 1 : kept & 1;
		if (rest > half || (rest == half && odd)) {
			if (drop == 64 || !++kept || kept >> (64 - drop))
				lead++, kept = 0;
		}
		frac = drop == 64 ? 0 : kept << drop;
	}
	buf[0] = '0' + lead;
	for (int i = 1; i <= 16; i++, frac <<= 4)
		buf[i] = set[frac >> 60];
	x->n = 17;
	while (x->n > 1 && buf[x->n - 1] == '0')
		x->n--;
	x->digits = buf;
	x->before = 1;
	x->after = sp->prec < 0 ? x->n - 1 : sp->prec;
	x->point = x->after > 0 || (sp->flags & FL_ALT);
	x->prefix[x->npre++] = '0';
	x->prefix[x->npre++] = 'x' ^ (~sp->conv & 32);
	set_exp(x, 'p' ^ (~sp->conv & 32), e, 1);
	put_all(o, sp, x);
}

void __print_float(struct print *o, const struct spec *sp, long double v)
{
	struct number x = { .npre = 0 };
	int upper = !(sp->conv & 32);
	if (signbit(v)) {
		x.prefix[x.npre++] = '-';
		v = -v;
	} else if (sp->flags & (FL_PLUS | FL_SPACE)) {
		x.prefix[x.npre++] = sp->flags & FL_PLUS ? '+' : ' ';
	}
	if (!isfinite(v)) {
		struct spec s = *sp;
		s.flags &= ~FL_ZERO;
		const char *t = isnan(v) ? upper ? "NAN" : "nan" : upper ? "INF" : "inf";
		__print_number(o, &s, x.prefix, x.npre, 0, t, 3);
	} else if ((sp->conv | 32) == 'a') {
		hex(o, sp, &x, v);
	} else {
		decimal(o, sp, &x, v);
	}
}
