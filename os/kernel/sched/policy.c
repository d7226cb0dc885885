/* SPDX-License-Identifier: MIT */
/* The policy and priority of threads: who may set what, and SYS_thread_sched. */
#include "defs.h"
#include "proc/proc.h"
#include "sched/private.h"
#include "sys/sys.h"

static uint8_t level_of(uint32_t policy)
{
	switch (policy) {
	case POLICY_FIFO:
	case POLICY_RR:
		return PRIO_RT;
	case POLICY_BATCH:
		return PRIO_BATCH;
	case POLICY_IDLE:
		return PRIO_LOW;
	default:
		return PRIO_NORMAL;
	}
}

static int check(const struct abi_sched *s)
{
	bool real_time = s->policy == POLICY_FIFO || s->policy == POLICY_RR;

	if (s->nice < -20 || s->nice > 19)
		return -EINVAL;
	if (real_time)
		return s->prio >= 1 && s->prio <= 99 ? 0 : -EINVAL;
	if (s->policy != POLICY_OTHER && s->policy != POLICY_BATCH && s->policy != POLICY_IDLE)
		return -EINVAL;
	return s->prio == 0 ? 0 : -EINVAL;
}

/* Others' threads, real time and a better nice are uid 0's. */
static int permit(const struct thread *t, uint64_t cred, const struct abi_sched *s)
{
	uint32_t uid = CRED_UID(atomic_load(&current()->proc->cred));

	if (uid == 0)
		return 0;
	if (CRED_UID(cred) != uid)
		return -EPERM;
	if (s->prio > t->rt_prio)
		return -EPERM;
	return s->nice < t->nice ? -EACCES : 0;
}

static void apply(struct thread *t, const struct abi_sched *s)
{
	t->policy = (uint8_t)s->policy;
	t->rt_prio = (uint8_t)s->prio;
	t->nice = (int8_t)s->nice;
	t->prio = t->base_prio = level_of((uint32_t)s->policy);
	sched_replace(t);
}

void thread_inherit(struct thread *t)
{
	const struct thread *me = current();

	t->policy = me->policy;
	t->rt_prio = me->rt_prio;
	t->nice = me->nice;
	t->prio = t->base_prio = level_of(me->policy);
	t->affinity = me->affinity;
}

long sys_thread_sched(long tid, long set, long get)
{
	uint64_t cred;
	struct thread *t = proc_any_thread((uint32_t)tid, &cred);
	struct abi_sched old, new;
	int err = 0;

	if (t == NULL)
		return -ESRCH;
	old = (struct abi_sched){ t->policy, t->rt_prio, t->nice };
	if (set != 0 && (err = copyin(&new, (uint64_t)set, sizeof(new))) == 0 &&
	    (err = check(&new)) == 0 && (err = permit(t, cred, &new)) == 0)
		apply(t, &new);
	if (err == 0 && get != 0)
		err = copyout((uint64_t)get, &old, sizeof(old));
	obj_put(&t->obj);
	return err;
}
