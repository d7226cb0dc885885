/* SPDX-License-Identifier: MIT */
/*
 * What processes and threads have used. CPU time is exact; how much of it was the kernel's is sampled:
 * the kernel runs with interrupts off, so a tick that became due in a system call comes right behind it.
 */
#include "defs.h"
#include "obj/timer.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define SECOND	1000000000ll

static void add(struct usage *to, const struct usage *u)
{
	to->ns += u->ns;
	to->user += u->user;
	to->sys += u->sys;
	to->minflt += u->minflt;
	to->majflt += u->majflt;
	to->nvcsw += u->nvcsw;
	to->nivcsw += u->nivcsw;
}

static void add_thread(struct usage *to, const struct thread *t)
{
	struct usage u = t->usage;

	u.ns = thread_ns(t);
	add(to, &u);
}

void usage_keep(struct proc *p, struct thread *t)
{
	add_thread(&p->ended, t);
}

/* proc.lock is held. */
static void sum(struct proc *p, struct usage *u)
{
	*u = p->ended;
	list_for(n, &p->threads)
		add_thread(u, list_entry(n, struct thread, proc_node));
}

/* The kernel's part, as the samples say. */
static int64_t sys_part(const struct usage *u)
{
	uint64_t all = u->user + u->sys;

	return all ? (int64_t)((uint64_t)u->ns / all * u->sys + (uint64_t)u->ns % all * u->sys / all) : 0;
}

/* Neither part ever falls. */
static void split(struct proc *p, const struct usage *u, int64_t *user, int64_t *sys)
{
	*sys = sys_part(u);
	if (*sys < p->shown_sys)
		*sys = p->shown_sys;
	*user = u->ns - *sys;
	if (*user < p->shown_user) {
		*user = p->shown_user;
		*sys = u->ns - *user > p->shown_sys ? u->ns - *user : p->shown_sys;
	}
	p->shown_user = *user;
	p->shown_sys = *sys;
}

void proc_times(struct proc *p, int64_t *user, int64_t *sys)
{
	struct usage u;

	sum(p, &u);
	split(p, &u, user, sys);
}

int64_t proc_cpu_ns(struct proc *p, bool user)
{
	int64_t u, s;

	spin_lock(&p->lock);
	proc_times(p, &u, &s);
	spin_unlock(&p->lock);
	return user ? u : u + s;
}

/* RLIMIT_CPU: a signal each second beyond the soft one, the end at the hard one. */
static void check_limit(struct proc *p)
{
	uint64_t soft = p->limit[RLIM_CPU][0], hard = p->limit[RLIM_CPU][1];
	int64_t ns = proc_cpu_ns(p, false);

	if (hard != ~0ull && (uint64_t)ns / SECOND >= hard) {
		proc_kill(p, SIGKILL);
	} else if ((uint64_t)ns / SECOND >= soft && (p->cpu_told == 0 || ns - p->cpu_told >= SECOND)) {
		p->cpu_told = ns;
		sig_send_proc(p, SIGXCPU, NULL);
	}
}

void usage_tick(struct thread *t, bool sys)
{
	struct proc *p = t->proc;

	if (sys)
		t->usage.sys++;
	else
		t->usage.user++;
	if (!p)
		return;
	if (!list_empty(&p->cpu_timers))
		cpu_timers_check(p);
	if (p->limit[RLIM_CPU][0] != ~0ull)
		check_limit(p);
}

static void fill(const struct usage *u, struct proc_usage *out)
{
	out->minflt = u->minflt;
	out->majflt = u->majflt;
	out->nvcsw = u->nvcsw;
	out->nivcsw = u->nivcsw;
}

static int usage_of_thread(struct proc *p, uint32_t tid, struct proc_usage *out)
{
	struct thread *t = proc_thread(p, tid);
	struct usage u = { 0 };

	if (!t)
		return -ESRCH;
	add_thread(&u, t);
	out->ns_sys = (uint64_t)sys_part(&u);
	out->ns_user = (uint64_t)u.ns - out->ns_sys;
	fill(&u, out);
	obj_put(&t->obj);
	return 0;
}

static void usage_of_all(struct proc *p, struct proc_usage *out)
{
	struct usage u;
	int64_t user, sys;

	spin_lock(&p->lock);
	sum(p, &u);
	split(p, &u, &user, &sys);
	uint64_t peak = p->maxrss;
	if (p->vm && p->vm->peak > peak)
		peak = p->vm->peak;
	if (p->vm && p->vm->rss > (int64_t)peak)
		peak = (uint64_t)p->vm->rss;
	spin_unlock(&p->lock);
	out->ns_user = (uint64_t)user;
	out->ns_sys = (uint64_t)sys;
	out->maxrss = peak * PAGE;
	fill(&u, out);
}

long sys_proc_usage(long h, long tid, long uout)
{
	struct proc_usage out = { 0 };
	struct proc *p;
	int err = proc_of((handle_t)h, 0, &p);

	if (err)
		return err;
	if (tid)
		err = usage_of_thread(p, (uint32_t)tid, &out);
	else
		usage_of_all(p, &out);
	obj_put(&p->obj);
	return err ? err : copyout((uint64_t)uout, &out, sizeof out);
}
