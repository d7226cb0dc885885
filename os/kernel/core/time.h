/* SPDX-License-Identifier: MIT */
/* time.h: the clock, and callbacks at deadlines. */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/types.h"

/* Nanoseconds since boot, monotonic over all CPUs. */
int64_t time_now(void);
int64_t time_wall(void);
int64_t time_of_ticks(uint64_t tsc_ticks);	/* a length, in ns */
void time_set_wall(int64_t ns);		/* writes the time page */
int64_t time_of_wall(int64_t wall);	/* when the wall clock will show that, as it stands now */
uint64_t time_page_phys(void);		/* the frame that every process maps read only */

/*
 * A callback at a deadline. It runs on the CPU that set it, interrupts off, with no lock held but
 * not in any thread's name: it may take locks (RANK_BIND and above is usual) and wake threads, not
 * sleep. ktimer_set on an armed timer moves it. The owner serialises set and cancel of one timer.
 */
struct ktimer {
	int64_t deadline;
	void (*fn)(struct ktimer *);
	struct ktimer *child, *next, *prev;	/* pairing heap, under the CPU's timer lock */
	int16_t cpu;				/* where armed, -1: not armed */
	bool armed;
	volatile bool running;
};
void ktimer_init(struct ktimer *t, void (*fn)(struct ktimer *));
void ktimer_set(struct ktimer *t, int64_t deadline);	/* T_FOREVER: only cancels */
/* After it returns fn does not run (waits for a running one, so not from fn, nor with its locks). */
void ktimer_cancel(struct ktimer *t);

#endif
