/* SPDX-License-Identifier: MIT */
/*
 * Debugging: a debug object is the right to stop a process and to look into it. procd gives one
 * (P_DEBUG) to who may signal the process; a crash server gets one with MSG_CRASH.
 *
 * A thread that has something to tell stops, alone, and an event is queued; DEBUG_CONT lets it go on.
 * Other threads run until DEBUG_STOP. The object is pollable: EV_IN while an event waits, EV_HUP when
 * the process is gone and that has been told. When its last handle goes the process runs on (or ends, if
 * it crashed); breakpoints are the debugger's to take out before.
 */
#ifndef ABI_DEBUG_H
#define ABI_DEBUG_H

#include "types.h"
#include "proc.h"

/* What to tell: flags of SYS_debug_open and DEBUG_OPTIONS. Signals, faults, steps and the end always are. */
#define DEBUG_SYSCALLS	1		/* entry and exit of system calls */
#define DEBUG_THREADS	2		/* threads that start and end */
#define DEBUG_FORKS	4		/* new processes, which are debugged too: a handle comes with the event */
#define DEBUG_EXECS	8
#define DEBUG_HALT	16		/* SYS_debug_open: all threads stop at once (DEBUG_EV_STOP) */
#define DEBUG_KILL	32		/* the process dies with the object */

enum debug_event_kind {
	DEBUG_EV_STOP = 1,	/* asked for by DEBUG_STOP or DEBUG_HALT */
	DEBUG_EV_SIGNAL,	/* info is about to be delivered (faults and breakpoints too); DEBUG_CONT says what becomes of it */
	DEBUG_EV_STEP,		/* one instruction was executed */
	DEBUG_EV_ENTRY,		/* a system call begins: nr, arg; registers may be changed (rax: another number) */
	DEBUG_EV_RETURN,	/* it has ended: nr, arg (as they were), result; -512, -514: interrupted, will be restarted or -EINTR */
	DEBUG_EV_THREAD,	/* a new thread, stopped before its first instruction */
	DEBUG_EV_THREAD_END,	/* a thread ends (it is not stopped, and gone when this is read) */
	DEBUG_EV_FORK,		/* told by the parent, running on: arg[0] the child's pid; h its debug object, the child is stopped */
	DEBUG_EV_EXEC,		/* another program, stopped before its first instruction */
	DEBUG_EV_EXIT,		/* the process has ended: result is its wait status. The last event */
};

struct debug_event {
	uint32_t kind;		/* enum debug_event_kind */
	uint32_t pid, tid;
	handle_t h;		/* DEBUG_EV_FORK, or H_NONE */
	uint64_t nr;
	uint64_t arg[6];
	int64_t result;
	int64_t time;		/* monotonic ns */
	struct abi_siginfo info;
};

enum debug_op {
	DEBUG_OPTIONS = 1,	/* a: DEBUG_* flags -> the old ones */
	DEBUG_INFO,		/* a: struct debug_info * */
	DEBUG_LIST,		/* a: struct debug_thread *, b: room for how many -> how many there are */
	DEBUG_STOP,		/* tid or 0: all. Those that run stop and tell so (DEBUG_EV_STOP) */
	DEBUG_CONT,		/* tid or 0: all stopped ones. a: DEBUG_C_*, b: signal to deliver with DEBUG_C_SIGNAL */
	DEBUG_GETREGS,		/* tid; a: struct debug_regs *. -EBUSY: it runs */
	DEBUG_SETREGS,		/* tid; a: const struct debug_regs *. Only of a stopped thread */
	DEBUG_GETFP,		/* tid; a: buffer, b: its size -> bytes, FXSAVE or XSAVE format */
	DEBUG_SETFP,		/* tid; a, b: as DEBUG_GETFP gave it */
	DEBUG_READ,		/* a: address, b: buffer, c: bytes -> bytes up to the first that cannot be read, -EFAULT: none */
	DEBUG_WRITE,		/* a: address, b: buffer, c: bytes. Private memory may be read-only: it is copied, never the file's */
	DEBUG_MAPS,		/* a: struct debug_map *, b: room, c: index of the first -> how many were given */
	DEBUG_SIGINFO,		/* tid; a: struct abi_siginfo * of the signal it stopped for */
	DEBUG_SIGNAL,		/* a: signo: SIGKILL and others, to the process */
	DEBUG_CORED,		/* of a crash: the wait status shall say that a core file was written */
};

#define DEBUG_C_STEP	1		/* one instruction, then DEBUG_EV_STEP */
#define DEBUG_C_SIGNAL	2		/* deliver b, 0: none; else what it stopped for */

/* The order of Linux's user_regs_struct, which is that of NT_PRSTATUS. */
struct debug_regs {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax;
	uint64_t rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};

enum debug_state { DEBUG_RUNS, DEBUG_WAITS, DEBUG_STOPPED };	/* WAITS: in a system call; its registers may be read */
struct debug_thread {
	uint32_t tid, state;
	uint32_t why;		/* kind of the event it is stopped in */
	uint32_t signo;
	uint64_t sigmask, pending;
};

struct debug_info {
	uint32_t pid, ppid, nthread;
	uint32_t crash_tid;	/* of a crash: who */
	uint32_t crash_signo, pad;
	uint64_t cred;
	uint64_t page;		/* address of its struct proc_page */
	uint64_t core_limit;	/* RLIMIT_CORE, soft */
	uint64_t ns_user, ns_sys;
	char name[32];
};

struct debug_map {
	uint64_t start, end, off;
	uint32_t prot, flags;	/* flags: MAP_SHARED or MAP_PRIVATE, DEBUG_M_* */
	uint64_t mem;		/* koid of the mem, 0: anonymous */
};
#define DEBUG_M_DEVICE	0x10000000	/* physical memory: not for core files */
#define DEBUG_M_KERNEL	0x20000000	/* pages shared with the kernel */

#endif
