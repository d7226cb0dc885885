/* SPDX-License-Identifier: MIT */
/*
 * proc.h: processes.
 *
 * proc.lock guards the list of threads, the state of life and the signals. A process object
 * outlives its process as long as someone holds a handle, and so does its number. vm and page
 * change only in exec, when one thread is left.
 */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include <stdatomic.h>

#include "abi/proc.h"
#include "ipc/port.h"
#include "abi/mem.h"
#include "list.h"
#include "lock.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "sched/thread.h"
#include "sig/sig.h"

struct vm;

enum proc_state { PROC_RUNNING, PROC_STOPPED, PROC_EXITED };

struct proc {
	struct obj obj;			/* OBJ_PROC */
	uint32_t pid, maker;		/* maker: whose fork or proc_create made it */
	uint32_t ppid;			/* maker or, when that has ended, 1; under tree_lock and lock */
	struct handles handles;
	struct vm *vm;			/* referenced; NULL after the end */
	struct proc_page *page;		/* kernel address, held till the object goes */
	uint64_t page_user;
	uint64_t time_user;		/* address of the time page */
	struct proc_sig sig;
	struct spinlock lock;
	struct list threads;		/* thread.proc_node */
	uint32_t nthread;
	bool dying;			/* all threads end; status is set */
	struct thread *keeper;		/* exec: all other threads end, it goes on alone */
	struct waitq alone;		/* where keeper waits */
	int status;			/* wait status */
	_Atomic uint32_t ready;		/* EV_EXITED EV_STOPPED EV_CONTINUED */
	_Atomic uint64_t cred;
	uint32_t exec_flags;		/* EXEC_SECURE: by SYS_reply_exec; 0 by SYS_proc_exec */
	_Atomic uint32_t groups;	/* number of a set that the supervisor keeps */
	_Atomic uint32_t nheld;		/* calls its threads have received and not answered */
	struct list cpu_timers;		/* obj/timer.c */
	uint64_t limit[ABI_NLIMITS][2];	/* soft, hard; read without the lock */
	int64_t cpu_told;		/* CPU time at the last SIGXCPU */
	struct usage ended;		/* of threads that have ended */
	int64_t shown_user, shown_sys;	/* the largest parts ever told */
	uint64_t maxrss;		/* pages, up to the last exec */
	struct poll_head poll;
	struct list all_node;		/* all processes, under tree_lock */
	struct debug *debug;		/* weak (debug/debug.h), under lock */
	bool has_port;			/* it has made one: a server */
	bool sealed;			/* seal counts; both only grow, under lock, and are read without it */
	bool seal_later;		/* the next program has next_seal too */
	struct abi_seal seal, next_seal;
	struct port *supervisor;	/* referenced or NULL; under tree_lock */
	struct port_note born, died;
	char name[32];
};

extern const struct obj_type proc_type;

/* A process without threads, one reference (for its running). NULL: no memory, no number left. */
struct proc *proc_alloc(struct proc *parent);
/* One that never ran goes away. */
void proc_discard(struct proc *p);
/*
 * Maps and fills the proc, time and (into t) thread pages. *at 0: anywhere; else addresses to
 * use.
 */
struct page_addrs { uint64_t proc, time, thread; };
struct new_pages { struct proc_page *page; struct thread_page *tpage; struct page_addrs at; };
int pages_map(struct vm *vm, struct new_pages *np);
void pages_put(struct new_pages *np);
/* Puts t, not started, into p; 0 or -EAGAIN when p is ending. */
int proc_add_thread(struct proc *p, struct thread *t);
/*
 * Whether a thread may start there: the processor would fault in the kernel beyond user
 * addresses.
 */
static inline bool start_ok(uint64_t entry, uint64_t sp)
{
	return entry < VM_TOP && sp <= VM_TOP;
}
/* Marks vm as used by a process: false when it is already. */
bool vm_take(struct vm *vm);

/* Ends the whole process with a wait status; returns (the caller dies on its way to user mode). */
void proc_kill(struct proc *p, int status);
/* The calling thread leaves; the last one takes the process with it. */
_Noreturn void proc_thread_leave(void);
/* Marks the robust locks of the calling thread (robust.c), whose memory is still there. */
void robust_exit(void);
/* All other threads of the calling process end; then 0. -EINTR when the caller itself must end. */
int proc_alone(void);

/*
 * exec, in the calling thread, the only one of its process. The point of no return: pages and address
 * space (both taken over) are swapped.
 */
void exec_commit(struct vm *vm, const struct new_pages *np);
/* The registers of a fresh program. */
void exec_registers(uint64_t entry, uint64_t sp);

/* Numbers of processes and threads, from one space; reused late. 0: none left. */
uint32_t pid_alloc(void);
void pid_free(uint32_t pid);

/* Tells the supervisor (supervise.c). */
void proc_born(struct proc *p);
void proc_died(struct proc *p);
void proc_state_changed(struct proc *p, uint32_t bit, int signo);
void proc_executed(struct proc *p);	/* by SYS_reply_exec: EV_EXECED with its new cred */
uint32_t proc_count(void);

/* The process behind a handle of the caller, or the caller's own (H_NONE), referenced. */
int proc_of(handle_t h, uint32_t rights, struct proc **p);

/* usage.c. CPU time of a process, or the user part of it. */
int64_t proc_cpu_ns(struct proc *p, bool user);
void proc_times(struct proc *p, int64_t *user, int64_t *sys);	/* proc.lock is held */
/* A thread of p ends: its figures are kept. proc.lock is held. */
void usage_keep(struct proc *p, struct thread *t);
/* Every CPU_TICK of a thread that was interrupted in user mode, or right behind a system call (`sys`). */
void usage_tick(struct thread *t, bool sys);

/* seal.c: whether the current process may do this: 0 or -EPERM, and then it may be about to end. */
int seal_check(uint64_t what);
/* It executes a program. proc.lock is held, or the process does not run yet. */
void seal_executed(struct proc *p);
/* The mark that leads a thread's system calls to seal_check, or to its debugger. proc.lock is held. */
void thread_calls(struct thread *t);

/* limit.c: the limits of a process without parent, and a limit that was reached. */
#define RLIM_FSIZE	1
#define RLIM_DATA	2
#define RLIM_STACK	3
#define RLIM_CORE	4
#define RLIM_NPROC	6
#define RLIM_NOFILE	7
#define RLIM_AS		9
#define RLIM_CPU	0
void limits_init(struct proc *p, const struct proc *parent);
void limits_to_vm(const struct proc *p, struct vm *vm);	/* those of memory; whoever starts p in vm */
/* Whether the caller's user may have one thread more: 0 or -EAGAIN. Takes the locks of all processes' list. */
int limit_nproc(void);
/* How much of a write of n bytes at off may be done: SIGXFSZ and -EFBIG when nothing. */
int64_t limit_file(int64_t off, uint64_t n);

void futex_init(void);

/* Gives p its parent's supervisor and enters it into the list of all processes. */
void proc_enter(struct proc *p, struct proc *parent);
/* The thread of p with this number (0 in the caller's process: the caller), referenced, or NULL. */
struct thread *proc_thread(struct proc *p, uint32_t tid);
/* The same in all processes; *cred becomes its process's. */
struct thread *proc_any_thread(uint32_t tid, uint64_t *cred);
/* Takes p off the list. */
void proc_leave(struct proc *p);
/* Calls fn for every process that has not ended, under the lock of their list. */
void proc_each(void (*fn)(struct proc *p, void *arg), void *arg);
/* oom.c: ends the process that has the most memory. True: one ends or is ending; false: there is none. */
bool oom_kill(void);

#endif
