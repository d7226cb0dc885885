/* SPDX-License-Identifier: MIT */
/* rand_r. */
#include <stdlib.h>

int rand_r(unsigned *seed)
{
	unsigned x = *seed = *seed * 1103515245 + 12345;
	x ^= x >> 11;
	x ^= x << 7 & 0x9d2c5680;
	x ^= x << 15 & 0xefc60000;
	x ^= x >> 18;
	return x / 2;
}
