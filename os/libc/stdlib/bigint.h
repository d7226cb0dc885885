/* SPDX-License-Identifier: MIT */
/* Just enough big integers for reading floating numbers. */
#ifndef STDLIB_BIGINT_H
#define STDLIB_BIGINT_H

#include <stdint.h>
#include <string.h>

/* n words, the lowest first, the highest not zero; the caller owns the memory and sees to its size. */
struct big {
	uint32_t *w;
	int n;
};

static inline void big_init(struct big *x, uint32_t *room)
{
	x->w = room;
	x->n = 0;
}

static inline void big_muladd(struct big *x, uint32_t by, uint32_t add)
{
	uint64_t c = add;
	for (int i = 0; i < x->n; i++) {
		c += (uint64_t)x->w[i] * by;
		x->w[i] = c;
		c >>= 32;
	}
	if (c)
		x->w[x->n++] = c;
}

/* Returns the remainder. */
static inline uint32_t big_div(struct big *x, uint32_t by)
{
	uint64_t r = 0;
	for (int i = x->n - 1; i >= 0; i--) {
		r = r << 32 | x->w[i];
		x->w[i] = r / by;
		r %= by;
	}
	while (x->n && !x->w[x->n - 1])
		x->n--;
	return r;
}

#define BIG_5_13 1220703125u

static inline void big_pow5(struct big *x, long e)
{
	for (; e >= 13; e -= 13)
		big_muladd(x, BIG_5_13, 0);
	for (; e > 0; e--)
		big_muladd(x, 5, 0);
}

/* Divides by 5^e; whether anything was left over. */
static inline int big_div5(struct big *x, long e)
{
	uint32_t rest = 0;
	for (; e >= 13; e -= 13)
		rest |= big_div(x, BIG_5_13);
	for (; e > 0; e--)
		rest |= big_div(x, 5);
	return rest != 0;
}

static inline void big_shift_words(struct big *x, int words)
{
	memmove(x->w + words, x->w, x->n * sizeof(*x->w));
	memset(x->w, 0, words * sizeof(*x->w));
	x->n += words;
}

#endif
