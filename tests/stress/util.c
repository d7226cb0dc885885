/* SPDX-License-Identifier: MIT */
/* Random numbers, patterns and children for the workers. */
#include <errno.h>
#include <sys/wait.h>
#include "stress.h"

static uint32_t state = 1;

void rnd_seed(uint32_t seed)
{
	state = seed ? seed : 1;
}

uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static uint8_t byte_of(uint32_t seed, size_t at)
{
	return (uint8_t)((seed + at) * 2654435761u >> 24);
}

void pattern(void *buf, size_t n, uint32_t seed, size_t at)
{
	uint8_t *p = buf;

	for (size_t i = 0; i < n; i++)
		p[i] = byte_of(seed, at + i);
}

int pattern_is(const void *buf, size_t n, uint32_t seed, size_t at)
{
	const uint8_t *p = buf;

	for (size_t i = 0; i < n; i++)
		if (p[i] != byte_of(seed, at + i))
			return 0;
	return 1;
}

int status_of(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid ? status : -1;
}
