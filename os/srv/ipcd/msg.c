/* SPDX-License-Identifier: MIT */
/* Message queues of System V: typed messages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include "ipcd.h"

#define TEXT_MAX	8192u
#define QUEUE_BYTES	16384u

struct text {
	struct text *next;
	long type;
	size_t len;
	char data[];
};

/* A held send (text) or receive. */
struct msg_wait {
	struct msg_wait *next;
	uint64_t token, room;
	uint32_t pid;
	long type;
	int flags;
	struct text *text;
};

struct queue {
	struct object o;
	struct msqid_ds ds;
	struct text *texts;
	struct msg_wait *receivers, *senders;
	struct queue *next;
};

static struct queue *queues;

struct object *msg_new(struct srv_req *r, uint64_t n, int *err)
{
	struct queue *q = calloc(1, sizeof(*q));

	(void)r;
	(void)n;
	*err = -ENOMEM;
	if (!q)
		return NULL;
	q->ds.msg_qbytes = QUEUE_BYTES;
	q->ds.msg_ctime = sysv_now();
	q->next = queues;
	queues = q;
	return &q->o;
}

static bool fits(const struct queue *q, size_t len)
{
	return q->ds.msg_cbytes + len <= q->ds.msg_qbytes && q->ds.msg_qnum < q->ds.msg_qbytes;
}

static bool matches(const struct text *t, long type, int flags)
{
	if (!type)
		return true;
	if (type < 0)
		return t->type <= -type;
	return (t->type == type) != !!(flags & MSG_EXCEPT);
}

/* The message for this type: the first, but for a negative one the first of the lowest type. */
static struct text **choose(struct queue *q, long type, int flags)
{
	struct text **best = NULL;

	for (struct text **pp = &q->texts; *pp; pp = &(*pp)->next) {
		if (!matches(*pp, type, flags))
			continue;
		if (type >= 0)
			return pp;
		if (!best || (*pp)->type < (*best)->type)
			best = pp;
	}
	return best;
}

static void add(struct msg_wait **list, struct msg_wait *w)
{
	while (*list)
		list = &(*list)->next;
	*list = w;
}

/* Gives t to a held receive: false when its client is gone or has no room for it. */
static bool hand_over(struct queue *q, const struct msg_wait *w, const struct text *t)
{
	struct msg a = { .w = { t->len < w->room ? t->len : w->room, (uint64_t)t->type } };

	if (t->len > w->room && !(w->flags & MSG_NOERROR)) {
		srv_reply(w->token, -E2BIG);
		return false;
	}
	if (a.w[0] && sys_msg_write(w->token, 1, 0, t->data, a.w[0]) != (int64_t)a.w[0])
		a.w[0] = (uint64_t)-EFAULT;
	q->ds.msg_lrpid = (pid_t)w->pid;
	q->ds.msg_rtime = sysv_now();
	return sys_reply(w->token, &a) >= 0;
}

static void arrived(struct queue *q, struct text *t, uint32_t pid)
{
	struct text **pp = &q->texts;

	q->ds.msg_lspid = (pid_t)pid;
	q->ds.msg_stime = sysv_now();
	for (struct msg_wait **wp = &q->receivers, *w; (w = *wp); ) {
		bool taken;

		if (!matches(t, w->type, w->flags)) {
			wp = &w->next;
			continue;
		}
		*wp = w->next;
		taken = hand_over(q, w, t);
		free(w);
		if (taken) {
			free(t);
			return;
		}
	}
	while (*pp)
		pp = &(*pp)->next;
	*pp = t;
	q->ds.msg_qnum++;
	q->ds.msg_cbytes += t->len;
}

static int64_t hold(struct srv_req *r, struct msg_wait **list, struct text *t)
{
	struct msg_wait *w;

	if (r->m.w[3] & IPC_NOWAIT)
		return t ? -EAGAIN : -ENOMSG;
	w = malloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	*w = (struct msg_wait){ NULL, r->m.token, r->m.r[1].len, r->m.pid, (long)r->m.w[2], (int)r->m.w[3], t };
	add(list, w);
	return SRV_HELD;
}

