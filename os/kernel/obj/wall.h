/* SPDX-License-Identifier: MIT */
/* wall.h: waiting for a time of the wall clock, which may be set meanwhile. */
#ifndef KERNEL_WALL_H
#define KERNEL_WALL_H

#include <stdint.h>

/* As thread_park, but until the wall clock shows `deadline`; 0 as well when that clock was set. */
int wall_park(int64_t deadline, unsigned flags);
/* The wall clock was set: all that wait for it look again. No locks held. */
void wall_changed(void);

#endif
