/* SPDX-License-Identifier: MIT */
/*
 * thread.h: threads, and how they wait.
 *
 * All waiting is thread_park / thread_wake. A wake that comes before the park is kept (one token)
 * and ends the next park at once, so the pattern
 *	lock; if (!ready) { enqueue a record that names current(); unlock; thread_park(); } 
 * loses nothing. A park may return 0 without reason: look again. The waker needs the thread to stay
 * alive: it holds the lock under which the record is linked, or a reference.
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/x86_64/cpu.h"
#include "core/time.h"
#include "debug/debug.h"
#include "ipc/ipc.h"
#include "list.h"
#include "lock.h"
#include "obj/obj.h"
#include "sig/sig.h"

struct proc;

/* Bits of thread.work, tested before each return to user mode; set by atomic or, cleared likewise. */
#define WORK_RESCHED	1u	/* yield first (the scheduler's) */
#define WORK_SIGNAL	2u	/* user_return_work looks for signals; ends PARK_INTR */
#define WORK_KILL	4u	/* the thread must end: ends PARK_INTR and PARK_KILL */
#define WORK_STOP	8u	/* user_return_work parks it (job control) */
#define WORK_DEBUG	16u	/* it stops for its debugger (debug/); ends PARK_INTR */

/* flags of thread_park */
#define PARK_KILL	0u	/* only WORK_KILL breaks it */
#define PARK_INTR	1u	/* WORK_SIGNAL and WORK_DEBUG too */
#define PARK_SOLID	2u	/* nothing does: for short waits inside the kernel */

/*
 * Levels of the run queues. PRIO_RT (SCHED_FIFO, SCHED_RR) is ordered by rt_prio inside; normal
 * threads that use up their slices sink to PRIO_BATCH; PRIO_LOW is SCHED_IDLE.
 */
enum thread_prio { PRIO_HIGH, PRIO_RT, PRIO_NORMAL, PRIO_BATCH, PRIO_LOW, PRIO_IDLE, PRIO_COUNT };

/* Figures that add up. */
struct usage {
	int64_t ns;
	uint64_t user, sys;		/* samples */
	uint64_t minflt, majflt, nvcsw, nivcsw;
};

struct thread {
	struct obj obj;			/* OBJ_THREAD */
	struct proc *proc;		/* NULL: a kernel thread. Not a reference */
	uint32_t tid;
	volatile uint32_t work;		/* WORK_* */
	struct tframe *tf;		/* registers of user mode, top of kstack; valid inside the kernel */
	struct list proc_node;		/* in proc's list of threads (proc.lock) */
	void *tpage;			/* kernel address of its struct thread_page */
	uint64_t tpage_user;
	struct thread_ipc ipc;		/* the object half's */
	struct thread_sig sig;
	struct thread_debug debug;
	uint64_t nsys;			/* system calls below it go the short way: SYS_COUNT; traced or sealed: 0 */
	uint64_t robust;		/* user address of its struct abi_robust, or 0 */

	/* Scheduler's own. */
	uint64_t ksp;			/* saved stack pointer while not running */
	uint8_t *kstack;		/* lowest byte */
	void *fpu;
	uint64_t fs_base;
	struct vm *vm;			/* address space to run in: proc's, or NULL (kernel thread) */
	struct list rq_node;		/* rq_lock of cpus[rq_cpu] */
	uint16_t rq_cpu;		/* whose queue it is in or was last, written before it is linked there */
	uint8_t rq_level;		/* and at which level */
	uint8_t policy, rt_prio;	/* enum abi_policy; 1..99 (99 first) for FIFO and RR, else 0 */
	int8_t nice;			/* -20..19: the length of its slices */
	volatile uint32_t park;		/* enum park_state in sched.c */
	volatile bool on_cpu;		/* its registers are live on cpus[cpu] */
	bool dead;
	uint8_t prio, base_prio;
	uint8_t park_flags;
	int park_result;		/* written by whoever ends the park */
	uint16_t cpu;			/* where it last ran */
	uint64_t affinity;		/* set of CPUs */
	struct ktimer timer;
	uint64_t ticks_run;		/* CPU time, in ticks of the time stamp counter */
	struct usage usage;		/* all but ns; its own CPU's */
	uint64_t fault_depth;		/* nofault user copies in progress */
	struct obj *dead_list;		/* objects to end when the present one has (obj.c) */
	bool ending;
	char name[16];
};

