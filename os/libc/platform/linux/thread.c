/* SPDX-License-Identifier: MIT */
/* thread.c: threads, futexes and scheduling, on Linux. */
#include <errno.h>
#include <sched.h>
#include <time.h>
#include "sys.h"

#define FUTEX_WAKE 1
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAIT_BITSET 9
#define FUTEX_PRIVATE 128
#define FUTEX_REALTIME 256

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD \
	| CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

#define ARCH_SET_FS 0x1002

/* arch/x86_64/clone.S */
int __clone(int (*fn)(void *), void *stack, int flags, void *arg, int *ptid, void *tls, int *ctid);
_Noreturn void __unmap_and_exit(void *map, size_t len);

int plat_thread_create(void *stack, void *tp, int *ctid, int (*fn)(void *), void *arg)
{
	return __clone(fn, stack, THREAD_FLAGS, arg, ctid, tp, ctid);
}

void plat_thread_exit(void)
{
	for (;;)
		sys(SYS_exit, 0);
}

void plat_thread_exit_unmap(void *map, size_t len)
{
	sys(SYS_set_tid_address, 0);	/* the word is in the mapping */
	__unmap_and_exit(map, len);
}

int plat_set_tp(void *tp)
{
	return sys(SYS_arch_prctl, ARCH_SET_FS, tp);
}

int plat_set_tid_address(int *ctid)
{
	return sys(SYS_set_tid_address, ctid);
}

int plat_gettid(void)
{
	return sys(SYS_gettid, 0);
}

int plat_tkill(int tid, int sig)
{
	return sys(SYS_tgkill, sys(SYS_getpid, 0), tid, sig);
}

int plat_futex_wait(volatile int *addr, int val, int clock, const struct timespec *deadline, int priv)
{
	int op = FUTEX_WAIT_BITSET | (priv ? FUTEX_PRIVATE : 0)
		| (clock == CLOCK_REALTIME ? FUTEX_REALTIME : 0);

	return sys_cp(SYS_futex, addr, op, val, deadline, 0, -1);
}

/* The kernel wakes it as a shared futex. */
int plat_tid_wait(volatile int *ctid, int val, int clock, const struct timespec *deadline)
{
	return plat_futex_wait(ctid, val, clock, deadline, 0);
}

int plat_futex_wake(volatile int *addr, int count, int priv)
{
	return sys(SYS_futex, addr, FUTEX_WAKE | (priv ? FUTEX_PRIVATE : 0), count);
}

int plat_futex_requeue(volatile int *addr, int count, int val, volatile int *addr2, int priv)
{
	int op = FUTEX_CMP_REQUEUE | (priv ? FUTEX_PRIVATE : 0);

	return sys(SYS_futex, addr, op, count, 0x7fffffff, addr2, val);
}

int plat_set_robust_list(void *head, size_t len)
{
	return sys(SYS_set_robust_list, head, len);
}

int plat_sched_yield(void)
{
	return sys(SYS_sched_yield, 0);
}

int plat_sched_getaffinity(int tid, size_t len, void *mask)
{
	return sys(SYS_sched_getaffinity, tid, len, mask);
}

int plat_sched_setaffinity(int tid, size_t len, const void *mask)
{
	return sys(SYS_sched_setaffinity, tid, len, mask);
}

int plat_sched_setscheduler(int pid, int policy, const struct sched_param *param)
{
	return sys(SYS_sched_setscheduler, pid, policy, param);
}

int plat_sched_getscheduler(int pid)
{
	return sys(SYS_sched_getscheduler, pid);
}

int plat_sched_getparam(int pid, struct sched_param *param)
{
	return sys(SYS_sched_getparam, pid, param);
}

int plat_sched_setparam(int pid, const struct sched_param *param)
{
	return sys(SYS_sched_setparam, pid, param);
}

int plat_sched_rr_get_interval(int pid, struct timespec *ts)
{
	return sys(SYS_sched_rr_get_interval, pid, ts);
}

int plat_getcpu(unsigned *cpu)
{
	return sys(SYS_getcpu, cpu, 0, 0);
}
