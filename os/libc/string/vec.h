/* SPDX-License-Identifier: MIT */
/* Sixteen bytes at a time: the vectors of the string functions. */
#ifndef STRING_VEC_H
#define STRING_VEC_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t vec __attribute__((vector_size(16)));
typedef uint8_t uvec __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint8_t avec __attribute__((vector_size(16), may_alias));
typedef uint64_t u64u __attribute__((aligned(1), may_alias));
typedef uint32_t u32u __attribute__((aligned(1), may_alias));
typedef uint16_t u16u __attribute__((aligned(1), may_alias));

static inline vec vec_all(int c)
{
	return (vec){ 0 } + (uint8_t)c;
}

/* One bit for each byte of v that is 0xff (a true comparison). */
static inline unsigned vec_mask(vec v)
{
	return __builtin_ia32_pmovmskb128((char __attribute__((vector_size(16))))v);
}

/* Loads the aligned 16 bytes around p: never crosses a page that p is not in. */
static inline vec vec_around(const void *p)
{
	return *(const avec *)((uintptr_t)p & -16);
}

#endif
