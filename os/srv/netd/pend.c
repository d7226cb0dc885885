/* SPDX-License-Identifier: MIT */
/* Held requests and readiness of sockets. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "netd.h"

static struct sock *touched;

static uint32_t tcp_readiness(const struct sock *s)
{
	uint32_t ev = 0;

	if (s->in || s->eof || s->accepts || s->error)
		ev |= EV_IN;
	if (s->eof)
		ev |= EV_RDHUP;
	if (s->state == TS_CLOSED || s->state == TS_NEW || (s->eof && s->wr_shut))
		ev |= EV_HUP | EV_OUT;
	if (s->state == TS_CONNECTED && (s->wr_shut || tcp_writable(s)))
		ev |= EV_OUT;
	return ev;
}

uint32_t sock_readiness(const struct sock *s)
{
	uint32_t ev = s->error ? EV_ERR : 0;

	if (s->kind == K_TCP)
		return ev | tcp_readiness(s);
	if (s->rd_shut)
		ev |= EV_IN | EV_RDHUP | (s->wr_shut ? EV_HUP : 0);
	return ev | (s->dgrams || s->error ? EV_IN : 0) | EV_OUT;
}

/* Edge-triggered watchers learn of bytes that come while others still wait to be read (news). */
void sock_push(struct sock *s)
{
	uint32_t ready = sock_readiness(s), again = ready & s->news;

	s->news &= ~(again | EV_IN);
	if (ready == s->ready && !again)
		return;
	sys_file_ready(s->h, s->ready & ~ready, (ready & ~s->ready) | again);
	s->ready = ready;
}

static void disarm(struct pend *p)
{
	if (p->timer.deadline)
		srv_timer_set(&netd, &p->timer, 0);
}

static void answer(struct pend *p, const struct answer *a)
{
	struct msg m = { .h[0] = a->h, .nh = a->h != H_NONE, .hflags = a->h != H_NONE ? MSG_MOVE : 0 };

	memcpy(m.w, a->w, sizeof(m.w));
	p->gone = 1;
	disarm(p);
	/* A client that died meanwhile is no error, but then the handle is still ours. */
	if (sys_reply(p->token, &m) < 0 && a->h != H_NONE)
		sys_handle_close(a->h);
}

static void sweep(struct sock *s)
{
	struct pend **pp, *p;

	for (pp = &s->pends; (p = *pp); ) {
		if (!p->gone) {
			pp = &p->next;
			continue;
		}
		*pp = p->next;
		netd_free(p);
	}
}

static void update(struct sock *s)
{
	int answered = 0;

	for (struct pend *p = s->pends; p; p = p->next) {
		struct answer a = { .h = H_NONE };
		int64_t res;

		if (p->gone)
			continue;
		res = p->try(p, &a);
		if (res == -EAGAIN)
			continue;
		/* Readiness first: who is answered may look at it at once. */
		a.w[0] = (uint64_t)res;
		sock_push(s);
		answer(p, &a);
		answered = 1;
	}
	if (answered)
		sweep(s);
	sock_push(s);
}

void sock_touch(struct sock *s)
{
	if (s->is_touched)
		return;
	s->is_touched = 1;
	s->touched = touched;
	touched = s;
}

void sock_untouch(struct sock *s)
{
	struct sock **p;

	if (!s->is_touched)
		return;
	for (p = &touched; *p != s; p = &(*p)->touched)
		;
	*p = s->touched;
	s->is_touched = 0;
}

int sock_flush(void)
{
	int any = touched != NULL;

	while (touched) {
		struct sock *s = touched;

		touched = s->touched;
		s->is_touched = 0;
		update(s);
	}
	return any;
}

static void end(struct pend *p, int64_t otherwise)
{
	struct answer a = { .w[0] = p->done ? p->done : (uint64_t)otherwise, .h = H_NONE };
	struct sock *s = p->s;

	answer(p, &a);
	sweep(s);
	sock_touch(s);
}

static void expire(void *arg)
{
	struct pend *p = arg;

	end(p, p->s->kind == K_TCP && p->s->state == TS_CONNECTING ? -EINPROGRESS : -EAGAIN);
}

static int64_t hold(struct sock *s, struct srv_req *r, const struct pend *init)
{
	struct pend *p = netd_malloc(sizeof(*p)), **pp;
	int64_t timeout = init->writer ? s->snd_timeout : s->rcv_timeout;

	if (!p)
		return -ENOBUFS;
	*p = *init;
	p->token = r->m.token;
	p->timer = (struct srv_timer){ .fn = expire, .arg = p };
	p->next = NULL;
	for (pp = &s->pends; *pp; pp = &(*pp)->next)
		;
	*pp = p;
	if (timeout)
		srv_timer_set(&netd, &p->timer, srv_now() + timeout);
	return SRV_HELD;
}

/* One of the same direction is waiting already: this one comes after it. */
static int must_queue(const struct sock *s, const struct pend *p)
{
	for (const struct pend *q = s->pends; q; q = q->next)
		if (!q->gone && q->writer == p->writer)
			return 1;
	return 0;
}

/* Tries at once; holds a request that must wait, unless it must not. */
int64_t sock_start(struct sock *s, struct srv_req *r, struct pend *p)
{
	struct answer a = { .h = H_NONE };
	int64_t res = -EAGAIN;

	p->s = s;
	p->token = r->m.token;
	if (!must_queue(s, p))
		res = p->try(p, &a);
	if (res == -EAGAIN && !p->nonblock) {
		sock_push(s);
		return hold(s, r, p);
	}
	if (res == -EAGAIN && p->done)
		res = (int64_t)p->done;
	if (a.h != H_NONE)
		srv_give(r, a.h);
	memcpy(r->m.w, a.w, sizeof(a.w));
	sock_push(s);
	return res;
}

struct cancel { uint64_t token; struct pend *found; };

static void look(struct sock *s, void *arg)
{
	struct cancel *c = arg;

	for (struct pend *p = s->pends; p && !c->found; p = p->next)
		if (p->token == c->token && !p->gone)
			c->found = p;
}

void sock_cancel(uint64_t token)
{
	struct cancel c = { token, NULL };

	sock_each(look, &c);
	if (c.found)
		end(c.found, -EINTR);
}

void sock_drop_pends(struct sock *s)
{
	for (struct pend *p = s->pends, *next; p; p = next) {
		next = p->next;
		disarm(p);
		if (!p->gone)
			srv_reply(p->token, -EIO);
		netd_free(p);
	}
	s->pends = NULL;
}
