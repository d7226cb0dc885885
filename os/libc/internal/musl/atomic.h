/* SPDX-License-Identifier: MIT */
/* atomic.h: all that libm wants of it. */
static inline int a_clz_64(unsigned long long x)
{
	return __builtin_clzll(x);
}

static inline int a_ctz_64(unsigned long long x)
{
	return __builtin_ctzll(x);
}
