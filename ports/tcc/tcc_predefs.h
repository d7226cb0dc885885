/* SPDX-License-Identifier: MIT */
/* What libc's headers expect of a compiler and tcc has not built in; read before every file (LP64). */
#define __calx__ 1
#define __INTPTR_TYPE__ long
#define __UINTPTR_TYPE__ unsigned long
#define __INTMAX_TYPE__ long
#define __UINTMAX_TYPE__ unsigned long
#define __INT8_TYPE__ signed char
#define __INT16_TYPE__ short
#define __INT32_TYPE__ int
#define __INT64_TYPE__ long
#define __UINT8_TYPE__ unsigned char
#define __UINT16_TYPE__ unsigned short
#define __UINT32_TYPE__ unsigned
#define __UINT64_TYPE__ unsigned long
#define __INT_LEAST8_TYPE__ signed char
#define __INT_LEAST16_TYPE__ short
#define __INT_LEAST32_TYPE__ int
#define __INT_LEAST64_TYPE__ long
#define __UINT_LEAST8_TYPE__ unsigned char
#define __UINT_LEAST16_TYPE__ unsigned short
#define __UINT_LEAST32_TYPE__ unsigned
#define __UINT_LEAST64_TYPE__ unsigned long
#define __INT_FAST8_TYPE__ signed char
#define __INT_FAST16_TYPE__ long
#define __INT_FAST32_TYPE__ long
#define __INT_FAST64_TYPE__ long
#define __UINT_FAST8_TYPE__ unsigned char
#define __UINT_FAST16_TYPE__ unsigned long
#define __UINT_FAST32_TYPE__ unsigned long
#define __UINT_FAST64_TYPE__ unsigned long
#define __CHAR8_TYPE__ unsigned char
#define __CHAR16_TYPE__ unsigned short
#define __CHAR32_TYPE__ unsigned
#define __INT8_MAX__ 0x7f
#define __INT16_MAX__ 0x7fff
#define __INT32_MAX__ 0x7fffffff
#define __INT64_MAX__ 0x7fffffffffffffffL
#define __UINT8_MAX__ 0xff
#define __UINT16_MAX__ 0xffff
#define __UINT32_MAX__ 0xffffffffU
#define __UINT64_MAX__ 0xffffffffffffffffUL
#define __INTMAX_MAX__ __INT64_MAX__
#define __UINTMAX_MAX__ __UINT64_MAX__
#define __INTPTR_MAX__ __INT64_MAX__
#define __UINTPTR_MAX__ __UINT64_MAX__
#define __PTRDIFF_MAX__ __INT64_MAX__
#define __SIZE_MAX__ __UINT64_MAX__
#define __INT_LEAST8_MAX__ __INT8_MAX__
#define __INT_LEAST16_MAX__ __INT16_MAX__
#define __INT_LEAST32_MAX__ __INT32_MAX__
#define __INT_LEAST64_MAX__ __INT64_MAX__
#define __UINT_LEAST8_MAX__ __UINT8_MAX__
#define __UINT_LEAST16_MAX__ __UINT16_MAX__
#define __UINT_LEAST32_MAX__ __UINT32_MAX__
#define __UINT_LEAST64_MAX__ __UINT64_MAX__
#define __INT_FAST8_MAX__ __INT8_MAX__
#define __INT_FAST16_MAX__ __INT64_MAX__
#define __INT_FAST32_MAX__ __INT64_MAX__
#define __INT_FAST64_MAX__ __INT64_MAX__
#define __UINT_FAST8_MAX__ __UINT8_MAX__
#define __UINT_FAST16_MAX__ __UINT64_MAX__
#define __UINT_FAST32_MAX__ __UINT64_MAX__
#define __UINT_FAST64_MAX__ __UINT64_MAX__
#define __INT8_C(x) x
#define __INT16_C(x) x
#define __INT32_C(x) x
#define __INT64_C(x) x ## L
#define __UINT8_C(x) x
#define __UINT16_C(x) x
#define __UINT32_C(x) x ## U
#define __UINT64_C(x) x ## UL
#define __INTMAX_C(x) x ## L
#define __UINTMAX_C(x) x ## UL
#define __builtin_alloca alloca
#define __builtin_huge_val() 1e500
#define __builtin_huge_valf() 1e50f
#define __builtin_huge_vall() 1e5000L
#define __builtin_inff() 1e50f
#define __builtin_nanf(s) (0.0f / 0.0f)
#define __builtin_isnan(x) ((x) != (x))
#define __builtin_isfinite(x) ((x) - (x) == 0)
#define __builtin_isinf_sign(x) ((x) == 1e5000L ? 1 : (x) == -1e5000L ? -1 : 0)
#define __builtin_signbit(x) ((union { long double d; short s[8]; }){ (x) }.s[4] < 0)
#define __builtin_isunordered(x, y) ((x) != (x) || (y) != (y))
#define __builtin_isgreater(x, y) ((x) > (y))
#define __builtin_isgreaterequal(x, y) ((x) >= (y))
#define __builtin_isless(x, y) ((x) < (y))
#define __builtin_islessequal(x, y) ((x) <= (y))
#define __builtin_islessgreater(x, y) ((x) < (y) || (x) > (y))
#define __builtin_fpclassify(nan, inf, normal, sub, zero, x) \
	((x) != (x) ? (nan) : (x) - (x) != 0 ? (inf) : (x) == 0 ? (zero) : \
	((x) < 0 ? -(x) : (x)) < (sizeof(x) == 4 ? 0x1p-126L : sizeof(x) == 8 ? 0x1p-1022L : \
	0x1p-16382L) ? (sub) : (normal))
#define __builtin_isnormal(x) (__builtin_fpclassify(0, 0, 1, 0, 0, x))
#define __builtin_bswap16(x) ((unsigned short)((unsigned short)(x) << 8 | (unsigned short)(x) >> 8))
#define __builtin_bswap32(x) ((unsigned)__builtin_bswap16(x) << 16 | __builtin_bswap16((x) >> 16))
#define __builtin_bswap64(x) \
	((unsigned long)__builtin_bswap32(x) << 32 | __builtin_bswap32((unsigned long)(x) >> 32))
