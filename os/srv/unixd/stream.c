/* SPDX-License-Identifier: MIT */
/* Stream and seqpacket sockets: listening, connecting, accepting. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include "unixd.h"

#define BACKLOG_MAX	4096u

int64_t stream_listen(struct srv_req *r, struct sock *s)
{
	int64_t n = (int64_t)(int32_t)r->m.w[1];

	if (s->type == SOCK_DGRAM)
		return -EOPNOTSUPP;
	if (s->state == CONNECTED || !s->own.len)
		return -EINVAL;
	s->backlog = n < 0 ? 0 : n > BACKLOG_MAX ? BACKLOG_MAX : (unsigned)n;
	s->made = (struct who){ r->m.pid, r->m.cred };
	if (s->state == FRESH)
		sys_file_ready(s->h, EV_OUT | EV_HUP, 0);
	s->state = LISTENING;
	return 0;
}

/* The socket that accept will find: its plane is the other end of the pair of s. */
static struct sock *make_accepted(struct sock *s, struct sock *to, const struct srv_req *r)
{
	struct sock *n = sock_new(s->type, r, false);
	struct file_args a = { .rights = R_READ | R_WRITE | R_CALL | R_DUP, .fflags = O_RDWR, .plane = PLANE_CHAN,
			       .data = s->end[1] };
	int64_t h;

	if (!n)
		return NULL;
	a.id = n->id;
	n->state = CONNECTED;
	n->own = to->own;
	n->peer = s->own;
	n->made = to->made;
	n->other = (struct who){ r->m.pid, r->m.cred };
	h = sys_file_create(unixd.port, &a);
	if (h < 0) {
		sock_free(n);
		return NULL;
	}
	n->h = (handle_t)h;
	return n;
}

static void answer_accept(const struct held *w, struct sock *n)
{
	struct msg m = { .w = { 0, n->peer.len ? n->peer.len : sizeof(sa_family_t) }, .nh = 1, .hflags = MSG_MOVE };
	int64_t h = sys_handle_dup(n->h, H_HIGH, 0);

	if (w->flags & SOCK_NONBLOCK)
		sys_file_flags(n->h, O_NONBLOCK, O_NONBLOCK);
	n->peer.sa.sun_family = AF_UNIX;
	sys_msg_write(w->token, 1, 0, &n->peer.sa, m.w[1] < w->room ? m.w[1] : w->room);
	m.h[0] = (handle_t)h;
	if (h < 0) {
		srv_reply(w->token, h);
		sock_free(n);
	} else if (sys_reply(w->token, &m) < 0) {
		sys_handle_close((handle_t)h);	/* the client is gone: MSG_CLOSE follows */
	}
}

static void enqueue(struct sock *to, struct sock *n)
{
	struct sock **pp = &to->queued;
	struct held *w = held_take(&to->waiting);

	if (w) {
		answer_accept(w, n);
		free(w);
		return;
	}
	while (*pp)
		pp = &(*pp)->qnext;
	*pp = n;
	to->nqueued++;
	sys_file_ready(to->h, 0, EV_IN);
}

static int64_t join(struct srv_req *r, struct sock *s, struct sock *to)
{
	struct sock *n = make_accepted(s, to, r);

	if (!n)
		return -ENOMEM;
	s->state = CONNECTED;
	s->peer = to->own;
	s->other = to->made;
	sys_handle_close(s->end[1]);
	s->end[1] = H_NONE;
	sys_file_start(s->h);
	enqueue(to, n);
	return 0;
}

int64_t stream_connect(struct srv_req *r, struct sock *s, struct sock *to)
{
	struct held h = { .token = r->m.token, .by = s->id };
	int64_t err;

	if (s->state != FRESH)
		return s->state == CONNECTED ? -EISCONN : -EINVAL;
	if (to->type != s->type)
		return -EPROTOTYPE;
	if (to->state != LISTENING)
		return -ECONNREFUSED;
	if (to->nqueued <= to->backlog)
		return join(r, s, to);
	if (no_wait(r, 0))
		return -EAGAIN;
	err = held_add(&to->wanting, &h);
	return err ? err : SRV_HELD;
}

/* There is room in the queue: lets the next connect in, as if it came now. */
static void let_in(struct sock *to)
{
	struct held *w;

	while (to->nqueued <= to->backlog && (w = held_take(&to->wanting))) {
		struct sock *s = sock_find(w->by);
		struct srv_req r = { 0 };

		r.m.pid = s ? s->made.pid : 0;
		r.m.cred = s ? s->made.cred : 0;
		srv_reply(w->token, !s || s->state != FRESH ? -ECONNREFUSED : join(&r, s, to));
		free(w);
	}
}

int64_t stream_accept(struct srv_req *r, struct sock *s)
{
	struct held w = { .token = r->m.token, .room = r->m.r[1].len, .flags = (int)r->m.w[2] };
	struct sock *n = s->queued;
	int64_t err;

	if (s->type == SOCK_DGRAM)
		return -EOPNOTSUPP;
	if (s->state != LISTENING)
		return -EINVAL;
	if (n) {
		s->queued = n->qnext;
		n->qnext = NULL;
		if (!--s->nqueued)
			sys_file_ready(s->h, EV_IN, 0);
		answer_accept(&w, n);
		let_in(s);
		return SRV_HELD;
	}
	if (no_wait(r, 0))
		return -EAGAIN;
	err = held_add(&s->waiting, &w);
	return err ? err : SRV_HELD;
}

void stream_closed(struct sock *s)
{
	struct held *w;

	while (s->queued) {
		struct sock *n = s->queued;

		s->queued = n->qnext;
		sock_free(n);
	}
	while ((w = held_take(&s->wanting))) {
		srv_reply(w->token, -ECONNREFUSED);
		free(w);
	}
	while ((w = held_take(&s->waiting))) {
		srv_reply(w->token, -EINVAL);
		free(w);
	}
}
