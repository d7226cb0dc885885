/* SPDX-License-Identifier: MIT */
/*
 * System calls: numbers, arguments, results.
 *
 * x86_64: `syscall` with the number in rax and arguments in rdi rsi rdx r10 r8 r9; the result comes
 * back in rax, a value or -errno (errno values are Linux's). rcx and r11 are lost, all else is kept.
 * A pointer that does not lie in the caller's memory gives -EFAULT, a handle that does not exist
 * -EBADF, one of the wrong kind -EINVAL, a missing right -EACCES, an unknown number -ENOSYS.
 * No pointer argument is followed twice: the kernel copies in, checks, then acts.
 *
 * "Interruptible" calls return -EINTR when a signal with a handler arrives; with SA_RESTART set for
 * it the kernel restarts the call after the handler instead (not those with a deadline but sleeps).
 */
#ifndef ABI_SYS_H
#define ABI_SYS_H

#include "types.h"

enum sys_nr {
	/* Handles. */
	SYS_handle_close = 0,	/* (h) */
	SYS_handle_dup,		/* (h, min, flags) -> lowest free >= min; min >= H_HIGH: in the high range */
	SYS_handle_dup2,	/* (h, to, flags): closes `to` first, atomically */
	SYS_handle_flags,	/* (h, mask, flags) -> old slot flags; changes those in mask */
	SYS_handle_info,	/* (h, struct handle_info *) */
	SYS_handle_restrict,	/* (h, rights) -> new high handle with fewer rights */

	/* Data of files, pipes, pairs, timers. n above 2^31-4096 is cut. Interruptible. */
	SYS_read,		/* (h, buf, n) -> bytes, 0 at the end; uses and moves the file's offset */
	SYS_write,		/* (h, buf, n) -> bytes; raises SIGPIPE and -EPIPE without readers */
	SYS_readv,		/* (h, struct abi_iovec *, count <= 1024, offset or -1) */
	SYS_writev,		/* (h, struct abi_iovec *, count, offset or -1) */
	SYS_seek,		/* (h, offset, whence 0 SET 1 CUR 2 END) -> new offset; -ESPIPE */
	SYS_file_flags,		/* (h, mask, flags) -> old O_APPEND|O_NONBLOCK|O_DIRECT|O_ACCMODE; changes all but the last */
	SYS_pipe,		/* (handle_t h[2], flags O_CLOEXEC|O_NONBLOCK): h[0] reads, h[1] writes; low handles */
	SYS_pair,		/* (handle_t h[2], flags as pipe | PAIR_RECORDS): two-way, as socketpair */
	SYS_shutdown,		/* (h of a pair or chan file, how 0 rd 1 wr 2 both) */

	/* Messages: see msg.h. */
	SYS_port_create,	/* (flags) -> port (high handle) */
	SYS_call,		/* (file, struct msg *): sends, blocks for the reply; -ENOTTY: no server. Interruptible */
	SYS_recv,		/* (port [| RECV_TEXT], struct msg *, deadline): -ETIMEDOUT */
	SYS_reply,		/* (token, struct msg *); -ESRCH: the client is gone */
	SYS_reply_recv,		/* (port [| RECV_TEXT], token or 0, struct msg *): reply from it, then receive into it */
	SYS_msg_read,		/* (token, 0, offset, buf, n) -> bytes read from the client's range r[0]; -ESRCH: token not held */
	SYS_msg_write,		/* (token, 1, offset, buf, n) -> bytes written to the client's range r[1] */
	SYS_file_create,	/* (port, const struct file_args *) -> owner's handle (high) */
	SYS_file_ready,		/* (owner's h, clear, set): readiness bits, wakes pollers */
	SYS_bind,		/* (h, port or evq, key, events, BIND_*): events 0 removes; see msg.h */

