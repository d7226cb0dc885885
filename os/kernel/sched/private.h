/* SPDX-License-Identifier: MIT */
/* private.h: between the files of sched/. */
#ifndef KERNEL_SCHED_PRIVATE_H
#define KERNEL_SCHED_PRIVATE_H

#include "sched/thread.h"

enum park_state { P_RUN, P_TOKEN, P_PARKED };

void thread_park_timeout(struct ktimer *k);	/* of thread.timer */
void sched_switched(void);		/* called by entry.S too */
void sched_enqueue(struct thread *t);		/* a woken one */
void sched_enqueue_fresh(struct thread *t);	/* a new one: to an idle CPU at once */
void sched_replace(struct thread *t);
void sched_give_way(void);
void sched_tick(struct cpu *c, int64_t now, struct tframe *tf);
void load_tick(int64_t now);
void sched_spread(struct cpu *c, int64_t now);
void schedule(void);
void sched_switch(struct cpu *c, struct thread *prev, struct thread *next);

#endif
