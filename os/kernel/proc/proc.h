/* SPDX-License-Identifier: MIT */
/*
 * proc.h: processes.
 *
 * proc.lock guards the list of threads and the state of life; sig.lock the signals. A process
 * object outlives its process as long as someone holds a handle, and so does its number. vm changes only
 * in exec, when one thread is left; page likewise.
 */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include <stdatomic.h>

#include "abi/proc.h"
#include "ipc/port.h"
#include "list.h"
#include "lock.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "sig/sig.h"

struct vm;

enum proc_state { PROC_RUNNING, PROC_STOPPED, PROC_EXITED };

struct proc {
	struct obj obj;			/* OBJ_PROC */
	uint32_t pid, ppid;
	struct handles handles;
	struct vm *vm;			/* referenced; NULL after the end */
	struct proc_page *page;		/* kernel address, held till the object goes */
	uint64_t page_user;
	uint64_t time_user;		/* address of the time page */
	struct proc_sig sig;
	struct spinlock lock;
	struct list threads;		/* thread.proc_node */
	uint32_t nthread;
	bool exiting;			/* no new threads; all but `keeper` end */
	struct thread *keeper;		/* exec: the thread that goes on alone */
	int status;			/* wait status */
	_Atomic uint32_t ready;		/* EV_EXITED EV_STOPPED EV_CONTINUED */
	_Atomic uint64_t cred;
	_Atomic uint32_t nheld;		/* calls its threads have received and not answered */
	int64_t ns_user, ns_sys;	/* of threads that have ended */
	struct poll_head poll;
	struct list all_node;		/* all processes, under tree_lock */
	struct port *supervisor;	/* referenced or NULL; under tree_lock */
	struct port_note born, died;
	char name[32];
};

extern const struct obj_type proc_type;

/* Ends the whole process with a wait status; returns (the caller dies on its way to user mode). */
void proc_kill(struct proc *p, int status);
/* The calling thread leaves; the last one takes the process with it. */
_Noreturn void proc_thread_leave(void);
/* All other threads of the calling process end; then 0. -EINTR when the caller itself must end. */
int proc_alone(void);

/* Numbers of processes and threads, from one space; reused late. 0: none left. */
uint32_t pid_alloc(void);
void pid_free(uint32_t pid);

/* Tells the supervisor (supervise.c). */
void proc_born(struct proc *p);
void proc_died(struct proc *p);
void proc_state_changed(struct proc *p, uint32_t bit, int signo);
uint32_t proc_count(void);

/* A new thread of p in user mode at entry; not started. Its page is mapped at *uaddr (0: anywhere). */
struct thread *proc_thread(struct proc *p, uint64_t entry, uint64_t sp, uint64_t arg,
			   uint64_t tpage_user, int *err);

#endif
