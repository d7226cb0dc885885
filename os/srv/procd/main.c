/* SPDX-License-Identifier: MIT */
/* procd: receives the kernel's news of processes and the requests of libc; see abi/proc.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "../../lib/srv.h"
#include "procd.h"
#include "priority.h"
#include "deaths.h"

enum { ID_ROOT = 1, ID_LEADERS = 2, ID_WAIT = 1ull << 32 };	/* ID_WAIT + pid */

#define MAX_LEADERS	64

static handle_t leaders_file = H_NONE;
static uint32_t leaders[MAX_LEADERS];
static unsigned nleaders;

static int64_t fx_signal(struct proc *p, int signo, const struct abi_siginfo *info)
{
	return sys_proc_signal(p->h, signo, info);
}

static void fx_cred(struct proc *p)
{
	sys_proc_cred(p->h, ids_cred(p), p->groups ? p->groups->number : 0);
}

static void fx_answer(uint64_t token, const struct wait_result *r)
{
	struct msg m;

	memset(&m, 0, sizeof(m));
	m.w[0] = (uint64_t)r->pid;
	m.w[1] = (uint64_t)(uint32_t)r->status;
	m.w[2] = r->user;
	m.w[3] = r->sys;
	m.w[4] = r->uid;
	sys_reply(token, &m);
}

static void fx_waitable(struct proc *p, int on)
{
	sys_file_ready(p->wait_file, on ? 0 : EV_IN, on ? EV_IN : 0);
}

static void fx_release(struct proc *p)
{
	sys_handle_close(p->h);
	if (p->wait_file != H_NONE)
		sys_handle_close(p->wait_file);
}

static void fx_leader_died(uint32_t sid)
{
	if (nleaders < MAX_LEADERS)
		leaders[nleaders++] = sid;
	if (leaders_file != H_NONE)
		sys_file_ready(leaders_file, 0, EV_IN);
}

static const struct effects effects = {
	fx_signal, fx_cred, fx_answer, fx_waitable, fx_release, fx_leader_died, deaths_tell,
};

static void on_proc(struct srv *s, struct msg *m)
{
	uint32_t pid = (uint32_t)m->w[0];

	(void)s;
	if (m->kind == MSG_BORN) {
		if (m->nh != 1 || !proc_born(pid, (uint32_t)m->w[1], m->w[2], m->h[0]))
			srv_log("process %u is not known: out of memory", pid);
	} else if (m->kind == MSG_DIED) {
		proc_died(pid, (int)m->w[1], m->w[2], m->w[3]);
	} else if (m->w[1] == EV_EXECED) {
		struct proc *p = proc_find(pid);

		if (p) {
			p->secure = 1;
			ids_exec_as(p, m->w[2]);
		}
	} else {
		proc_state(pid, (uint32_t)m->w[1], (int)m->w[2]);
	}
}

static int64_t do_wait(struct proc *p, struct srv_req *r)
{
	struct wait_result res;
	int64_t target = (int64_t)(int32_t)r->m.w[1];
	int options = (int)r->m.w[2], err;

	err = wait_now(p, target, options, &res);
	if (err == -EAGAIN) {
		err = (int)wait_hold(p, target, options, r->m.token);
		return err ? err : SRV_HELD;
	}
	if (err)
		return err;
	r->m.w[1] = (uint64_t)(uint32_t)res.status;
	r->m.w[2] = res.user;
	r->m.w[3] = res.sys;
	r->m.w[4] = res.uid;
	return res.pid;
}

