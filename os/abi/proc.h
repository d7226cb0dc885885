/* SPDX-License-Identifier: MIT */
/*
 * Processes, threads, signals: structs shared with the kernel, and the pages it shares with them.
 *
 * The kernel numbers processes (pid) and tells a supervisor (procd) of births, deaths and stops on
 * its port: MSG_BORN, MSG_DIED, MSG_STATE, in order with that process's own calls. Parents, groups,
 * sessions, credentials and waiting are the supervisor's.
 *
 * A process starts at its entry with rsp = the given stack, rdi = address of its proc page, all
 * other registers 0. A thread starts with rdi = arg, rsi = address of its thread page.
 */
#ifndef ABI_PROC_H
#define ABI_PROC_H

#include "types.h"

#define ABI_NSIG	65		/* signals 1..64, Linux's numbers */

/* How a process handles one signal. Written by libc, read by the kernel at delivery. */
struct abi_sigact {
	uint64_t handler;	/* 0 default, 1 ignore, else a handler: the kernel enters sig_entry */
	uint64_t mask;		/* blocked meanwhile, bit signo-1 */
	uint32_t flags;		/* SA_* with Linux's values; RESTART NODEFER ONSTACK RESETHAND matter */
	uint32_t pad;
};

/*
 * One page per process, made and pinned by the kernel, writable by the process. fork copies it
 * (pid set anew); exec keeps ignored signals and turns handlers to default.
 */
struct proc_page {
	uint32_t pid;
	uint32_t ncpu;
	uint64_t time_page;	/* address of struct time_page, read only */
	uint64_t thread_page;	/* address of the first thread's page */
	uint64_t sig_entry;	/* libc's trampoline: rdi signo, rsi siginfo *, rdx ucontext *, rcx = rsp = sigframe * (no return address) */
	uint64_t random[2];	/* 16 bytes for AT_RANDOM, new at each exec */
	struct abi_sigact act[ABI_NSIG];
	uint32_t ppid;		/* who made it; 1 once that has ended */
	uint32_t pad;
	uint64_t auxv;		/* libc's word to debuggers: address of the auxiliary vector */
};

/*
 * One page per thread, the same way. The kernel reads sigmask when it looks for a signal to
 * deliver; after clearing bits the thread executes a full barrier and calls SYS_sig_check if
 * (pending & ~sigmask) is not 0.
 */
struct thread_page {
	uint32_t tid;		/* the first thread's tid is the pid */
	uint32_t pad;
	uint64_t sigmask;
	uint64_t pending;	/* set by the kernel: pending for the thread or the process */
	uint64_t alt_base, alt_size;	/* sigaltstack; size 0: none */
	uint32_t alt_flags;
	uint32_t pad2;
	uint64_t user[16];	/* libc's own */
};

/* Clock: ns = base_ns + ((rdtsc - base_tsc) * mult >> shift); odd seq: being written, read again. */
struct time_page {
	uint32_t seq;
	uint32_t shift;
	uint64_t base_tsc, mult;
	int64_t base_ns;	/* CLOCK_MONOTONIC */
	int64_t wall_off;	/* CLOCK_REALTIME = monotonic + wall_off, ns */
};

/* struct siginfo_t of Linux x86_64 (128 bytes) in the fields that matter. */
struct abi_siginfo {
	int32_t signo, err, code, pad;
	union {
		struct { int32_t pid; uint32_t uid; uint64_t value; } kill;
		struct { int32_t pid; uint32_t uid; int32_t status; int32_t pad; int64_t utime, stime; } chld;
		struct { uint64_t addr; } fault;
		struct { int32_t timerid, overrun; uint64_t value; } timer;
		uint8_t space[112];
	} u;
};

/*
 * What the kernel pushes before it enters sig_entry: uc has Linux's layout of ucontext_t (gregs in
 * Linux's order, uc_sigmask the mask to restore); fpstate is FXSAVE/XSAVE format, 64-byte aligned.
 */