int64_t msg_send(struct srv_req *r)
{
	uint64_t len = r->m.r[0].len;
	struct object *o;
	struct queue *q;
	struct text *t;
	int64_t res = object_find(r, IPC_MSG_, (int)r->m.w[1], 2, &o);

	if (res)
		return res;
	q = (struct queue *)o;
	if ((long)r->m.w[2] < 1 || len > TEXT_MAX || len > q->ds.msg_qbytes)
		return -EINVAL;
	t = malloc(sizeof(*t) + len);
	if (!t)
		return -ENOMEM;
	*t = (struct text){ .type = (long)r->m.w[2], .len = len };
	if (len && sys_msg_read(r->m.token, 0, 0, t->data, len) != (int64_t)len) {
		free(t);
		return -EFAULT;
	}
	if (fits(q, len)) {
		arrived(q, t, r->m.pid);
		return 0;
	}
	res = hold(r, &q->senders, t);
	if (res != SRV_HELD)
		free(t);
	return res;
}

static void let_in(struct queue *q)
{
	struct msg_wait *w;

	while ((w = q->senders) && fits(q, w->text->len)) {
		q->senders = w->next;
		srv_reply(w->token, 0);
		arrived(q, w->text, w->pid);
		free(w);
	}
}

int64_t msg_receive(struct srv_req *r)
{
	long type = (long)r->m.w[2];
	uint64_t room = r->m.r[1].len;
	struct text **pp, *t;
	struct object *o;
	struct queue *q;
	int64_t n = object_find(r, IPC_MSG_, (int)r->m.w[1], 4, &o);

	if (n)
		return n;
	q = (struct queue *)o;
	pp = choose(q, type, (int)r->m.w[3]);
	if (!pp)
		return hold(r, &q->receivers, NULL);
	t = *pp;
	if (t->len > room && !(r->m.w[3] & MSG_NOERROR))
		return -E2BIG;
	n = (int64_t)(t->len < room ? t->len : room);
	if (n && srv_put(r, t->data, (size_t)n) != n)
		return -EFAULT;
	r->m.w[1] = (uint64_t)t->type;
	*pp = t->next;
	q->ds.msg_qnum--;
	q->ds.msg_cbytes -= t->len;
	q->ds.msg_lrpid = (pid_t)r->m.pid;
	q->ds.msg_rtime = sysv_now();
	free(t);
	let_in(q);
	return n;
}

static void wait_end(struct msg_wait **list, int err)
{
	struct msg_wait *w;

	while ((w = *list)) {
		*list = w->next;
		srv_reply(w->token, err);
		free(w->text);
		free(w);
	}
}

static void queue_free(struct queue *q)
{
	struct queue **pp = &queues;
	struct text *t;

	wait_end(&q->receivers, -EIDRM);
	wait_end(&q->senders, -EIDRM);
	while ((t = q->texts)) {
		q->texts = t->next;
		free(t);
	}
	while (*pp != q)
		pp = &(*pp)->next;
	*pp = q->next;
	object_drop(&q->o);
	free(q);
}

static bool cancel_in(struct msg_wait **list, uint64_t token)
{
	for (; *list; list = &(*list)->next) {
		struct msg_wait *w = *list;

		if (w->token != token)
			continue;
		*list = w->next;
		free(w->text);
		free(w);
		return true;
	}
	return false;
}

bool msg_cancel(uint64_t token)
{
	for (struct queue *q = queues; q; q = q->next)
		if (cancel_in(&q->receivers, token) || cancel_in(&q->senders, token))
			return true;
	return false;
}

/* Only root makes a queue longer than it is at first. */
static int64_t set(struct srv_req *r, struct queue *q)
{
	struct msqid_ds ds;
	int64_t err;

	if (r->m.r[0].len < sizeof(ds) || sys_msg_read(r->m.token, 0, 0, &ds, sizeof(ds)) != sizeof(ds))
		return -EFAULT;
	if (ds.msg_qbytes > QUEUE_BYTES && ds.msg_qbytes > q->ds.msg_qbytes && CRED_UID(r->m.cred))
		return -EPERM;
	err = object_set(r, &q->o, sizeof(ds));
	if (err)
		return err;
	q->ds.msg_qbytes = ds.msg_qbytes;
	q->ds.msg_ctime = sysv_now();
	let_in(q);
	return 0;
}

int64_t msg_ctl(struct srv_req *r, struct object *o)
{
	struct queue *q = (struct queue *)o;

	switch (r->m.w[3]) {
	case IPC_STAT:
		q->ds.msg_perm = o->perm;
		return srv_put(r, &q->ds, sizeof(q->ds)) < 0 ? -EFAULT : 0;
	case IPC_SET:
		return set(r, q);
	case IPC_RMID:
		if (!object_owned(r, o))
			return -EPERM;
		queue_free(q);
		return 0;
	}
	return -EINVAL;
}
