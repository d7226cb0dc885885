/* SPDX-License-Identifier: MIT */
/* Process groups, sessions and credentials: POSIX's rules for changing them. */
#include <errno.h>
#include "procd.h"

struct in_session { uint32_t pgid, sid; };

static int group_in_session(struct proc *p, void *arg)
{
	const struct in_session *g = arg;

	return p->pgid == g->pgid && p->sid == g->sid;
}

int64_t ids_setpgid(struct proc *p, uint32_t pid, uint32_t pgid)
{
	struct proc *t = pid ? proc_find(pid) : p;
	struct in_session g;

	if ((int32_t)pgid < 0)
		return -EINVAL;
	if (!t || (t != p && t->parent != p) || t->state == P_ZOMBIE)
		return -ESRCH;
	if (t != p && t->executed)
		return -EACCES;
	if (t->sid == t->pid || t->sid != p->sid)
		return -EPERM;
	if (!pgid)
		pgid = t->pid;
	g = (struct in_session){ pgid, p->sid };
	if (pgid != t->pid && !proc_each(group_in_session, &g))
		return -EPERM;
	t->pgid = pgid;
	return 0;
}

static int has_group(struct proc *p, void *arg)
{
	return p->pgid == *(uint32_t *)arg;
}

int64_t ids_setsid(struct proc *p)
{
	if (proc_each(has_group, &p->pid))
		return -EPERM;
	p->sid = p->pgid = p->pid;
	p->tty = 0;
	return p->pid;
}

#define KEEP	0xffffffffu

static int one_of(uint32_t id, const struct ids *i)
{
	return id == KEEP || id == i->r || id == i->e || id == i->s;
}

static void change(struct ids *i, uint32_t r, uint32_t e, uint32_t s)
{
	if (r != KEEP)
		i->r = r;
	if (e != KEEP)
		i->e = e;
	if (s != KEEP)
		i->s = s;
}

int64_t ids_set(struct proc *p, const uint64_t w[3])
{
	int root = p->uid.e == 0;

	for (int i = 0; i < 3 && !root; i++)
		if (!one_of(CRED_UID(w[i]), &p->uid) || !one_of(CRED_GID(w[i]), &p->gid))
			return -EPERM;
	change(&p->gid, CRED_GID(w[0]), CRED_GID(w[1]), CRED_GID(w[2]));
	change(&p->uid, CRED_UID(w[0]), CRED_UID(w[1]), CRED_UID(w[2]));
	fx->cred(p);
	return 0;
}

void ids_exec(struct proc *p)
{
	p->uid.s = p->uid.e;
	p->gid.s = p->gid.e;
	p->executed = 1;
}

void ids_exec_as(struct proc *p, uint64_t cred)
{
	p->uid.e = CRED_UID(cred);
	p->gid.e = CRED_GID(cred);
	ids_exec(p);
}

uint64_t ids_cred(const struct proc *p)
{
	return CRED(p->uid.e, p->gid.e);
}
