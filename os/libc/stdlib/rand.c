/* SPDX-License-Identifier: MIT */
/* rand, srand. */
#include <stdlib.h>
#include <stdint.h>

static uint64_t seed;

void srand(unsigned s)
{
	seed = s - 1;
}

int rand(void)
{
	seed = 6364136223846793005u * seed + 1;
	return seed >> 33;
}