	/* Waiting. */
	SYS_poll,		/* (struct abi_pollfd *, n, deadline, const uint64_t *sigmask or 0) -> ready */
	SYS_evq_create,		/* (flags H_*) -> evq */
	SYS_evq_wait,		/* (evq, struct abi_event *, max, deadline, const uint64_t *sigmask) -> count */
	SYS_futex_wait,		/* (uint32_t *addr, expected, deadline, FUTEX_*): -EAGAIN -ETIMEDOUT -EINTR */
	SYS_futex_wake,		/* (addr, count, FUTEX_*) -> woken */
	SYS_futex_requeue,	/* (addr, wake, addr2, requeue, expected, FUTEX_*) -> woken + moved */
	SYS_sleep,		/* (deadline): interruptible */
	SYS_timer_create,	/* (H_*, enum timer_clock, tid of this process or 0: TIMER_THREAD_CPU) -> timer; readable (8 bytes, expirations) and pollable as timerfd */
	SYS_timer_set,		/* (timer, first deadline or 0 to disarm, interval ns, int64_t old[2] or 0) */
	SYS_timer_signal,	/* (timer, signo or 0, value, tid or 0, timerid): signals the caller's process, or that thread of
				   it, instead; never twice before it is delivered: si_overrun says how often more it expired */
	SYS_yield,		/* () */

	/* Memory: see mem.h. */
	SYS_mem_create,		/* (size, flags) -> mem, zero filled on first touch */
	SYS_mem_pager,		/* (port, key, size, flags, self0, self1: see struct port_item) -> mem whose pages the port's server supplies */
	SYS_mem_size,		/* (mem, new size, -1 or MEM_LOOK) -> size; shrinking discards pages and zeroes the rest of the last */
	SYS_mem_read,		/* (mem or file, off, buf, n) -> bytes, without moving an offset */
	SYS_mem_write,		/* (mem or file, off, buf, n) */
	SYS_mem_supply,		/* (mem, off, buf, n): server fills absent pages (page aligned) */
	SYS_mem_fail,		/* (mem, off, n, errno): server could not; waiters get it */
	SYS_mem_grant,		/* (mem, pages): credit for pages that may become dirty; < 0: takes unused credit back -> pages taken back */
	SYS_mem_dirty,		/* (mem, struct mem_run *, max) -> runs of dirty pages */
	SYS_mem_take,		/* (mem, off, buf, n): copies dirty pages out and marks them clean */
	SYS_mem_redirty,	/* (mem, off, n): the write back failed */
	SYS_mem_drop,		/* (mem, off, n): forget clean pages */
	SYS_vm_create,		/* () -> vm: an empty address space */
	SYS_vm_map,		/* (struct vm_map *) -> address */
	SYS_vm_unmap,		/* (vm or H_NONE, addr, n) */
	SYS_vm_protect,		/* (vm or H_NONE, addr, n, PROT_*) */
	SYS_vm_advise,		/* (addr, n, MADV_*) */
	SYS_vm_sync,		/* (addr, n, flags): push dirty mapped pages to the server; msync */
	SYS_vm_write,		/* (vm, addr, buf, n): into an address space that is being built */

	/* Processes and threads: see proc.h. */
	SYS_proc_fork,		/* () -> child's pid; 0 in the child */
	SYS_proc_create,	/* (struct proc_args *) -> pid: a process in a prepared vm (posix_spawn) */
	SYS_proc_exec,		/* (vm, entry, sp): replaces the caller's address space; no return */
	SYS_proc_exit,		/* (status as wait(2) sees it): ends all threads; no return */
	SYS_proc_signal,	/* (proc or H_NONE for self, signo, const struct abi_siginfo *): R_CONTROL; signo 0 tests */
	SYS_proc_info,		/* (proc or H_NONE for self, struct proc_info *) */
	SYS_proc_cred,		/* (proc, cred, groups): the supervisor's word on who it is; sent in messages */
	SYS_proc_supervise,	/* (port): this process and its descendants are watched on port */
	SYS_thread_create,	/* (struct thread_args *) -> tid */
	SYS_thread_exit,	/* (uint32_t *addr or 0): stores 0 there and wakes it as a futex; no return */
	SYS_thread_signal,	/* (tid of this process or 0: the caller, signo, value, si_code < 0 or 0: SI_TKILL): pthread_kill... */
	SYS_thread_tls,		/* (fs base) */
	SYS_thread_affinity,	/* (tid or 0, const uint64_t *set or 0, uint64_t *get or 0) */
	SYS_thread_times,	/* (tid or 0) -> ns of CPU time */
	SYS_sig_return,		/* (struct abi_sigframe *): leaves a handler; no return */
	SYS_sig_suspend,	/* (mask): waits for a signal with this mask: -EINTR */
	SYS_sig_wait,		/* (set, struct abi_siginfo *, deadline) -> signo; -EAGAIN when it passed */
	SYS_sig_pending,	/* () -> set */
	SYS_sig_check,		/* (): deliver what the mask in the thread page now lets through */

