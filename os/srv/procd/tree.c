/* SPDX-License-Identifier: MIT */
/* The process tree: births, deaths, stops; orphans and orphaned process groups. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "procd.h"

#define NHASH	256

static struct proc *hash[NHASH];
const struct effects *fx;

struct proc *proc_find(uint32_t pid)
{
	struct proc *p;

	for (p = hash[pid % NHASH]; p && p->pid != pid; p = p->hash_next)
		;
	return p;
}

int proc_each(int (*fn)(struct proc *p, void *arg), void *arg)
{
	for (unsigned i = 0; i < NHASH; i++) {
		for (struct proc *p = hash[i], *next; p; p = next) {
			int res;

			next = p->hash_next;
			res = fn(p, arg);
			if (res)
				return res;
		}
	}
	return 0;
}

static void adopt(struct proc *parent, struct proc *p)
{
	p->parent = parent;
	p->sibling = NULL;
	if (parent) {
		p->sibling = parent->children;
		parent->children = p;
	}
}

static void unlink_child(struct proc *p)
{
	struct proc **c;

	if (!p->parent)
		return;
	for (c = &p->parent->children; *c != p; c = &(*c)->sibling)
		;
	*c = p->sibling;
}

/* What a child has from its parent. */
static void inherit(struct proc *p, const struct proc *from)
{
	p->pgid = from->pgid;
	p->sid = from->sid;
	p->uid = from->uid;
	p->gid = from->gid;
	p->groups = from->groups;
	if (from->cmdline && (p->cmdline = malloc(from->ncmdline))) {
		memcpy(p->cmdline, from->cmdline, from->ncmdline);
		p->ncmdline = from->ncmdline;
	}
	p->secure = from->secure;
	p->jail = jail_ref(from->jail);
}

struct proc *proc_born(uint32_t pid, uint32_t ppid, uint64_t cred, handle_t h)
{
	struct proc *p = calloc(1, sizeof(*p)), *parent = ppid ? proc_find(ppid) : NULL;

	if (!p)
		return NULL;
	if (!parent || parent->state == P_ZOMBIE)
		parent = pid == INIT_PID ? NULL : proc_find(INIT_PID);
	p->pid = p->pgid = p->sid = pid;
	p->h = h;
	p->wait_file = H_NONE;
	p->uid = (struct ids){ CRED_UID(cred), CRED_UID(cred), CRED_UID(cred) };
	p->gid = (struct ids){ CRED_GID(cred), CRED_GID(cred), CRED_GID(cred) };
	if (parent)
		inherit(p, parent);
	adopt(parent, p);
	p->hash_next = hash[pid % NHASH];
	hash[pid % NHASH] = p;
	return p;
}

void proc_reap(struct proc *p)
{
	struct proc **c;

	unlink_child(p);
	for (c = &hash[p->pid % NHASH]; *c != p; c = &(*c)->hash_next)
		;
	*c = p->hash_next;
	fx->release(p);
	jail_put(p->jail);
	free(p->cmdline);
	free(p);
}

struct orphan_check { uint32_t pgid; const struct proc *without; };

/* Does p tie its group to the rest of its session? */
static int ties(struct proc *p, void *arg)
{
	const struct orphan_check *c = arg;
	const struct proc *parent = p->parent;

	return p != c->without && p->pgid == c->pgid && p->state != P_ZOMBIE && parent &&
	       parent != c->without && parent->sid == p->sid && parent->pgid != p->pgid;
}

int pgrp_orphaned(uint32_t pgid, const struct proc *without)
{
	struct orphan_check c = { pgid, without };

	return !proc_each(ties, &c);
}

static int is_stopped(struct proc *p, void *arg)
{
	return p->pgid == *(uint32_t *)arg && p->state == P_STOP;
}

/* POSIX: a group that becomes orphaned with stopped members gets SIGHUP, then SIGCONT. */
static void check_group(uint32_t pgid, int was_orphaned)
{
	if (was_orphaned || !pgrp_orphaned(pgid, NULL) || !proc_each(is_stopped, &pgid))
		return;
	kill_group(pgid, SIGHUP);
	kill_group(pgid, SIGCONT);
}

static void children_to_init(struct proc *p)
{
	struct proc *init = proc_find(INIT_PID), *c;
	int zombies = 0;

	while ((c = p->children)) {
		int was = pgrp_orphaned(c->pgid, NULL);

		unlink_child(c);
		adopt(init, c);
		zombies |= c->state == P_ZOMBIE;
		check_group(c->pgid, was);
	}
	if (zombies && init)
		wait_news(init);
}

static void chld_info(const struct proc *p, struct abi_siginfo *si)
{
	memset(si, 0, sizeof(*si));
	si->signo = SIGCHLD;
	si->u.chld.pid = (int32_t)p->pid;
	si->u.chld.uid = p->uid.r;
	si->u.chld.utime = (int64_t)(p->user / 10000000);
	si->u.chld.stime = (int64_t)(p->sys / 10000000);
	if (p->state == P_STOP) {
		si->code = CLD_STOPPED;
		si->u.chld.status = p->stop_sig;
	} else if (p->state == P_RUN) {
		si->code = CLD_CONTINUED;
		si->u.chld.status = SIGCONT;
	} else if (WIFSIGNALED(p->status)) {
		si->code = WCOREDUMP(p->status) ? CLD_DUMPED : CLD_KILLED;
		si->u.chld.status = WTERMSIG(p->status);
	} else {
		si->code = CLD_EXITED;
		si->u.chld.status = WEXITSTATUS(p->status);
	}
}

static int64_t tell_parent(struct proc *p)
{
	struct abi_siginfo si;

	chld_info(p, &si);
	return p->parent ? fx->signal(p->parent, SIGCHLD, &si) : 0;
}

void proc_died(uint32_t pid, int status, uint64_t user, uint64_t sys)
{
	struct proc *p = proc_find(pid), *parent;
	int was;

	if (!p || p->state == P_ZOMBIE)
		return;
	was = pgrp_orphaned(p->pgid, NULL);
	wait_forget(pid);
	p->state = P_ZOMBIE;
	p->status = status;
	p->user = user;
	p->sys = sys;
	p->stop_news = p->cont_news = 0;
	children_to_init(p);
	check_group(p->pgid, was);
	if (p->sid == pid && p->tty)
		fx->leader_died(pid);
	if (p->watched)
		fx->watched_died(pid);
	parent = p->parent;
	if (tell_parent(p) == 1)
		proc_reap(p);
	if (parent)
		wait_news(parent);
}

void proc_state(uint32_t pid, uint32_t ev, int signo)
{
	struct proc *p = proc_find(pid);

	if (!p || p->state == P_ZOMBIE)
		return;
	p->state = ev == EV_STOPPED ? P_STOP : P_RUN;
	p->stop_sig = signo;
	p->stop_news = ev == EV_STOPPED;
	p->cont_news = ev != EV_STOPPED;
	tell_parent(p);
	if (p->parent)
		wait_news(p->parent);
}
