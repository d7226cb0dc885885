/* SPDX-License-Identifier: MIT */
/* A conversion of printf, between the parser and the writers. */
#ifndef STDIO_PRINTF_IMPL_H
#define STDIO_PRINTF_IMPL_H

#include <stdint.h>
#include <string.h>
#include "stdio_impl.h"

#define FL_LEFT 1
#define FL_PLUS 2
#define FL_SPACE 4
#define FL_ALT 8
#define FL_ZERO 16

struct spec {
	unsigned flags;
	int width, prec;		/* prec: -1 when there is none */
	int arg, width_arg, prec_arg;	/* 0: the next one, n: number n; -1: none is taken */
	char len;			/* h, l, L, z, j, t; H is hh, q is ll */
	char conv;
};

union arg {
	uintmax_t i;
	long double f;
	void *p;
};

struct print {
	FILE *f;
	size_t total;		/* bytes so far; characters when wide */
	int wide;		/* the output is UTF-8 for a wide stream: count characters */
};

static inline void put(struct print *o, const char *s, size_t n)
{
	__fwritex(s, n, o->f);
	o->total += n;
}

hidden void __print_pad(struct print *o, char c, long n);
/* prefix (a sign, 0x), zeros, body: as the flags and the width want it. */
hidden void __print_number(struct print *o, const struct spec *sp, const char *prefix, size_t npre,
	long zeros, const char *body, size_t n);
hidden void __print_float(struct print *o, const struct spec *sp, long double v);

#endif
