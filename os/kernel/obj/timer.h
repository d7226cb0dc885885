/* SPDX-License-Identifier: MIT */
/* timer.h: timer objects: readable and pollable as timerfd, or sending a signal. */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include "abi/types.h"
#include "obj/iter.h"

struct proc;

/* SYS_read of a timer: 8 bytes, expirations since the last read; waits for the first one. */
int64_t timer_read(handle_t h, struct iter *it);

/* Lets the timers on p's CPU time expire; no locks held. */
void cpu_timers_check(struct proc *p);
/* The wall clock was set: timers that were set by it move. No locks held. */
void timers_wall_changed(void);
/* SYS_file_flags of a timer: -EINVAL when h is none. */
int timer_flags(handle_t h, uint32_t mask, uint32_t flags);

#endif
