/* SPDX-License-Identifier: MIT */
/* Numbers of processes and threads. A freed one is used again only after all others. */
#include "defs.h"
#include "proc/proc.h"

#define PID_MAX	(1u << 17)

static struct spinlock pid_lock = SPINLOCK_INIT("pids", RANK_PIDS);
static uint64_t taken[PID_MAX / 64] = { 1 };	/* 0 is no number */
static uint32_t last;				/* given out last */

uint32_t pid_alloc(void)
{
	uint32_t found = 0;

	spin_lock(&pid_lock);
	for (uint32_t tried = 0; tried <= PID_MAX && !found;) {
		uint32_t next = (last + 1) % PID_MAX;
		uint64_t word = taken[next / 64] | ((1ull << next % 64) - 1);
		if (word == UINT64_MAX) {
			tried += 64 - next % 64;
			last = next | 63;
			continue;
		}
		found = (next & ~63u) + (uint32_t)__builtin_ctzll(~word);
		last = found;
		taken[found / 64] |= 1ull << found % 64;
	}
	spin_unlock(&pid_lock);
	return found;
}

void pid_free(uint32_t pid)
{
	spin_lock(&pid_lock);
	taken[pid / 64] &= ~(1ull << pid % 64);
	spin_unlock(&pid_lock);
}
