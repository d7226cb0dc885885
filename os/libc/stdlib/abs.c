/* SPDX-License-Identifier: MIT */
/* abs, labs, llabs, imaxabs. */
#include <stdlib.h>
#include <inttypes.h>

int abs(int a)
{
	return a < 0 ? -a : a;
}

long labs(long a)
{
	return a < 0 ? -a : a;
}

long long llabs(long long a)
{
	return a < 0 ? -a : a;
}

intmax_t imaxabs(intmax_t a)
{
	return a < 0 ? -a : a;
}
