/* SPDX-License-Identifier: MIT */
/* timer.h: timer objects: readable and pollable as timerfd, or sending a signal. */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include "abi/types.h"
#include "obj/iter.h"

/* SYS_read of a timer: 8 bytes, expirations since the last read; waits for the first one. */
int64_t timer_read(handle_t h, struct iter *it);

#endif
