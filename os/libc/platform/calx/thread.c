/* SPDX-License-Identifier: MIT */
/* thread.c: threads, futexes and scheduling. */
#include <sched.h>
#include <string.h>
#include <time.h>
#include "calx.h"
#include "../../internal/libc.h"
#include "../../internal/thread.h"

/* struct tcb.plat[] of this platform. */
enum { PLAT_PAGE, PLAT_CTID };

struct thread_page *__calx_thread_page(void)
{
	struct thread_page *p = 0;

	if (__libc.started)
		p = __self()->plat[PLAT_PAGE];
	return p ? p : (struct thread_page *)__calx.pp->thread_page;
}

/* What a new thread needs; lies at the high end of its own stack. */
struct birth {
	int (*fn)(void *);
	void *arg;
	int *ctid;
};

hidden void __thread_entry(void);		/* x86_64/entry.S */

/* The first C code of a thread, called by __thread_entry. */
hidden _Noreturn void __thread_begin(struct birth *b, struct thread_page *page)
{
	struct tcb *self = __self();

	self->plat[PLAT_PAGE] = page;
	self->plat[PLAT_CTID] = b->ctid;
	b->fn(b->arg);
	plat_thread_exit();
}

int plat_thread_create(void *stack, void *tp, int *ctid, int (*fn)(void *), void *arg)
{
	struct birth *b = (struct birth *)((uintptr_t)stack & -16) - 1;
	struct thread_args a;
	long tid;

	b = (struct birth *)((uintptr_t)b & -16);
	*b = (struct birth){ fn, arg, ctid };
	a = (struct thread_args){ .entry = (uint64_t)__thread_entry, .sp = (uint64_t)b, .tls = (uint64_t)tp,
		.arg = (uint64_t)b, .sigmask = __calx_thread_page()->sigmask, .tid_addr = (uint64_t)ctid };
	tid = sys(SYS_thread_create, &a);
	return tid;
}

void plat_thread_exit(void)
{
	for (;;)
		sys(SYS_thread_exit, __self()->plat[PLAT_CTID]);
}

hidden _Noreturn void __calx_unmap_exit(void *map, size_t len, void *ctid);

void plat_thread_exit_unmap(void *map, size_t len)
{
	/* The thread control block is in the mapping too, so nobody waits on its tid any more. */
	__calx_unmap_exit(map, len, 0);
}

int plat_set_tp(void *tp)
{
	return sys(SYS_thread_tls, tp);
}

int plat_set_tid_address(int *ctid)
{
	struct tcb *self = __self();
	struct thread_page *p;

	if (!self->plat[PLAT_PAGE])
		self->plat[PLAT_PAGE] = (void *)__calx.pp->thread_page;
	p = self->plat[PLAT_PAGE];
	self->plat[PLAT_CTID] = ctid;
	return p->tid;
}

int plat_gettid(void)
{
	return __calx_thread_page()->tid;
}

int plat_tkill(int tid, int sig)
{
	return sys(SYS_thread_signal, tid, sig, 0);
}

int plat_futex_wait(volatile int *addr, int val, int clock, const struct timespec *deadline, int priv)
{
	return sys_cp(SYS_futex_wait, addr, (unsigned)val, __calx_deadline_abs(clock, deadline),
		priv ? 0 : FUTEX_SHARED);
}

/* SYS_thread_exit wakes it as a private futex. */
int plat_tid_wait(volatile int *ctid, int val, int clock, const struct timespec *deadline)
{
	return plat_futex_wait(ctid, val, clock, deadline, 1);
}

int plat_futex_wake(volatile int *addr, int count, int priv)
{
	return sys(SYS_futex_wake, addr, count, priv ? 0 : FUTEX_SHARED);
}

int plat_futex_requeue(volatile int *addr, int count, int val, volatile int *addr2, int priv)
{
	return sys(SYS_futex_requeue, addr, count, addr2, 0x7fffffff, (unsigned)val, priv ? 0 : FUTEX_SHARED);
}

int plat_set_robust_list(void *head, size_t len)
{
	(void)head;
	(void)len;
	return 0;	/* walked by pthread_exit; a killed process's list is not */
}

int plat_sched_yield(void)
{
	sys(SYS_yield);
	return 0;
}

int plat_sched_getaffinity(int tid, size_t len, void *mask)
{
	uint64_t set = 0;
	long err;

	if (len < sizeof(set))
		return -EINVAL;
	err = sys(SYS_thread_affinity, tid, 0, &set);
	if (err < 0)
		return err;
	memset(mask, 0, len);
	memcpy(mask, &set, sizeof(set));
	return sizeof(set);
}

int plat_sched_setaffinity(int tid, size_t len, const void *mask)
{
	uint64_t set = 0;

	memcpy(&set, mask, len < sizeof(set) ? len : sizeof(set));
	return set ? sys(SYS_thread_affinity, tid, &set, 0) : -EINVAL;
}

/* One class of scheduling: SCHED_OTHER, priority 0. */
int plat_sched_setscheduler(int pid, int policy, const struct sched_param *param)
{
	(void)pid;
	if (param->sched_priority < 0 || policy < 0)
		return -EINVAL;
	return policy == SCHED_OTHER ? (param->sched_priority ? -EINVAL : 0) : -EPERM;
}

int plat_sched_getscheduler(int pid)
{
	return pid < 0 ? -EINVAL : SCHED_OTHER;
}

int plat_sched_getparam(int pid, struct sched_param *param)
{
	memset(param, 0, sizeof(*param));
	return pid < 0 ? -EINVAL : 0;
}

int plat_sched_setparam(int pid, const struct sched_param *param)
{
	return pid < 0 || param->sched_priority ? -EINVAL : 0;
}

int plat_sched_rr_get_interval(int pid, struct timespec *ts)
{
	*ts = (struct timespec){ .tv_nsec = 10000000 };
	return pid < 0 ? -EINVAL : 0;
}

int plat_getcpu(unsigned *cpu)
{
	*cpu = sys(SYS_thread_cpu);
	return 0;
}