struct abi_ucontext {
	uint64_t flags, link;
	uint64_t ss_sp; int32_t ss_flags; int32_t pad; uint64_t ss_size;
	uint64_t gregs[23];	/* r8..r15 rdi rsi rbp rbx rdx rax rcx rsp rip eflags csgsfs err trapno oldmask cr2 */
	uint64_t fpstate;
	uint64_t reserved[8];
	uint64_t sigmask[16];
};

struct abi_sigframe {
	struct abi_ucontext uc;
	struct abi_siginfo info;
	uint64_t fp_size;	/* the FP state follows, at uc.fpstate */
};

struct thread_args {
	uint64_t entry, sp, tls, arg;
	uint64_t sigmask;	/* of the new thread */
	uint64_t tid_addr;	/* 0, or uint32_t * that gets the tid before the thread runs */
};

/*
 * How a thread is scheduled; inherited by the threads and processes that it makes. FIFO and RR run
 * before all others, in order of prio (99 first), RR in turns of 100 ms; when they never rest the
 * others get a turn each second. Waiters of a futex are woken in this order too. To raise prio, to
 * lower nice and to change another user's needs uid 0: -EPERM, -EACCES. -ESRCH: no such thread.
 */
enum abi_policy { POLICY_OTHER = 0, POLICY_FIFO = 1, POLICY_RR = 2, POLICY_BATCH = 3, POLICY_IDLE = 5 };
struct abi_sched {
	int32_t policy;		/* enum abi_policy */
	int32_t prio;		/* FIFO, RR: 1..99; else 0 */
	int32_t nice;		/* -20..19: its share against its equals is as 20 - nice */
};

/* SYS_proc_create. The child gets exactly the handles named (from -> to), as in a fresh table. */
struct proc_handle { handle_t from, to; uint32_t flags, pad; };
struct proc_args {
	handle_t vm;
	uint32_t nhandles;	/* <= 4096 */
	uint64_t handles;	/* struct proc_handle * */
	uint64_t entry, sp;
	uint64_t sigmask;	/* of the first thread */
	uint64_t sig_ignored;	/* set of signals ignored from the start */
	char name[32];		/* for messages and ps */
};

/*
 * SYS_thread_robust, as Linux's set_robust_list: a list of locks, each a word at entry + offset that
 * holds its owner's tid in the low 30 bits. When the thread ends, or executes another program, each
 * that it owns gets FUTEX_OWNER_DIED, keeps FUTEX_WAITERS, loses the tid, and one waiter is woken.
 */
struct abi_robust {
	uint64_t next;		/* first entry; the address of this struct ends the list. Bit 0 is ignored */
	int64_t offset;
	uint64_t pending;	/* an entry that is being taken, waited for or given up, or 0; without an owner: one
				 * of its waiters is woken */
};
#define FUTEX_WAITERS		0x80000000u
#define FUTEX_OWNER_DIED	0x40000000u
#define FUTEX_TID_MASK		0x3fffffffu
#define ROBUST_MAX		2048

/*
 * Limits live in the kernel, are inherited and kept by exec; RLIM_INFINITY is ~0. It enforces
 * NOFILE (-EMFILE), AS and DATA (-ENOMEM; DATA counts private mappings that may be written, when they are
 * made or grow), FSIZE (SIGXFSZ, -EFBIG), CPU (SIGXCPU each second, then SIGKILL), NPROC (threads of the
 * effective user: -EAGAIN, not for uid 0), and tells of CORE in debug.h; libc makes a program's first
 * stack as large as STACK says at exec. Raising a hard limit takes uid 0.
 */
#define ABI_NLIMITS	16

struct proc_usage {
	uint64_t ns_user, ns_sys;	/* the sum is exact, the parts are sampled every CPU_TICK */
	uint64_t maxrss;		/* bytes */
	uint64_t minflt, majflt;	/* faults, and those that waited for a pager */
	uint64_t nvcsw, nivcsw;		/* switches: waited, and was made to */
};

