/* SPDX-License-Identifier: MIT */
/* private.h: between the files of debug/. */
#ifndef KERNEL_DEBUG_PRIVATE_H
#define KERNEL_DEBUG_PRIVATE_H

#include "debug/debug.h"
#include "sched/thread.h"

struct debug {
	struct obj obj;			/* OBJ_DEBUG */
	struct proc *proc;		/* referenced; the rest is under its lock */
	uint32_t options;		/* DEBUG_* */
	bool ended, end_told;		/* the process is gone, and DEBUG_EV_EXIT was read */
	bool crash, cored;
	uint32_t crash_tid;
	int crash_signo;
	struct list events;		/* debug_note.node */
	struct waitq waiters;
	struct poll_head poll;
};

struct debug *debug_create(struct proc *p, uint32_t options, int *err);
/* The thread stops with the event in its note, whose kind and fields are filled; returns when it goes on. */
void debug_stop(struct thread *t, uint32_t kind);

#endif
