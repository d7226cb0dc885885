/* SPDX-License-Identifier: MIT */
/* What the terminal server asks procd: sessions, groups, signals; and deaths of session leaders. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "ptyd.h"

static int64_t ask(uint64_t op, uint64_t a, uint64_t b, uint64_t c, struct msg *m)
{
	memset(m, 0, sizeof(*m));
	m->w[0] = op;
	m->w[1] = a;
	m->w[2] = b;
	m->w[3] = c;
	return sys_call(srv_start()->procd, m);
}

int session_of(uint32_t pid, struct who *w)
{
	struct proc_info info = { 0 };
	struct msg m = { .w = { P_INFO, pid }, .r[1] = { (uint64_t)&info, sizeof(info) } };
	int64_t err = sys_call(srv_start()->procd, &m);

	memset(w, 0, sizeof(*w));
	if (err < 0)
		return (int)err;
	w->pgid = (uint32_t)m.w[2];
	w->sid = (uint32_t)m.w[3];
	w->orphaned = m.w[7] != 0;
	w->no_ttin = (info.state & PROC_NO_TTIN) != 0;
	w->no_ttou = (info.state & PROC_NO_TTOU) != 0;
	return 0;
}

void session_signal(int64_t pid, int signo)
{
	struct msg m;

	ask(P_KILL, (uint64_t)pid, (uint64_t)signo, SI_KERNEL, &m);
}

int64_t session_acquire(struct tty *t, uint32_t pid, int steal)
{
	struct who w;
	struct msg m;

	if (session_of(pid, &w) || w.sid != pid)
		return -EPERM;
	if (t->sid == w.sid)
		return 0;
	if (tty_by_session(w.sid) || (t->sid && !steal))
		return -EPERM;
	if (t->sid)
		session_release(t);
	t->sid = w.sid;
	t->pgrp = w.pgid;
	ask(P_SETCTTY, t->sid, t->id, 0, &m);
	return 0;
}

void session_release(struct tty *t)
{
	struct msg m;

	if (t->sid)
		ask(P_SETCTTY, t->sid, 0, 0, &m);
	t->sid = t->pgrp = 0;
}

int64_t session_background(struct tty *t, uint32_t pid, int signo)
{
	struct who w;

	if (!t->sid || !t->pgrp || session_of(pid, &w) || w.sid != t->sid || w.pgid == t->pgrp)
		return 0;
	/* Who does not want the signal writes all the same, but cannot read. */
	if (signo == SIGTTOU && w.no_ttou)
		return 0;
	if (w.orphaned || (signo == SIGTTIN && w.no_ttin))
		return -EIO;
	session_signal(-(int64_t)w.pgid, signo);
	return -EAGAIN;
}

int64_t session_still_background(struct tty *t, uint32_t pid)
{
	struct who w;

	if (session_of(pid, &w))
		return -EIO;
	return t->sid && w.sid == t->sid && t->pgrp && w.pgid != t->pgrp ? -EAGAIN : 0;
}

static void leaders(void *arg, uint32_t events)
{
	struct msg m;
	struct tty *t;
	int64_t sid;

	(void)arg;
	(void)events;
	while ((sid = ask(P_LEADERS, 0, 0, 0, &m)) > 0) {
		t = tty_by_session((uint32_t)sid);
		if (t)
			tty_hangup(t);
	}
}

void session_init(void)
{
	struct msg m;

	if (ask(P_LEADERS_FILE, 0, 0, 0, &m) < 0 || m.nh != 1)
		srv_die("procd tells nothing of sessions");
	srv_watch(&ptyd, m.h[0], EV_IN, 0, leaders, NULL);
}