static int64_t give_file(struct srv_req *r, handle_t *keep, uint64_t id, uint32_t ready)
{
	int64_t h;

	if (*keep == H_NONE) {
		h = srv_file(&procd_srv, id, 0, ready, 0);
		if (h < 0)
			return h;
		*keep = (handle_t)h;
	}
	h = sys_handle_dup(*keep, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

static int64_t do_wait_file(struct proc *p, struct srv_req *r)
{
	int64_t err = give_file(r, &p->wait_file, ID_WAIT + p->pid, 0);

	wait_news(p);
	return err;
}

static int64_t do_info(struct srv_req *r, struct proc *p)
{
	struct proc_info info;
	struct proc *leader = proc_find(p->sid);

	memset(&info, 0, sizeof(info));
	if (sys_proc_info(p->h, &info) < 0)
		info.pid = p->pid;
	srv_put(r, &info, sizeof(info));
	r->m.w[1] = p->parent ? p->parent->pid : 0;
	r->m.w[2] = p->pgid;
	r->m.w[3] = p->sid;
	r->m.w[4] = ids_cred(p);
	r->m.w[5] = p->state;
	r->m.w[6] = leader ? leader->tty : 0;
	r->m.w[7] = (uint64_t)pgrp_orphaned(p->pgid, NULL);
	return 0;
}

struct list { uint32_t *pids; size_t n, max; const struct proc *from; };

static int list_one(struct proc *p, void *arg)
{
	struct list *l = arg;

	if (l->n < l->max && jail_sees(l->from, p))
		l->pids[l->n++] = p->pid;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t do_list(struct proc *p, struct srv_req *r)
{
	static uint32_t pids[16384];
	struct list l = { pids, 0, sizeof(pids) / sizeof(pids[0]), p };

	proc_each(list_one, &l);
	qsort(pids, l.n, sizeof(pids[0]), compare);
	srv_put(r, pids, l.n * sizeof(pids[0]));
	return (int64_t)l.n;
}

static int64_t do_times(struct proc *p, struct srv_req *r)
{
	struct proc_info info;
	int64_t err = sys_proc_info(p->h, &info);

	if (err < 0)
		return err;
	r->m.w[1] = info.ns_user;
	r->m.w[2] = info.ns_sys;
	r->m.w[3] = p->child_user;
	r->m.w[4] = p->child_sys;
	return 0;
}

static int64_t do_setgroups(struct proc *p, struct srv_req *r)
{
	uint32_t list[MAX_GROUPS];
	uint64_t n = r->m.r[0].len / sizeof(list[0]);
	const struct gset *s = NULL;

	if (p->uid.e)
		return -EPERM;
	if (n > MAX_GROUPS)
		return -EINVAL;
	if (n && sys_msg_read(r->m.token, 0, 0, list, n * sizeof(list[0])) < 0)
		return -EFAULT;
	if (n && !(s = gset_get(list, (uint32_t)n)))
		return -ENOMEM;
	p->groups = s;
	fx->cred(p);
	return 0;
}

static int64_t give_groups(struct srv_req *r, const struct gset *s)
{
	if (!s)
		return 0;
	return srv_put(r, s->list, s->n * sizeof(s->list[0])) < 0 ? -EFAULT : (int64_t)s->n;
}

/* Without the text the process is only known by the name it gave the kernel. */
static int64_t do_setexec(struct proc *p, struct srv_req *r)
{
	uint64_t n = r->m.r[0].len < CMDLINE_MAX ? r->m.r[0].len : CMDLINE_MAX;
	char *text = n ? malloc(n) : NULL;

	if (!r->m.w[1])
		return 0;
	p->secure = 0;
	ids_exec(p);
	if (text && sys_msg_read(r->m.token, 0, 0, text, n) == (int64_t)n) {
		free(p->cmdline);
		p->cmdline = text;
		p->ncmdline = (uint32_t)n;
	} else {
		free(text);
	}
	return 0;
}

static int64_t do_setctty(struct srv_req *r)
{
	struct proc *p = proc_find((uint32_t)r->m.w[1]);

	if (!p || p->sid != p->pid)
		return -ESRCH;
	p->tty = (uint32_t)r->m.w[2];
	return 0;
}

static int64_t do_leaders(void)
{
	uint32_t sid;

	if (!nleaders)
		return 0;
	sid = leaders[0];
	memmove(leaders, leaders + 1, --nleaders * sizeof(leaders[0]));
	if (!nleaders && leaders_file != H_NONE)
		sys_file_ready(leaders_file, EV_IN, 0);
	return sid;
}

static int64_t do_getids(struct proc *p, struct srv_req *r)
{
	if (r->m.w[1] && r->m.w[1] != p->pid) {
		if (p->uid.e)
			return -EPERM;
		struct proc *t = proc_find((uint32_t)r->m.w[1]);

		if (!t || !jail_sees(p, t))
			return -ESRCH;
		p = t;
	}
	r->m.w[1] = CRED(p->uid.r, p->gid.r);
	r->m.w[2] = CRED(p->uid.e, p->gid.e);
	r->m.w[3] = CRED(p->uid.s, p->gid.s);
	return 0;
}

/* Operations about the process w[1] names (0: the caller). */
static int64_t about(struct proc *p, struct srv_req *r)
{
	struct proc *t = r->m.w[1] ? proc_find((uint32_t)r->m.w[1]) : p;

	if (!t || !jail_sees(p, t))
		return -ESRCH;
	switch (r->m.w[0]) {
	case P_GETPPID:
		return t->parent ? (int64_t)t->parent->pid : 0;
	case P_GETPGID:
		return t->pgid;
	case P_GETSID:
		return t->sid;
	case P_INFO:
		return do_info(r, t);
	case P_CMDLINE:
		return t->cmdline ? srv_put(r, t->cmdline, t->ncmdline) : 0;
	}
	return -ENOSYS;
}

static int64_t system_op(struct proc *p, struct srv_req *r)
{
	if (CRED_UID(r->m.cred) || p->jail)
		return -EPERM;
	switch (r->m.w[0]) {
	case P_SETCTTY:
		return do_setctty(r);
	case P_LEADERS:
		return do_leaders();
	case P_LEADERS_FILE:
		return give_file(r, &leaders_file, ID_LEADERS, nleaders ? EV_IN : 0);
	case P_GROUPSET:
		return give_groups(r, gset_find((uint32_t)r->m.w[1]));
	case P_DEATHS_FILE:
		return deaths_open(r);
	}
	return -ENOSYS;
}

static int64_t do_debug(struct proc *p, struct srv_req *r)
{
	handle_t h;
	int64_t err = proc_debug(p, proc_find((uint32_t)r->m.w[1]), r->m.w[2], &h);

	if (!err)
		srv_give(r, h);
	return err;
}

static int64_t dispatch(struct proc *p, struct srv_req *r)
{
	switch (r->m.w[0]) {
	case P_WAIT:
		return do_wait(p, r);
	case P_WAIT_FILE:
		return do_wait_file(p, r);
	case P_KILL:
		return kill_procs(p, (int64_t)(int32_t)r->m.w[1], (int)r->m.w[2],
				  (int)r->m.w[3], r->m.w[4]);
	case P_SETPGID:
		return ids_setpgid(p, (uint32_t)r->m.w[1], (uint32_t)r->m.w[2]);
	case P_SETSID:
		return ids_setsid(p);
	case P_GETIDS:
		return do_getids(p, r);
	case P_SETIDS:
		return ids_set(p, &r->m.w[1]);
	case P_GETGROUPS:
		return give_groups(r, p->groups);
	case P_SETGROUPS:
		return do_setgroups(p, r);
	case P_LIST:
		return do_list(p, r);
	case P_TIMES:
		return do_times(p, r);
	case P_PRIORITY:
		return priority_op(p, r);
	case P_DEBUG:
		return do_debug(p, r);
	case P_LIMIT:
		return proc_limits(p, r->m.w[1] ? proc_find((uint32_t)r->m.w[1]) : p, r->m.w);
	case P_MAPS:
		return proc_maps(p, r->m.w[1] ? proc_find((uint32_t)r->m.w[1]) : p, r);
	case P_SETEXEC:
		return do_setexec(p, r);
	case P_CONFINE:
		return jail_enter(p);
	case P_GETPPID:
	case P_GETPGID:
	case P_GETSID:
	case P_INFO:
	case P_CMDLINE:
		return about(p, r);
	}
	return system_op(p, r);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct proc *p = proc_find(r->m.pid);

	(void)s;
	if (r->m.id >= ID_DEATHS)
		return deaths_call(r);
	if (r->m.id != ID_ROOT)
		return -ENOSYS;
	return p ? dispatch(p, r) : -ESRCH;
}

static void cancel(struct srv *s, uint64_t token)
{
	(void)s;
	if (wait_cancel(token))
		srv_reply(token, -EINTR);
}

static void closed(struct srv *s, uint64_t id)
{
	(void)s;
	if (id >= ID_DEATHS)
		deaths_closed(id);
}

struct srv procd_srv = { .call = call, .cancel = cancel, .close = closed, .proc = on_proc };

int main(void)
{
	int64_t h, err;

	fx = &effects;
	procd_srv.port = srv_extra("super");
	if (procd_srv.port == H_NONE)
		srv_die("no supervisor's port");
	srv_init(&procd_srv);
	h = srv_file(&procd_srv, ID_ROOT, 0, 0, 0);
	if (h < 0)
		srv_die("no root file: error %d", (int)-h);
	err = srv_register("procd", (handle_t)h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&procd_srv);
	return 1;
}
