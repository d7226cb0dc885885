/* SPDX-License-Identifier: MIT */
/* ffs, ffsl, ffsll. */
#include <strings.h>

int ffs(int i)
{
	return i ? __builtin_ctz(i) + 1 : 0;
}

int ffsl(long i)
{
	return i ? __builtin_ctzl(i) + 1 : 0;
}

int ffsll(long long i)
{
	return i ? __builtin_ctzll(i) + 1 : 0;
}