/*
 * SYS_reply_exec. The client of the token executes vm at entry as if by SYS_proc_exec: its other threads
 * end first, then credentials, address space and handles change: low handles stay as for exec, high ones
 * are closed, and those named are put in (from the caller's table to the client's, what is there
 * is closed). So a set-id program starts in an image that a trusted server built, with that server's
 * handles of names and mounts, and the threads of its caller never have its rights. Such a process is
 * EXEC_SECURE till its next plain exec: nobody but uid 0 debugs it. The supervisor hears EV_EXECED.
 * uid 0 only: -EPERM. vm is taken over, as by SYS_proc_create; -ESRCH: the client is gone.
 */
struct exec_args {
	handle_t vm;
	uint32_t nhandles;	/* <= 64 */
	uint64_t handles;	/* struct proc_handle * */
	uint64_t entry, sp;
	uint64_t cred;		/* as SYS_proc_cred */
	uint32_t flags;		/* EXEC_SECURE */
	uint32_t pad;
	char name[32];
};
#define EXEC_SECURE	1

/*
 * SYS_proc_seal: system calls that the process, all it starts and all it executes will never make again; each
 * call of it adds to what is given up. A call of `deny` answers -EPERM, one of `kill` ends the process with
 * SIGSYS, whatever it does with signals. Bit n is system call n; proc_exit, thread_exit and sig_return stay.
 * Bits from SEAL_PSEUDO on are no calls but what several of them can do. A sealed process executes no set-id
 * programs (SYS_reply_exec: its call fails with -EPERM). Processes that are not sealed pay nothing for it.
 * With ABI_SEAL_LATER it begins when the process, or one that it starts, executes a program.
 */
#define ABI_SEAL_LATER	1
#define SEAL_WORDS	4
#define SEAL_PSEUDO	250
#define SEAL_EXEC_MEM	250	/* memory of its own that is executable: vm_map, vm_protect with PROT_EXEC */
struct abi_seal {
	uint64_t deny[SEAL_WORDS], kill[SEAL_WORDS];
};

struct proc_info {
	uint32_t pid, nthread;
	uint32_t state;		/* 0 running, 1 stopped, 2 exited; | PROC_NO_* */
	int32_t status;		/* wait status when exited */
	uint64_t cred;
	uint64_t ns_user, ns_sys;
	uint64_t vm_size, vm_rss;	/* bytes */
	uint64_t nhandles;
	char name[32];
};

/*
 * The start block: libc of the parent writes it on the child's stack and names it in the auxiliary
 * vector (AT_CALX_START). Handles in it are numbers in the child's table (high range).
 */
#define AT_CALX_START	0x434c5801ul
#define START_MAGIC	0x31584c43u	/* "CLX1" */

struct start_mount { uint32_t prefix; handle_t root; };	/* prefix: offset of text in the block */
struct start_extra { uint32_t name; handle_t h; };	/* name: offset of text in the block */
struct start_block {
	uint32_t magic, size;	/* size of the whole block */
	handle_t names;		/* name service of init, or H_NONE in a sandbox */
	handle_t procd;
	uint32_t umask;
	uint32_t cwd;		/* offset of the text */
	uint32_t nmounts;
	uint32_t nextra;	/* servers: handles given by init; struct start_extra[] follow the mounts */
	struct start_mount mounts[];
};

/*
 * The kernel starts init (pid 1) the same way: on its stack argc 1, argv {"init"}, an empty
 * environment, and an auxiliary vector with AT_PAGESZ, AT_RANDOM and AT_CALX_START. In that block
 * names and procd are H_NONE, cwd is "/", nmounts 0, nextra 1: {"dev", the dev handle that allows all}.
 *
 * SYS_proc_supervise sends MSG_BORN for the caller itself at once (w[1] = 0). The port stays the
 * supervisor as long as any process holds it with R_RECV: init makes it and hands it to procd.
 */

