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

int plat_raise(int sig)
{
	return sys(SYS_thread_signal, 0, sig, 0);
}

int plat_futex_wait(volatile int *addr, int val, int clock, const struct timespec *deadline, int priv)
{
	int flags = priv ? 0 : FUTEX_SHARED;

	if (deadline && clock == CLOCK_REALTIME)
		return sys_cp(SYS_futex_wait_wall, addr, (unsigned)val, __calx_wall(deadline), flags);
	return sys_cp(SYS_futex_wait, addr, (unsigned)val, __calx_deadline_abs(clock, deadline), flags);
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

/* The kernel's struct abi_robust has the same words. */
int plat_set_robust_list(void *head, size_t len)
{
	_Static_assert(sizeof(struct abi_robust) == 3 * sizeof(long), "robust list");
	(void)len;
	return sys(SYS_thread_robust, head);
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

/* -- scheduling: numbers of policies are the same -- */

int plat_sched_setscheduler(int pid, int policy, const struct sched_param *param)
{
	struct abi_sched now, want;
	long err = pid < 0 ? -EINVAL : sys(SYS_thread_sched, pid, 0, &now);

	if (err < 0)
		return err;
	want = (struct abi_sched){ .policy = policy, .prio = param->sched_priority, .nice = now.nice };
	err = sys(SYS_thread_sched, pid, &want, 0);
	return err < 0 ? err : now.policy;
}

static int get_sched(int pid, struct abi_sched *s)
{
	return pid < 0 ? -EINVAL : sys(SYS_thread_sched, pid, 0, s);
}

int plat_sched_getscheduler(int pid)
{
	struct abi_sched s;
	int err = get_sched(pid, &s);

	return err ? err : s.policy;
}

int plat_sched_getparam(int pid, struct sched_param *param)
{
	struct abi_sched s;
	int err = get_sched(pid, &s);

	if (err)
		return err;
	*param = (struct sched_param){ .sched_priority = s.prio };
	return 0;
}

int plat_sched_setparam(int pid, const struct sched_param *param)
{
	struct abi_sched s;
	int err = get_sched(pid, &s);

	if (err)
		return err;
	s.prio = param->sched_priority;
	return sys(SYS_thread_sched, pid, &s, 0);
}

int plat_sched_rr_get_interval(int pid, struct timespec *ts)
{
	struct abi_sched s;
	int err = get_sched(pid, &s);

	if (!err)
		*ts = (struct timespec){ .tv_nsec = s.policy == POLICY_FIFO ? 0 : s.policy == POLICY_RR ? 100000000 : 6000000 };
	return err;
}

int plat_getcpu(unsigned *cpu)
{
	long r = sys(SYS_thread_cpu);

	*cpu = r < 0 ? 0 : r;
	return r < 0 ? r : 0;
}
