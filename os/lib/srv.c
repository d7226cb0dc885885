/* SPDX-License-Identifier: MIT */
/* The message loop: receive, dispatch, answer; see srv.h. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "srv.h"

static_assert(offsetof(struct srv_req, text) == offsetof(struct msg_text, text), "received as one");

struct srv_watch {
	uint64_t key;
	handle_t h;
	void (*fn)(void *arg, uint32_t events);
	void *arg;
	struct srv_watch *next;
};

int srv_init(struct srv *s)
{
	if (s->port <= 0) {
		int64_t port = sys_port_create();

		if (port < 0)
			return (int)port;
		s->port = (handle_t)port;
	}
	s->next_key = 1;
	/* A client or driver that hung up is an error of the write, not our end. */
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

void srv_reply_full(uint64_t token, int64_t w0, uint64_t w1, uint64_t w2, handle_t out)
{
	struct msg m;

	memset(&m, 0, sizeof(m));
	m.w[0] = (uint64_t)w0;
	m.w[1] = w1;
	m.w[2] = w2;
	if (out != H_NONE) {
		m.h[0] = out;
		m.nh = 1;
		m.hflags = MSG_MOVE;
	}
	/* A client that died meanwhile is no error, but then the handle is still ours. */
	if (sys_reply(token, &m) < 0 && out != H_NONE)
		sys_handle_close(out);
}

void srv_reply(uint64_t token, int64_t result)
{
	srv_reply_full(token, result, 0, 0, H_NONE);
}

void srv_give(struct srv_req *r, handle_t h)
{
	if (r->nout < MSG_HANDLES)
		r->out[r->nout++] = h;
	else
		sys_handle_close(h);
}

handle_t srv_take(struct srv_req *r, unsigned i)
{
	handle_t h;

	if (i >= r->m.nh)
		return H_NONE;
	h = r->m.h[i];
	r->m.h[i] = H_NONE;
	return h;
}

int64_t srv_watch(struct srv *s, handle_t h, uint32_t events, uint32_t flags,
		  void (*fn)(void *arg, uint32_t events), void *arg)
{
	struct srv_watch *w = malloc(sizeof(*w));
	int64_t err;

	if (!w)
		return -ENOMEM;
	w->key = s->next_key++;
	w->h = h;
	w->fn = fn;
	w->arg = arg;
	err = sys_bind(h, s->port, w->key, events, flags);
	if (err < 0) {
		free(w);
		return err;
	}
	w->next = s->watches;
	s->watches = w;
	return (int64_t)w->key;
}

int64_t srv_rewatch(struct srv *s, int64_t key, uint32_t events, uint32_t flags)
{
	for (struct srv_watch *w = s->watches; w; w = w->next)
		if (w->key == (uint64_t)key)
			return sys_bind(w->h, s->port, w->key, events, flags);
	return -ENOENT;
}

void srv_unwatch(struct srv *s, int64_t key)
{
	for (struct srv_watch **p = &s->watches; *p; p = &(*p)->next) {
		struct srv_watch *w = *p;

		if (w->key != (uint64_t)key)
			continue;
		sys_bind(w->h, s->port, w->key, 0, 0);
		*p = w->next;
		free(w);
		return;
	}
}

/* An event that was queued before srv_unwatch finds no watch: nothing to do. */
static void event(struct srv *s, const struct msg *m)
{
	for (struct srv_watch *w = s->watches; w; w = w->next) {
		if (w->key == m->id) {
			w->fn(w->arg, (uint32_t)m->w[0]);
			return;
		}
	}
}

static void run_timers(struct srv *s)
{
	while (s->timers && s->timers->deadline <= srv_now()) {
		struct srv_timer *t = s->timers;

		s->timers = t->next;
		t->deadline = 0;
		t->fn(t->arg);
	}
}

static void wake_at(struct srv *s, int64_t deadline);

static void went_off(void *arg, uint32_t events)
{
	struct srv *s = arg;

	(void)events;
	s->armed = 0;
	run_timers(s);
	if (s->timers)
		wake_at(s, s->timers->deadline);
}

static void make_timer(struct srv *s)
{
	int64_t h = s->port > 0 ? sys_timer_create() : H_NONE;

	if (h > 0 && srv_watch(s, (handle_t)h, EV_IN, BIND_EDGE, went_off, s) > 0)
		s->timer = (handle_t)h;
	else if (h > 0)
		sys_handle_close((handle_t)h);
}

/*
 * One timer of the kernel serves all of ours, so that a message costs no look at the clock. It may go off too early, for
 * one that was disarmed since: then it is set again.
 */
