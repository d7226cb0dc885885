/* SPDX-License-Identifier: MIT */
/* Message queues: messages by priority, who waits, who is told of the first message. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "mq.h"

void mqd_ready(struct queue *q)
{
	uint32_t bits = (q->count ? EV_IN : 0) | (q->count < q->max_msgs ? EV_OUT : 0);

	for (struct mq_open *o = mq_opens(); o; o = o->next)
		if (o->q == q)
			sys_file_ready(o->h, (EV_IN | EV_OUT) & ~bits, bits);
}

static void insert(struct queue *q, struct message *m)
{
	struct message **pp = &q->messages;

	while (*pp && (*pp)->prio >= m->prio)
		pp = &(*pp)->next;
	m->next = *pp;
	*pp = m;
	q->count++;
}

static struct mq_wait *first(struct mq_wait **list)
{
	struct mq_wait *w = *list;

	if (w) {
		*list = w->next;
		wait_stop(&w->w);
	}
	return w;
}

static void add(struct mq_wait **list, struct mq_wait *w)
{
	while (*list)
		list = &(*list)->next;
	*list = w;
}

static void wait_free(struct mq_wait *w)
{
	free(w->msg);
	free(w);
}

static bool take_out(struct mq_wait **list, const struct mq_wait *w)
{
	for (; *list; list = &(*list)->next) {
		if (*list == w) {
			*list = w->next;
			return true;
		}
	}
	return false;
}

static void expired(void *arg)
{
	struct mq_wait *w = arg;

	if (!take_out(&w->q->receivers, w))
		take_out(&w->q->senders, w);
	srv_reply(w->w.token, -ETIMEDOUT);
	wait_free(w);
}

/* Tells whoever asked: the queue was empty and nobody was waiting for the message. */
static void notify(struct queue *q)
{
	struct msg m = { .w = { P_KILL, q->pid, (uint64_t)q->signo, (uint64_t)(int64_t)SI_MESGQ, q->value } };
	uint64_t kind = q->kind;

	q->kind = NOTIFY_OFF;
	if (kind == NOTIFY_SIGNAL)
		sys_call(srv_start()->procd, &m);
	else if (kind == NOTIFY_PIPE)
		sys_write(q->pipe, "", 1);
	if (kind == NOTIFY_PIPE)
		sys_handle_close(q->pipe);
}

/* Gives m to the client of token; false when that is gone. */
static bool hand_over(uint64_t token, const struct message *m)
{
	struct msg a = { .w = { m->len, m->prio } };

	if (m->len && sys_msg_write(token, 1, 0, m->text, m->len) != (int64_t)m->len)
		a.w[0] = (uint64_t)-EFAULT;
	return sys_reply(token, &a) >= 0;
}

static void arrived(struct queue *q, struct message *m)
{
	struct mq_wait *w;
	bool empty = !q->count;

	while ((w = first(&q->receivers))) {
		bool taken = hand_over(w->w.token, m);

		wait_free(w);
		if (taken) {
			free(m);
			return;
		}
	}
	insert(q, m);
	if (empty && q->kind != NOTIFY_OFF)
		notify(q);
	mqd_ready(q);
}

static int64_t hold(struct srv_req *r, struct queue *q, struct message *m, int64_t deadline)
{
	int err = r->m.fflags & O_NONBLOCK ? -EAGAIN : wait_check(deadline);
	struct mq_wait *w = err ? NULL : calloc(1, sizeof(*w));

	if (!w)
		return err ? err : -ENOMEM;
	w->q = q;
	w->msg = m;
	wait_start(&w->w, r->m.token, deadline, expired, w);
	add(m ? &q->senders : &q->receivers, w);
	return SRV_HELD;
}

