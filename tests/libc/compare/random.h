/* SPDX-License-Identifier: MIT */
/* random.h: a generator of its own for the comparing tests, the same on every libc. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state;

static inline uint64_t random_u64(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* The argument is a seed; neighbouring seeds begin far apart. */
static inline void random_init(int argc, char **argv)
{
	random_state = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	random_state = random_u64() ^ random_u64() << 7;
}

static inline unsigned random_below(unsigned n)
{
	return random_u64() % n;
}

/* Any double, with small integers and short decimals more often than chance has them. */
static inline double random_double(void)
{
	union { uint64_t u; double d; } v = { random_u64() };
	switch (random_below(6)) {
	case 0: return (int)random_below(2000) - 1000;
	case 1: return ((int)random_below(200000) - 100000) / 1000.0;
	case 2: return ((int)random_below(2000) - 1000) / 8.0;
	case 3: v.u = (v.u & 0x800fffffffffffff) | (uint64_t)(1023 - 40 + random_below(80)) << 52; return v.d;
	}
	return v.d;
}