	/* Devices: see dev.h. */
	SYS_dev_info,		/* (dev, enum dev_what, buf, n) -> bytes */
	SYS_dev_io,		/* (dev, op, port, value or buf, n) -> value read, bytes written */
	SYS_dev_mem,		/* (dev, physical address, n, flags) -> mem */
	SYS_dev_dma,		/* (dev, n, flags, uint64_t *physical) -> contiguous zeroed mem */
	SYS_dev_irq,		/* (dev, gsi or DEV_MSI, struct dev_msi *) -> irq */
	SYS_irq_ack,		/* (irq): unmasks it again */
	SYS_dev_restrict,	/* (dev, const struct dev_range *, count) -> dev with only these */
	SYS_power,		/* (dev, POWER_*) */
	SYS_clock_set,		/* (dev, wall clock ns since 1970) */

	/* The rest. */
	SYS_log,		/* (buf, n): a line in the kernel's log */
	SYS_log_read,		/* (offset, buf, n) -> bytes of the kernel's log from offset */
	SYS_getrandom,		/* (buf, n): n <= 2^20 */
	SYS_sysinfo,		/* (struct sys_info *) */
	SYS_handle_next,	/* (from) -> lowest open handle >= from in from's range, -EBADF when there is none */
	SYS_proc_name,		/* (text): what the caller is called in messages and ps; up to 31 bytes count; libc says it at exec */
	SYS_file_start,		/* (owner's h): ends FILE_HELD, for good */
	SYS_thread_sched,	/* (tid of any process or 0, const struct abi_sched *set or 0, struct abi_sched *get or 0): gets what was before */
	/* Files that the kernel itself stands behind (OBJ_FILE, PLANE_KERNEL); low handles. */
	SYS_counter_create,	/* (first value, flags O_CLOEXEC|O_NONBLOCK|COUNTER_SEMAPHORE) -> file: as eventfd */
	SYS_sigfile,		/* (file or H_NONE, set, flags O_CLOEXEC|O_NONBLOCK) -> file: as signalfd; a file: its set changes */
	/* Channels of pairs beyond bytes: see chan.h. */
	SYS_chan_send,		/* (h of a two-way channel, const struct chan_io *) -> bytes; -ENOTSOCK: it is none. Interruptible */
	SYS_chan_recv,		/* (h of a two-way channel, struct chan_io *) -> bytes. Interruptible */
	SYS_vm_remap,		/* (addr, old length, new length, MREMAP_* as Linux's, new addr) -> address */
	SYS_vm_resident,	/* (addr, n, uint8_t *vec): a byte a page, bit 0: in memory; -ENOMEM: a hole */
	SYS_thread_robust,	/* (struct abi_robust * or 0): locks of the caller are marked when it ends, see proc.h */
	SYS_thread_cpu,		/* () -> number of the CPU the caller runs on */
	SYS_timer_overrun,	/* (timer) -> si_overrun of its signal that was delivered last */
	SYS_proc_limit,		/* (proc or H_NONE, RLIMIT_*, const uint64_t new[2] or 0, uint64_t old[2] or 0): {soft, hard} */
	SYS_proc_usage,		/* (proc or H_NONE, tid or 0: all threads, dead ones too, struct proc_usage *) */
	/* Debugging and crashes: see debug.h. */
	SYS_debug_open,		/* (proc with R_CONTROL|R_WRITE, DEBUG_*) -> debug object (high handle); -EBUSY: has one */
	SYS_debug_wait,		/* (debug, struct debug_event *, deadline): the next event; -ETIMEDOUT, -ESRCH: all were told. Interruptible */
	SYS_debug,		/* (debug, enum debug_op, tid, a, b, c) */
	SYS_crash_port,		/* (port or H_NONE): uid 0 only: where MSG_CRASH goes */
	SYS_reply_exec,		/* (token, const struct exec_args *): the client executes a program; uid 0 only; -ESRCH: it is gone */
	SYS_port_inherit,	/* (port, INHERIT_BEGIN or 0, struct port_item *) -> 1, or 0: there is no more. See msg.h */
	SYS_adopt,		/* (mem or owner's handle of a file, id): id 0 refuses it -> dirty pages of a mem */
	SYS_random_add,		/* (dev, buf, n <= 4096): mixes bytes of a device into the random numbers; any dev handle */
	SYS_proc_seal,		/* (const struct abi_seal *, ABI_SEAL_LATER or 0): the caller's process gives up system calls, for good: see proc.h */
	SYS_kernel_stat,	/* (struct kernel_stat *, n) -> bytes: what there is, for tests of leaks and for /proc; cut to n */
	SYS_vm_regions,		/* (proc with R_CONTROL or H_NONE, from, struct vm_region *, max) -> those that end after `from`, in order */
	/*
	 * Waits and timers by the wall clock: as those of the same name, but the deadline is ns since 1970 and
	 * follows the clock when it is set.
	 */
	SYS_sleep_wall,		/* (deadline): interruptible */
	SYS_futex_wait_wall,	/* (addr, expected, deadline, FUTEX_*) */
	SYS_timer_set_wall,	/* (timer not of CPU time, first deadline, interval ns, int64_t old[2] or 0) */
	SYS_timer_get,		/* (timer, int64_t now[2]: next deadline as SYS_timer_set takes it, interval) -> enum timer_clock */
	SYS_file_stat,		/* (h, struct stat *): F_STAT of an open file, from what is known or by the server; -ENOTTY: it has none */
	SYS_mem_changed,	/* (mem): what the server said of the file with STAT_KEEP is true no more; see file.h */
	SYS_COUNT
};

