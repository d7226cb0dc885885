/* SPDX-License-Identifier: MIT */
/*
 * debug.h: the debugger's view of processes (abi/debug.h).
 *
 * A process has at most one debug object. It holds a reference to the process; proc.debug is its weak
 * counterpart, ended by the last handle (closed). All state, that in threads too, is under proc.lock.
 * A thread stops by itself, in the kernel with its frame complete, and parks till `stopped` falls.
 */
#ifndef KERNEL_DEBUG_H
#define KERNEL_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/debug.h"
#include "list.h"
#include "obj/handle.h"
#include "obj/poll.h"

struct proc;
struct thread;
struct tframe;

/* An event on its way: in its thread, which is stopped, or of its own. */
struct debug_note {
	struct list node;		/* in debug.events */
	struct debug_event ev;
	struct href h;			/* DEBUG_EV_FORK: counted */
	bool own;			/* allocated */
};

struct thread_debug {
	struct debug_note note;
	uint32_t want;			/* kind of the event to stop with on the way to user mode, or 0 */
	bool stopped;
	bool step;			/* the trap flag is ours */
	bool calls;			/* it stops in system calls */
	bool told;			/* b of DEBUG_CONT counts */
	int deliver;
};

struct debug;

/* All of these do nothing for a process that nobody debugs. No locks held, current process. */

/* In the return path: WORK_DEBUG is set. */
void debug_stop_wanted(struct tframe *tf);
/* A signal is about to be acted upon: it, another or 0. */
int debug_signal(struct tframe *tf, int signo, struct abi_siginfo *info);
/* A debug exception in user mode: true when it was a step of ours. */
bool debug_stepped(struct tframe *tf);
/* exec has succeeded. */
void debug_executed(void);
/* t, not started, joins its process, whose lock is held. */
void debug_thread_new(struct proc *p, struct thread *t);
/* The calling thread leaves, in proc.lock. */
void debug_thread_end(struct proc *p, struct thread *t);
/* The process has ended. */
void debug_ended(struct proc *p);

/*
 * A child of the calling process, not launched: *fork is to be given to debug_forked after that, or to
 * debug_fork_failed. 0 or -ENOMEM.
 */
int debug_fork(struct proc *child, struct thread *t, struct debug_note **fork);
void debug_forked(struct debug_note *fork, uint32_t pid);
void debug_fork_failed(struct debug_note *fork);

/*
 * The process is about to be killed by a signal whose default is a core file: waits while a crash
 * server looks at it. The bits to add to the wait status: 0x80 when a core file was written.
 */
int crash_report(struct tframe *tf, int signo, uint64_t addr);
/* Whether somebody prints such things. */
bool crash_reported(void);

#endif
