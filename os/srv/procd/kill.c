/* SPDX-License-Identifier: MIT */
/* Signals between processes: who is meant, who may. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "procd.h"

/* The processes of init's own session (servers, drivers) are not meant by kill -1. */
static int is_system(const struct proc *p)
{
	return p->sid == INIT_PID;
}

static int may(const struct proc *from, const struct proc *to, int signo)
{
	if (from->uid.e == 0 || (signo == SIGCONT && from->sid == to->sid))
		return 1;
	return from->uid.r == to->uid.r || from->uid.r == to->uid.s || from->uid.e == to->uid.r ||
	       from->uid.e == to->uid.s;
}

static void fill(struct abi_siginfo *si, const struct proc *from, int signo, int code,
		 uint64_t value)
{
	memset(si, 0, sizeof(*si));
	si->signo = signo;
	/* Only the kernel and its terminal server may say that the kernel sent it. */
	si->code = code >= 0 && !(code == SI_KERNEL && from && !from->uid.e) ? SI_USER : code;
	if (from && si->code != SI_KERNEL) {
		si->u.kill.pid = (int32_t)from->pid;
		si->u.kill.uid = from->uid.r;
	}
	si->u.kill.value = value;
}

int kill_one(struct proc *from, struct proc *to, int signo, int code, uint64_t value)
{
	struct abi_siginfo si;

	if (!may(from, to, signo))
		return -EPERM;
	/* init has no use for signals, and without it there is no system. */
	if (to->state == P_ZOMBIE || !signo || to->pid == INIT_PID)
		return 0;
	fill(&si, from, signo, code, value);
	return (int)fx->signal(to, signo, &si);
}

struct many {
	struct proc *from;
	uint32_t pgid;			/* 0: all */
	int signo, code;
	uint64_t value;
	int sent, denied;
};

static int kill_match(struct proc *p, void *arg)
{
	struct many *k = arg;

	if (!jail_sees(k->from, p))
		return 0;
	if (k->pgid ? p->pgid != k->pgid : p == k->from || is_system(p) || p->state == P_ZOMBIE)
		return 0;
	if (kill_one(k->from, p, k->signo, k->code, k->value) == -EPERM)
		k->denied++;
	else
		k->sent++;
	return 0;
}

int64_t kill_procs(struct proc *from, int64_t pid, int signo, int code, uint64_t value)
{
	struct many k = { .from = from, .signo = signo, .code = code, .value = value };
	struct proc *to;

	if (signo < 0 || signo >= ABI_NSIG)
		return -EINVAL;
	if (pid > 0) {
		to = proc_find((uint32_t)pid);
		return to && jail_sees(from, to) ? kill_one(from, to, signo, code, value) : -ESRCH;
	}
	if (pid != -1)
		k.pgid = pid ? (uint32_t)-pid : from->pgid;
	proc_each(kill_match, &k);
	if (k.sent)
		return 0;
	return k.denied ? -EPERM : -ESRCH;
}

struct group { uint32_t pgid; int signo; };

static int group_match(struct proc *p, void *arg)
{
	const struct group *g = arg;
	struct abi_siginfo si;

	if (p->pgid != g->pgid || p->state == P_ZOMBIE)
		return 0;
	fill(&si, NULL, g->signo, SI_KERNEL, 0);
	si.code = SI_KERNEL;
	fx->signal(p, g->signo, &si);
	return 0;
}

void kill_group(uint32_t pgid, int signo)
{
	struct group g = { pgid, signo };

	proc_each(group_match, &g);
}
