/* SPDX-License-Identifier: MIT */
/*
 * Load averages: each LOAD_STEP the number of threads that run or wait for a CPU is mixed in. An idle
 * machine has no ticks, so that steps are made up for later: nothing ran in them.
 */
#include "abi/sys.h"
#include "defs.h"
#include "sched/private.h"

#define LOAD_STEP	5000000000	/* ns */
#define STEPS_MAX	2000		/* after so many idle ones all averages are 0 */

/* exp(-5/60), exp(-5/300), exp(-5/900), << LOAD_SHIFT */
static const uint64_t keep[3] = { 60296, 64453, 65173 };
static struct spinlock lock = SPINLOCK_INIT("load", RANK_TIMER);
static uint64_t averages[3];		/* lock */
static volatile int64_t next_step;	/* written with the lock */

uint32_t sched_running(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ncpu; i++) {
		const struct thread *t = cpus[i].current;

		n += cpus[i].rq_count + (t != NULL && t != cpus[i].idle);
	}
	return n;
}

/* lock held. */
static void mix(uint64_t n)
{
	for (int i = 0; i < 3; i++)
		averages[i] = (averages[i] * keep[i] + (n << LOAD_SHIFT) * ((1ul << LOAD_SHIFT) - keep[i])) >> LOAD_SHIFT;
}

/* Steps that have passed; in all but the last nothing ran. lock held. */
static void catch_up(int64_t now)
{
	int64_t steps = (now - next_step) / LOAD_STEP;

	for (int64_t i = 0; i < steps && i < STEPS_MAX; i++)
		mix(0);
	mix(sched_running());
	next_step += (steps + 1) * LOAD_STEP;
}

void load_tick(int64_t now)
{
	if (now < next_step || !spin_trylock(&lock))
		return;
	if (now >= next_step)
		catch_up(now);
	spin_unlock(&lock);
}

void sched_load(uint64_t load[3])
{
	load_tick(time_now());
	spin_lock(&lock);
	memcpy(load, averages, sizeof(averages));
	spin_unlock(&lock);
}