/* Messages to procd: w[0]. pid 0 is the caller. Results in w[0] (or -errno). */
enum procd_op {
	P_WAIT = 0x100,		/* w1 pid as waitpid's, w2 options -> w0 pid, w1 status, w2 utime ns, w3 stime ns, w4 uid */
	P_KILL,			/* w1 pid as kill's, w2 signo, w3 si_code, w4 si_value */
	P_GETPPID,		/* w1 pid */
	P_SETPGID,		/* w1 pid, w2 pgid */
	P_GETPGID,		/* w1 pid */
	P_SETSID,
	P_GETSID,		/* w1 pid */
	P_GETIDS,		/* w1 pid (others: only uid 0) -> w1 CRED(ruid, rgid), w2 CRED(euid, egid), w3 CRED(suid, sgid) */
	P_SETIDS,		/* w1..w3 as above, 0xffffffff leaves one as it is */
	P_GETGROUPS,		/* r1 uint32_t[] -> w0 count */
	P_SETGROUPS,		/* r0 uint32_t[] */
	P_INFO,			/* w1 pid -> w1 ppid, w2 pgid, w3 sid, w4 CRED, w5 state; r1 proc_info */
	P_LIST,			/* r1 uint32_t[] of pids -> w0 count */
	P_TIMES,		/* -> w1 own user, w2 own sys, w3 children's user, w4 children's sys (ns) */
	P_PRIORITY,		/* w1 get 0 / set 1, w2 which, w3 who, w4 value */
	P_SETCTTY,		/* only uid 0: w1 sid, w2 tty id or 0 */
	P_SETEXEC,		/* w1 1: the caller has executed a program: setpgid by its parent now fails, saved ids become
				 * the effective ones; r0 "path\0argument\0...": what P_CMDLINE tells (at most CMDLINE_MAX) */
	P_WAIT_FILE,		/* -> h[0] a file with EV_IN while P_WAIT would find a child that ended or stopped */
	P_LEADERS,		/* only uid 0: -> w0 sid of a session with a terminal whose leader died since, or 0 */
	P_LEADERS_FILE,		/* only uid 0: -> h[0] a file with EV_IN while P_LEADERS has something to say */
	P_CMDLINE,		/* w1 pid; r1 gets what P_SETEXEC gave -> w0 bytes */
	P_GROUPSET,		/* only uid 0: w1 msg.groups; r1 uint32_t[] -> w0 count; a number never changes its meaning */
	P_DEATHS_FILE,		/* only uid 0: -> h[0] a file that answers the next two, with EV_IN while P_DEATHS would */
	P_WATCH,		/* to that: w1 pid: P_DEATHS will tell of its end; -ESRCH */
	P_DEATHS,		/* to that: -> w0 a watched pid that has ended, or 0 */
	P_DEBUG,		/* w1 pid -> h[0] its debug object, made by SYS_debug_open: w2 DEBUG_*. Same ids and no set-id program, or uid 0 */
	P_EXEC,			/* to the server of the name "exec": w1 argc, w2 envc, w3 umask, r0 path cwd argv envp, each ended by
				 * '\0' -> SYS_reply_exec, or -errno; -ENOEXEC: not for it, load it yourself. For set-id programs
				 * and those that one may execute but not read; path is absolute */
	P_LIMIT,		/* w1 pid, w2 RLIMIT_*, w3 1: set to w4 soft, w5 hard -> w1 soft, w2 hard as they were */
	P_CONFINE,		/* the caller and what it starts see, signal and debug only each other from now on, and have
				 * no more of uid 0 here than others */
	P_MAPS,			/* w1 pid, w2 from: r1 gets struct vm_region[], as SYS_vm_regions -> w0 count. Rights as for P_DEBUG */
};

/* proc_info.state: all threads block or the process ignores SIGTTIN, SIGTTOU. */
#define PROC_NO_TTIN	0x100
#define PROC_NO_TTOU	0x200

#define CMDLINE_MAX	2048
#define WAIT_NO_EXITED	0x10000000	/* option of P_WAIT: as waitid without WEXITED */

#endif