static void wake_at(struct srv *s, int64_t deadline)
{
	if (s->armed && s->armed <= deadline)
		return;
	if (s->timer <= 0)
		make_timer(s);
	if (s->timer > 0 && !sys_timer_set(s->timer, deadline))
		s->armed = deadline;
}

void srv_timer_set(struct srv *s, struct srv_timer *t, int64_t deadline)
{
	struct srv_timer **p;

	for (p = &s->timers; *p; p = &(*p)->next) {
		if (*p == t) {
			*p = t->next;
			break;
		}
	}
	t->deadline = deadline;
	if (!deadline)
		return;
	for (p = &s->timers; *p && (*p)->deadline <= deadline; p = &(*p)->next)
		;
	t->next = *p;
	*p = t;
	if (s->timers == t)
		wake_at(s, deadline);
}

void srv_answer(struct srv_req *r, int64_t res)
{
	r->m.w[0] = (uint64_t)res;
	r->m.nh = r->nout;
	memcpy(r->m.h, r->out, sizeof(r->m.h));
	r->m.hflags = (r->nout ? MSG_MOVE : 0) | (r->nput ? MSG_PUT : 0);
	r->m.r[1] = (struct msg_range){ (uint64_t)r->text, r->nput };
}

static void close_received(struct msg *m)
{
	for (uint32_t i = 0; i < m->nh && i < MSG_HANDLES; i++)
		if (m->h[i] != H_NONE)
			sys_handle_close(m->h[i]);
}

/* Handles one call; true when m is now an answer to be sent to *token. */
static int one_call(struct srv *s, struct srv_req *r, uint64_t *token)
{
	int64_t res;

	r->nout = r->nput = 0;
	*token = r->m.token;
	res = s->call(s, r);
	close_received(&r->m);
	if (res == SRV_HELD)
		return 0;
	srv_answer(r, res);
	return 1;
}

/* Handles one message; true when r->m is an answer to *token. */
static int one(struct srv *s, struct srv_req *r, uint64_t *token)
{
	switch (r->m.kind) {
	case MSG_CALL:
		return one_call(s, r, token);
	case MSG_CLOSE:
		if (s->close)
			s->close(s, r->m.id);
		break;
	case MSG_CANCEL:
		if (s->cancel)
			s->cancel(s, r->m.token);
		break;
	case MSG_EVENT:
		event(s, &r->m);
		break;
	case MSG_PAGE:
		if (s->page)
			s->page(s, &r->m);
		break;
	case MSG_BORN:
	case MSG_DIED:
	case MSG_STATE:
		if (s->proc)
			s->proc(s, &r->m);
		else
			close_received(&r->m);
		break;
	}
	return 0;
}

#define LOOK_EVERY	4	/* messages: who is not busy looks that often whether more are queued */

/* Until when to wait for a message: for ever, but when there was no memory for the kernel's timer. */
static int64_t patience(const struct srv *s)
{
	return s->timers && !s->armed ? s->timers->deadline : T_FOREVER;
}

/* The next of a batch, or -ETIMEDOUT. */
static int64_t another(struct srv *s, struct srv_req *r)
{
	int64_t err;

	if (!s->busy && ++s->looks % LOOK_EVERY)
		return -ETIMEDOUT;
	err = sys_recv_text(s->port, (struct msg_text *)r, 0);
	s->busy = err != -ETIMEDOUT;
	return err;
}

/* Answers (when there is one) and receives the next message. */
static int64_t next(struct srv *s, struct srv_req *r, int answer, uint64_t token)
{
	int64_t err;

	if (answer && !s->idle && patience(s) == T_FOREVER) {
		err = sys_reply_recv_text(s->port, token, (struct msg_text *)r);
		/* The client may have died: its answer goes nowhere, but we still want a message. */
		return err < 0 ? sys_recv_text(s->port, (struct msg_text *)r, T_FOREVER) : err;
	}
	if (answer && sys_reply(token, &r->m) < 0)
		close_received(&r->m);
	if (!s->idle)
		return sys_recv_text(s->port, (struct msg_text *)r, patience(s));
	err = another(s, r);
	if (err != -ETIMEDOUT)
		return err;
	s->idle(s);
	return sys_recv_text(s->port, (struct msg_text *)r, patience(s));
}

void srv_run(struct srv *s)
{
	struct srv_req r;
	uint64_t token = 0;
	int answer = 0;

	while (!s->stop) {
		int64_t err = next(s, &r, answer, token);

		answer = 0;
		if (err == -ETIMEDOUT)
			went_off(s, 0);
		else if (err >= 0)
			answer = one(s, &r, &token);
		else if (err != -EINTR)
			srv_die("recv: error %d", (int)-err);
	}
	if (answer)
		sys_reply(token, &r.m);
}
