/* SPDX-License-Identifier: MIT */
/* sched.c: policy and priority of threads. */
#include <sched.h>
#include "../internal/pthread_impl.h"

/* The thread's id, which stays its own until the release; 0: it has ended. */
static int hold(struct tcb *t, uint64_t *mask)
{
	__block_all(mask);
	__kill_lock(t);
	return t->tid;
}

static int release(struct tcb *t, const uint64_t *mask, int r)
{
	__kill_unlock(t);
	__restore_mask(mask);
	return r < 0 ? -r : 0;
}

int pthread_getschedparam(pthread_t thread, int *restrict policy, struct sched_param *restrict param)
{
	struct tcb *t = THREAD(thread);
	uint64_t mask;
	int tid = hold(t, &mask), r = tid ? plat_sched_getscheduler(tid) : -ESRCH;

	if (r >= 0) {
		*policy = r;
		r = plat_sched_getparam(tid, param);
	}
	return release(t, &mask, r);
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	struct tcb *t = THREAD(thread);
	uint64_t mask;
	int tid = hold(t, &mask);

	return release(t, &mask, tid ? plat_sched_setscheduler(tid, policy, param) : -ESRCH);
}

int pthread_setschedprio(pthread_t thread, int prio)
{
	struct sched_param param = { .sched_priority = prio };
	struct tcb *t = THREAD(thread);
	uint64_t mask;
	int tid = hold(t, &mask);

	return release(t, &mask, tid ? plat_sched_setparam(tid, &param) : -ESRCH);
}
