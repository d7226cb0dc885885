/* SPDX-License-Identifier: MIT */
/*
 * sig.h: signals: pending sets and queues, sending and delivery.
 *
 * The kernel queues signals, chooses the thread and builds the frame; masks and actions live in the
 * pages shared with the process and are read at delivery, so they may change at any time: they are
 * read once and can only hurt their owner.
 */
#ifndef KERNEL_SIG_H
#define KERNEL_SIG_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/proc.h"
#include "list.h"
#include "lock.h"

struct proc;
struct thread;
struct tframe;

/*
 * Results of an interrupted system call; only returned when a work bit is set, and turned into
 * -EINTR or a restart by user_return_work.
 */
#define ERESTART	512	/* restarted unless a handler without SA_RESTART ran */
#define ERESTART_QUIET	514	/* restarted only if no handler ran */

#define SIG_BIT(n)	(1ull << ((n) - 1))
#define SIG_UNBLOCKABLE	(SIG_BIT(9) | SIG_BIT(19))

struct sig_queue {
	uint64_t pending;		/* bit signo-1 */
	struct list items;		/* struct sig_item, in order */
};

struct thread_sig {
	struct sig_queue q;		/* under proc.lock */
	uint64_t saved_mask;		/* to restore after sig_suspend, poll: when has_saved */
	uint64_t wait_set;		/* SYS_sig_wait in progress: signals it takes */
	bool has_saved;
};

/* What a timer knows of its signal: at most one is queued. Under the target's proc.lock. */
struct timer_sig {
	struct sig_item *item;		/* queued now */
	uint32_t overrun;		/* expirations since it was queued */
	uint32_t last;			/* of the one delivered last */
};

struct sig_item {
	struct list node;
	struct abi_siginfo info;
	struct timer_sig *timer;	/* that queued it, or NULL */
};

struct proc_sig {			/* under proc.lock */
	struct sig_queue q;
	struct sig_item spare;		/* saves most signals an allocation */
	bool spare_used;
	uint32_t nitems;		/* queued in all its queues */
	bool watched;			/* signal files (obj/sigfile.c) may wait for its signals; once set it stays */
	bool stopped;			/* job control: threads park in user_return_work */
};

void sig_queue_init(struct sig_queue *q);
/* Forgets the signals in set; proc.lock held if others see the queue. */
void sig_queue_flush(struct proc *p, struct sig_queue *q, uint64_t set);
/*
 * Takes the first signal of `set` that is pending for t or its process: signo, info filled, or 0.
 * proc.lock is held.
 */
int sig_take(struct thread *t, uint64_t set, struct abi_siginfo *info);
/* Signals pending for t or its process. proc.lock held, or as a hint. */
uint64_t sig_pending_set(const struct thread *t);
/* Copies the pending set into the thread pages. proc.lock is held. */
void sig_mirror(struct proc *p);

/*
 * Queues a signal for the process, or for its one thread t (which may just end). info may be
 * NULL. 0 or -EAGAIN.
 */
int sig_send_proc(struct proc *p, int signo, const struct abi_siginfo *info);
int sig_send_thread(struct proc *p, struct thread *t, int signo, const struct abi_siginfo *info);

/* The signal of a timer that has expired `times` times, for the process or its thread t. */
void sig_send_timer(struct proc *p, struct thread *t, struct abi_siginfo *info, struct timer_sig *ts,
		    uint64_t times);
/* The timer is gone, or signals another target: a queued signal knows it no more. */
void sig_timer_forget(struct proc *p, struct timer_sig *ts);

/* A signal for a watched process is pending: its signal files look again. No locks held. */
void sigfiles_tell(int signo);

/* Makes other threads look at what is pending for their process. proc.lock is held. */
void sig_pass_on(struct proc *p);

/* The mask of a thread of the calling process. */
uint64_t sig_mask(const struct thread *t);
/*
 * poll and friends: umask 0: nothing; else the mask at that address holds until
 * sig_mask_restore.
 */
int sig_mask_swap(uint64_t umask);
/* interrupted: a signal is about to be delivered; the old mask is restored by its frame. */
void sig_mask_restore(uint64_t umask, bool interrupted);

/* The calling thread's mask becomes m. */
void sig_set_mask(uint64_t m);

/* Whether a signal that would be acted upon waits for the calling thread. */
bool sig_deliverable(struct thread *t);

#endif
