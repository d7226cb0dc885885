/* SPDX-License-Identifier: MIT */
/* The 48-bit generators. */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

static unsigned short state[7] = { 0, 0, 0, 0xe66d, 0xdeec, 5, 11 };

static uint64_t get48(const unsigned short *x)
{
	return x[0] | (uint64_t)x[1] << 16 | (uint64_t)x[2] << 32;
}

static uint64_t step(unsigned short *x)
{
	uint64_t v = (get48(x) * get48(state + 3) + state[6]) & 0xffffffffffff;
	x[0] = v;
	x[1] = v >> 16;
	x[2] = v >> 32;
	return v;
}

double erand48(unsigned short x[3])
{
	union { uint64_t u; double d; } v = { .u = 0x3ff0000000000000 | step(x) << 4 };
	return v.d - 1.0;
}

double drand48(void)
{
	return erand48(state);
}

long nrand48(unsigned short x[3])
{
	return step(x) >> 17;
}

long lrand48(void)
{
	return nrand48(state);
}

long jrand48(unsigned short x[3])
{
	return (int32_t)(step(x) >> 16);
}

long mrand48(void)
{
	return jrand48(state);
}

unsigned short *seed48(unsigned short x[3])
{
	static unsigned short old[3];
	memcpy(old, state, sizeof(old));
	memcpy(state, x, sizeof(old));
	memcpy(state + 3, (unsigned short[]){ 0xe66d, 0xdeec, 5, 11 }, 8);
	return old;
}

void srand48(long seed)
{
	seed48((unsigned short[]){ 0x330e, seed, (unsigned long)seed >> 16 });
}

void lcong48(unsigned short p[7])
{
	memcpy(state, p, sizeof(state));
}