int64_t mqd_send(struct srv_req *r, struct mq_open *o)
{
	struct queue *q = o->q;
	uint64_t len = r->m.r[0].len;
	struct message *m;
	int64_t res;

	if ((o->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (r->m.w[1] >= PRIO_MAX_)
		return -EINVAL;
	if (len > q->max_len)
		return -EMSGSIZE;
	m = malloc(sizeof(*m) + len);
	if (!m)
		return -ENOMEM;
	*m = (struct message){ .prio = (unsigned)r->m.w[1], .len = len };
	if (len && sys_msg_read(r->m.token, 0, 0, m->text, len) != (int64_t)len) {
		free(m);
		return -EFAULT;
	}
	if (q->count < q->max_msgs) {
		arrived(q, m);
		return 0;
	}
	res = hold(r, q, m, (int64_t)r->m.w[2]);
	if (res != SRV_HELD)
		free(m);
	return res;
}

/* There is room again. */
static void let_in(struct queue *q)
{
	struct mq_wait *w;

	while (q->count < q->max_msgs && (w = first(&q->senders))) {
		struct message *m = w->msg;

		w->msg = NULL;
		srv_reply(w->w.token, 0);
		arrived(q, m);
		wait_free(w);
	}
	mqd_ready(q);
}

int64_t mqd_recv(struct srv_req *r, struct mq_open *o)
{
	struct queue *q = o->q;
	struct message *m = q->messages;
	int64_t n;

	if ((o->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (r->m.r[1].len < q->max_len)
		return -EMSGSIZE;
	if (!m)
		return hold(r, q, NULL, (int64_t)r->m.w[2]);
	if (m->len && srv_put(r, m->text, m->len) < 0)
		return -EFAULT;
	q->messages = m->next;
	q->count--;
	r->m.w[1] = m->prio;
	n = (int64_t)m->len;
	free(m);
	let_in(q);
	return n;
}

void mqd_forget(struct queue *q, uint64_t by)
{
	if (q->kind == NOTIFY_OFF || q->by != by)
		return;
	if (q->kind == NOTIFY_PIPE)
		sys_handle_close(q->pipe);
	q->kind = NOTIFY_OFF;
}

int64_t mqd_notify(struct srv_req *r, struct mq_open *o)
{
	struct queue *q = o->q;

	if (r->m.w[1] == NOTIFY_OFF) {
		if (q->kind != NOTIFY_OFF && q->pid == r->m.pid)
			mqd_forget(q, q->by);
		return 0;
	}
	if (q->kind != NOTIFY_OFF)
		return -EBUSY;
	if (r->m.w[1] > NOTIFY_PIPE || (r->m.w[1] == NOTIFY_PIPE && !r->m.nh) ||
	    (r->m.w[1] == NOTIFY_SIGNAL && r->m.w[2] >= ABI_NSIG))
		return -EINVAL;
	q->kind = r->m.w[1];
	q->by = o->id;
	q->pid = r->m.pid;
	q->signo = (int)r->m.w[2];
	q->value = r->m.w[3];
	if (q->kind == NOTIFY_PIPE) {
		q->pipe = srv_take(r, 0);
		sys_file_flags(q->pipe, O_NONBLOCK, O_NONBLOCK);
	}
	return 0;
}

static bool cancel_in(struct mq_wait **list, uint64_t token)
{
	for (; *list; list = &(*list)->next) {
		struct mq_wait *w = *list;

		if (w->w.token != token)
			continue;
		*list = w->next;
		wait_stop(&w->w);
		wait_free(w);
		return true;
	}
	return false;
}

bool mqd_cancel(struct queue *q, uint64_t token)
{
	return cancel_in(&q->receivers, token) || cancel_in(&q->senders, token);
}

void mqd_clear(struct queue *q)
{
	struct mq_wait *w;

	while (q->messages) {
		struct message *m = q->messages;

		q->messages = m->next;
		free(m);
	}
	while ((w = first(&q->receivers)) || (w = first(&q->senders))) {
		srv_reply(w->w.token, -EBADF);
		wait_free(w);
	}
}
