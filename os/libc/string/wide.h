/* SPDX-License-Identifier: MIT */
/*
 * Thirty-two bytes at a time, where the processor and the system have AVX: long copies and fills take
 * half the instructions. Only for lengths at which a call and a look at a variable do not matter.
 */
#ifndef STRING_WIDE_H
#define STRING_WIDE_H

#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>

#define WIDE_LEAST	512		/* bytes from which it pays */
#define WIDE_CODE	__attribute__((target("avx"), noinline))

typedef uint8_t wide __attribute__((vector_size(32), aligned(1), may_alias));

/* AVX, and the system saves its registers. */
static inline int wide_look(void)
{
	unsigned a, b, c, d, low, high;

	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (bit_OSXSAVE | bit_AVX)) != (bit_OSXSAVE | bit_AVX))
		return 0;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & 6) == 6;
}

/* The answer is kept; threads that ask at the same time find the same. */
static inline int wide_there(void)
{
	static signed char there;	/* 0: not asked yet */

	if (!there)
		there = wide_look() ? 1 : -1;
	return there > 0;
}

#endif