/*
 * A thread that will enter user mode at entry with rsp, rdi, rsi as given and fresh FPU state; not
 * started. One reference for the caller, one for its running (dropped when it is gone).
 * thread.proc, vm, tid, tpage are the caller's to set. NULL: no memory.
 */
struct thread *thread_create(uint64_t entry, uint64_t rsp, uint64_t rdi, uint64_t rsi);
/* A kernel thread: runs fn(arg), must not return. */
struct thread *kthread_create(const char *name, void (*fn)(void *), void *arg);
void thread_copy_state(struct thread *to);	/* fork: to's frame, FPU and fs base become current's */
void thread_start(struct thread *t);
_Noreturn void thread_gone(void);		/* ends current; takes no locks afterwards, drops its reference */
void thread_discard(struct thread *t);		/* of a thread never started: drops the running reference */

int thread_park(int64_t deadline, unsigned flags);	/* 0, -ETIMEDOUT, -EINTR; no locks held */
void thread_wake(struct thread *t);			/* any context, under any lock below RANK_TIMER */
/*
 * thread_wake(to) and thread_park in one, straight onto `to` on this CPU when it is parked. Takes the caller's
 * reference to `to`: who parks for long keeps no thread that has ended.
 */
int thread_handoff(struct thread *to, int64_t deadline, unsigned flags);
/* Sets work bits and makes t notice: breaks its park if they do, or interrupts its CPU. */
void thread_work(struct thread *t, uint32_t bits);
static inline void thread_work_clear(struct thread *t, uint32_t bits)
{
	__atomic_and_fetch(&t->work, ~bits, __ATOMIC_SEQ_CST);
}
bool thread_parked(const struct thread *t);		/* a hint, but true stays true while its queue's lock is held */

/* A new thread is scheduled as its maker: policy, priority, affinity. */
void thread_inherit(struct thread *t);
/*
 * The place of a thread among waiters: a smaller rank is woken first, equal ones in the order they
 * came.
 */
static inline unsigned thread_rank(const struct thread *t)
{
	return 99u - t->rt_prio;
}

int64_t thread_ns(const struct thread *t);		/* CPU time so far */

void sched_yield(void);
/* In long work, no locks held: lets interrupts and other threads in. -EINTR if current must end. */
int sched_point(void);
void thread_set_tls(uint64_t base);
void thread_use_vm(struct vm *vm);	/* current runs in vm from now on (exec); NULL: kernel only */

/* The object half supplies: */
void user_return_work(struct tframe *tf);	/* work bits but RESCHED are set; signals, stop, kill */
void sig_fault(struct tframe *tf, int signo, int code, uint64_t addr);	/* a fault in user mode */

/* A list of waiters, under the caller's lock. */
struct waitq { struct list waiters; };
#define WAITQ_INIT(q) { LIST_INIT((q).waiters) }
void waitq_init(struct waitq *q);
/* Called with lock held, returns with it held: 0 (look again), -ETIMEDOUT, -EINTR. */
int waitq_sleep(struct waitq *q, struct spinlock *lock, int64_t deadline, unsigned flags);
int waitq_wake_one(struct waitq *q);	/* lock held; count woken */
int waitq_wake_all(struct waitq *q);

void sched_init(void);			/* the boot CPU */
void sched_cpu_init(struct cpu *c);
_Noreturn void sched_start(void);	/* this CPU becomes its idle loop */
uint32_t sched_nthreads(void);
uint32_t sched_running(void);		/* threads that run or wait for a CPU */
/* load.c: averages of that over 1, 5 and 15 minutes, << LOAD_SHIFT. */
void sched_load(uint64_t load[3]);

#endif
