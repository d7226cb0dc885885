/* SPDX-License-Identifier: MIT */
/* Terminals: held requests, readiness, hang-up. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "ptyd.h"

static struct tty *ttys;
static uint32_t next_id = 1;

static void on_signal(void *arg, int signo)
{
	struct tty *t = arg;

	if (t->pgrp)
		session_signal(-(int64_t)t->pgrp, signo);
}

struct tty *tty_new(const char *name)
{
	struct tty *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	strncpy(t->name, name, sizeof(t->name) - 1);
	t->id = next_id++;
	t->mode = 0620;
	t->drv = H_NONE;
	ld_init(&t->l, on_signal, t);
	t->next = ttys;
	ttys = t;
	return t;
}

struct tty *tty_each(struct tty *after)
{
	return after ? after->next : ttys;
}

struct tty *tty_by_name(const char *name)
{
	struct tty *t;

	for (t = ttys; t && strcmp(t->name, name); t = t->next)
		;
	return t;
}

struct tty *tty_by_session(uint32_t sid)
{
	struct tty *t;

	for (t = ttys; t && (!sid || t->sid != sid); t = t->next)
		;
	return t;
}

void tty_free_if_unused(struct tty *t)
{
	struct tty **p;

	if (!t->is_pty || t->master || t->opens)
		return;
	if (t->sid)
		session_release(t);
	for (p = &ttys; *p != t; p = &(*p)->next)
		;
	*p = t->next;
	for (struct pend *q = t->pends, *next; q; q = next) {
		next = q->next;
		srv_timer_set(&ptyd, &q->timer, 0);
		if (!q->gone)
			srv_reply(q->token, -EIO);
		free(q);
	}
	free(t);
}

static void push(struct open *o, uint32_t ready)
{
	if (o->ready == ready)
		return;
	sys_file_ready(o->h, o->ready & ~ready, ready & ~o->ready);
	o->ready = ready;
}

static int readable(const struct tty *t)
{
	size_t min = t->l.t.c_cc[VTIME] ? 1 : t->l.t.c_cc[VMIN];

	if (t->l.t.c_lflag & ICANON)
		return ld_ready(&t->l);
	return ld_readable(&t->l) >= (min ? min : 1);
}

static void push_all(struct tty *t)
{
	uint32_t slave = 0, master = EV_OUT;

	if (t->is_pty && !t->master)
		slave = EV_IN | EV_OUT | EV_HUP;
	if (readable(t))
		slave |= EV_IN;
	if (ld_out_space(&t->l) > 64)
		slave |= EV_OUT;
	for (struct open *o = t->opens; o; o = o->next)
		push(o, slave);
	if (!t->master)
		return;
	if (ld_pending(&t->l) && !t->l.stopped)
		master |= EV_IN;
	if (t->packets && t->packet_news)
		master |= EV_IN | EV_PRI;
	if (t->slave_was_open && !t->opens)
		master |= EV_HUP;
	push(t->master, master);
}

/* Tries every held request once; true when one was answered. */
static int try_all(struct tty *t)
{
	int answered = 0;

	for (struct pend *p = t->pends; p; p = p->next) {
		int64_t res;

		if (p->gone)
			continue;
		res = p->background ? session_still_background(t, p->pid) : 0;
		if (!res) {
			p->background = 0;
			res = p->try(p);
		}
		if (res == -EAGAIN)
			continue;
		p->gone = 1;
		answered = 1;
		srv_timer_set(&ptyd, &p->timer, 0);
		if (res != SRV_HELD)	/* it waits for something else now */
			srv_reply(p->token, res);
	}
	return answered;
}

static void sweep(struct tty *t)
{
	for (struct pend **pp = &t->pends, *p; (p = *pp); ) {
		if (!p->gone) {
			pp = &p->next;
			continue;
		}
		*pp = p->next;
		free(p);
	}
}

void tty_packet(struct tty *t, uint8_t news)
{
	uint8_t against = 0;

	if (!t->packets)
		return;
	if (news & (TIOCPKT_STOP | TIOCPKT_START))
		against = TIOCPKT_STOP | TIOCPKT_START;
	if (news & (TIOCPKT_DOSTOP | TIOCPKT_NOSTOP))
		against = TIOCPKT_DOSTOP | TIOCPKT_NOSTOP;
	t->packet_news = (uint8_t)((t->packet_news & ~against) | news);
}

/* Tells a master in packet mode whether output was stopped, and whether ^S and ^Q do that. */
static void packet_changes(struct tty *t)
{
	int flow = t->l.t.c_iflag & IXON && t->l.t.c_cc[VSTOP] == 'S' - '@' && t->l.t.c_cc[VSTART] == 'Q' - '@';

	if (t->l.stopped != (unsigned)t->was_stopped)
		tty_packet(t, t->l.stopped ? TIOCPKT_STOP : TIOCPKT_START);
	if (flow != t->had_flow)
		tty_packet(t, flow ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
	t->was_stopped = t->l.stopped;
	t->had_flow = flow;
}

void tty_update(struct tty *t)
{
	packet_changes(t);
	do
		attach_drain(t);
	while (try_all(t));
	sweep(t);
	push_all(t);
	attach_watch(t);
}

static void expire(void *arg)
{
	struct pend *p = arg;

	p->expired = 1;
	tty_update(p->open->tty);
}

int64_t tty_hold(struct open *o, struct srv_req *r, int64_t (*try)(struct pend *p),
		 struct pend *init)
{
	struct pend *p = malloc(sizeof(*p)), **pp;

	if (!p)
		return -ENOMEM;
	*p = *init;
	p->open = o;
	p->held = 1;
	p->token = r->m.token;
	p->try = try;
	p->timer = (struct srv_timer){ .fn = expire, .arg = p };
	p->next = NULL;
	for (pp = &o->tty->pends; *pp; pp = &(*pp)->next)
		;
	*pp = p;
	tty_update(o->tty);
	return SRV_HELD;
}

void tty_cancel(uint64_t token)
{
	for (struct tty *t = ttys; t; t = t->next) {
		for (struct pend *p = t->pends; p; p = p->next) {
			if (p->token != token || p->gone)
				continue;
			p->gone = 1;
			srv_timer_set(&ptyd, &p->timer, 0);
			srv_reply(token, p->done ? (int64_t)p->done : -EINTR);
			sweep(t);
			return;
		}
	}
}

void tty_hangup(struct tty *t)
{
	if (t->pgrp)
		session_signal(-(int64_t)t->pgrp, SIGHUP);
	if (t->sid)
		session_signal(t->sid, SIGHUP);
	if (t->pgrp)
		session_signal(-(int64_t)t->pgrp, SIGCONT);
	session_release(t);
	tty_update(t);
}

void tty_resize(struct tty *t, const struct winsize *ws)
{
	if (!memcmp(&t->l.ws, ws, sizeof(*ws)))
		return;
	t->l.ws = *ws;
	if (t->pgrp)
		session_signal(-(int64_t)t->pgrp, SIGWINCH);
}
