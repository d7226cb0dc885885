/* SPDX-License-Identifier: MIT */
/* random, srandom, initstate, setstate: the additive feedback generator. */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <errno.h>
#include "lock.h"

/* Degree and separation of the polynomials; a state begins with one word that says which. */
static const struct { size_t bytes; int deg, sep; } kinds[] = {
	{ 8, 0, 0 }, { 32, 7, 3 }, { 64, 15, 1 }, { 128, 31, 3 }, { 256, 63, 1 },
};

static uint32_t initial[32];
static uint32_t *state = initial;	/* [0]: kind + 8 * (front index) */
static int kind = 3, front = 3, rear, ready;
static struct lock state_lock;

static uint32_t next(void)
{
	uint32_t *x = state + 1;
	if (!kinds[kind].deg)
		return x[0] = (x[0] * 1103515245u + 12345u) & 0x7fffffff;
	uint32_t v = x[front] += x[rear];
	if (++front == kinds[kind].deg)
		front = 0;
	if (++rear == kinds[kind].deg)
		rear = 0;
	return v >> 1;
}

static void seed(unsigned s)
{
	uint32_t *x = state + 1;
	int32_t w = s ? s : 1;
	x[0] = w;
	front = kinds[kind].sep;
	rear = 0;
	for (int i = 1; i < kinds[kind].deg; i++) {
		w = 16807 * (w % 127773) - 2836 * (w / 127773);
		if (w < 0)
			w += 2147483647;
		x[i] = w;
	}
	for (int i = 0; i < 10 * kinds[kind].deg; i++)
		next();
	ready = 1;
}

static void save(void)
{
	state[0] = kind + 8 * front;
}

void srandom(unsigned s)
{
	lock(&state_lock);
	seed(s);
	unlock(&state_lock);
}

long random(void)
{
	lock(&state_lock);
	if (!ready)
		seed(1);
	long v = next();
	unlock(&state_lock);
	return v;
}

char *initstate(unsigned s, char *buf, size_t size)
{
	uint32_t *old = state;
	int k = 4;
	if (size < 8) {
		errno = EINVAL;
		return NULL;
	}
	lock(&state_lock);
	while (kinds[k].bytes > size)
		k--;
	save();
	state = (uint32_t *)buf;
	kind = k;
	seed(s);
	save();
	unlock(&state_lock);
	return (char *)old;
}

char *setstate(char *buf)
{
	uint32_t *old = state;
	lock(&state_lock);
	save();
	state = (uint32_t *)buf;
	kind = state[0] % 8;
	front = state[0] / 8;
	if (kinds[kind].deg)
		rear = (front + kinds[kind].deg - kinds[kind].sep) % kinds[kind].deg;
	ready = 1;
	unlock(&state_lock);
	return (char *)old;
}
