/* SPDX-License-Identifier: MIT */
/* Nice values, which the scheduler keeps for each thread: of processes, groups and users. */
#include <errno.h>
#include <sys/resource.h>
#include "priority.h"

struct priority {
	struct proc *from;
	uint64_t which, who;
	int set, nice, best, found, err;
};

static int meant(const struct proc *p, const struct priority *q)
{
	switch (q->which) {
	case PRIO_PROCESS:
		return p->pid == q->who;
	case PRIO_PGRP:
		return p->pgid == q->who;
	}
	return p->uid.r == q->who;
}

static int set_one(struct proc *p, struct priority *q, struct abi_sched *s)
{
	if (q->from->uid.e && q->from->uid.e != p->uid.r && q->from->uid.e != p->uid.e)
		return EPERM;
	if (q->from->uid.e && q->nice < s->nice)
		return EACCES;
	s->nice = q->nice;
	return sys6(SYS_thread_sched, p->pid, SYS_ARG(s), 0, 0, 0, 0) < 0 ? ESRCH : 0;
}

static int priority_one(struct proc *p, void *arg)
{
	struct priority *q = arg;
	struct abi_sched s;
	int err;

	if (p->state == P_ZOMBIE || !meant(p, q) || !jail_sees(q->from, p) || sys6(SYS_thread_sched, p->pid, 0, SYS_ARG(&s), 0, 0, 0) < 0)
		return 0;
	if (!q->found++ || s.nice < q->best)
		q->best = s.nice;
	err = q->set ? set_one(p, q, &s) : 0;
	if (err)
		q->err = err;
	return 0;
}

int64_t priority_op(struct proc *p, struct srv_req *r)
{
	int nice = (int)r->m.w[4];
	struct priority q = { .from = p, .which = r->m.w[2], .who = (uint32_t)r->m.w[3], .set = r->m.w[1] != 0,
			      .nice = nice < -20 ? -20 : nice > 19 ? 19 : nice };

	if (q.which > PRIO_USER)
		return -EINVAL;
	if (!q.who)
		q.who = q.which == PRIO_PROCESS ? p->pid : q.which == PRIO_PGRP ? p->pgid : p->uid.r;
	proc_each(priority_one, &q);
	if (!q.found)
		return -ESRCH;
	r->m.w[1] = (uint64_t)(int64_t)q.best;
	return -q.err;
}