#define COUNTER_SEMAPHORE 0x1000000	/* SYS_counter_create: a read takes one */

/*
 * What a timer counts (SYS_timer_create). CPU time is looked at every CPU_TICK, so such timers are late
 * by up to that. `first` and `interval` of SYS_timer_set are ns of that clock; so is what `old` gets, of a timer
 * that was set by the wall clock, too: there the monotonic time that its deadline is at as that clock stands.
 */
enum timer_clock {
	TIMER_MONOTONIC, TIMER_PROC_CPU, TIMER_THREAD_CPU, TIMER_PROC_USER,
	TIMER_WALL,		/* as TIMER_MONOTONIC; SYS_timer_get tells it, for who wants to set it by the wall clock */
};
#define CPU_TICK	4000000		/* ns */

#define PAIR_RECORDS	0x1000000	/* SYS_pair keeps message boundaries */

#define FUTEX_SHARED	1	/* keyed by (mem, offset); else by (address space, address) */

struct abi_iovec { uint64_t base, len; };
struct abi_pollfd { int32_t fd; int16_t events, revents; };	/* struct pollfd */
struct abi_event { uint64_t key; uint32_t events; uint32_t pad; };

/* Flags of SYS_bind. */
#define BIND_EDGE	1	/* report when a bit becomes set, not while it is */
#define BIND_ONESHOT	2	/* disarmed after one report; bind again to rearm */

struct sys_info {
	uint64_t mem_total, mem_free, mem_cache;	/* bytes */
	uint64_t uptime;				/* ns */
	uint32_t ncpu, nproc, nthread, pad;
	char version[64];				/* kernel's version text */
};

/* What the kernel holds now. Fields are only ever added at the end. */
struct kernel_stat {
	uint64_t objects[16];		/* by enum obj_kind */
	uint64_t chans;			/* pipes and pairs */
	uint64_t handles;		/* open in all processes */
	uint64_t pages[8];		/* by enum page_use */
	uint64_t slab_bytes;		/* of small objects in use */
	uint64_t dirty;			/* pages that are to be written back */
	uint64_t load[3];		/* threads that run or wait for a CPU, over 1, 5, 15 minutes; << LOAD_SHIFT */
	uint64_t running;		/* such threads now */
	uint64_t interrupts, switches;	/* of all CPUs since boot */
};
enum page_use { PAGES_FREE, PAGES_ANON, PAGES_CACHE, PAGES_KERNEL, PAGES_SLAB, PAGES_SHARED, PAGES_OTHER };
#define LOAD_SHIFT	16

/* POWER_* of SYS_power. */
#define POWER_OFF	0
#define POWER_REBOOT	1

#endif
