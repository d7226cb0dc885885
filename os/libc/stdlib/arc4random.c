/* SPDX-License-Identifier: MIT */
/* arc4random and its relatives, from the system's generator. */
#include <stdlib.h>
#include <stdint.h>
#include "plat.h"

void arc4random_buf(void *buf, size_t n)
{
	char *p = buf;
	while (n) {
		long r = plat_getrandom(p, n < 256 ? n : 256, 0);
		if (r < 0 && r != -4)
			abort();
		if (r > 0) {
			p += r;
			n -= r;
		}
	}
}

uint32_t arc4random(void)
{
	uint32_t v;
	arc4random_buf(&v, sizeof(v));
	return v;
}

uint32_t arc4random_uniform(uint32_t bound)
{
	uint32_t v, min;
	if (bound < 2)
		return 0;
	min = -bound % bound;
	do
		v = arc4random();
	while (v < min);
	return v % bound;
}
