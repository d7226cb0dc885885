/* SPDX-License-Identifier: MIT */
/* Event queues: waiting for many objects at once. */
#include "defs.h"
#include "obj/evq.h"
#include "obj/handle.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define EVQ_MAX	1024

static void evq_closed(struct obj *o);
static void evq_destroy(struct obj *o);
static uint32_t evq_ready(struct obj *o);
static struct poll_head *evq_poll(struct obj *o);

const struct obj_type evq_type = {
	.kind = OBJ_EVQ, .name = "evq", .closed = evq_closed, .destroy = evq_destroy,
	.ready = evq_ready, .poll = evq_poll,
};

static uint32_t evq_ready(struct obj *o)
{
	return list_empty(&container_of(o, struct evq, obj)->ready) ? 0 : EV_IN;
}

static struct poll_head *evq_poll(struct obj *o)
{
	return &container_of(o, struct evq, obj)->poll;
}

/* Nobody can name it: its bindings go, and with them their references to it. */
static void evq_closed(struct obj *o)
{
	struct evq *q = container_of(o, struct evq, obj);

	for (;;) {
		struct bind *b = NULL;
		spin_lock(&q->lock);
		if (!list_empty(&q->binds)) {
			b = list_entry(q->binds.next, struct bind, evq_node);
			atomic_fetch_add(&b->refs, 1);
		}
		spin_unlock(&q->lock);
		if (!b)
			return;
		bind_remove(b);
		bind_put(b);
	}
}

static void evq_destroy(struct obj *o)
{
	struct evq *q = container_of(o, struct evq, obj);

	bind_forget(o, &q->poll);
	kfree(q);
}

long sys_evq_create(long flags)
{
	if (flags & ~(long)(H_CLOEXEC | H_PUT_LOW))
		return -EINVAL;
	struct evq *q = kzalloc(sizeof *q);
	if (!q)
		return -ENOMEM;
	obj_init(&q->obj, &evq_type);
	spin_init(&q->lock, "evq", RANK_EVQ);
	list_init(&q->binds);
	list_init(&q->ready);
	waitq_init(&q->waiters);
	poll_init(&q->poll, RANK_EVQ_BIND);
	return handle_new(&q->obj, R_ALL, (uint32_t)flags);
}

/* The next binding that may be ready, referenced, off the list; NULL: none. */
static struct bind *evq_next(struct evq *q)
{
	struct bind *b = NULL;

	spin_lock(&q->lock);
	struct list *l = list_pop(&q->ready);
	if (l) {
		b = list_entry(l, struct bind, ready_node);
		atomic_fetch_add(&b->refs, 1);
	}
	spin_unlock(&q->lock);
	return b;
}

/* Collects up to max events; level-triggered ones go back to the list for the next time. */
static uint32_t evq_collect(struct evq *q, struct abi_event *ev, uint32_t max)
{
	struct bind *back[EVQ_MAX / 16];
	uint32_t n = 0, nback = 0, detail;
	struct bind *b;

	while (n < max && nback < EVQ_MAX / 16 && (b = evq_next(q))) {
		uint64_t key = 0;
		bool again;
		uint32_t bits = bind_collect(b, &key, &detail, &again);
		if (bits)
			ev[n++] = (struct abi_event){ key, bits, 0 };
		if (again)
			back[nback++] = b;
		else
			bind_put(b);
	}
	for (uint32_t i = 0; i < nback; i++) {
		bind_kick(back[i], 0);
		bind_put(back[i]);
	}
	return n;
}

static int64_t evq_wait(struct evq *q, struct abi_event *ev, uint32_t max, int64_t deadline)
{
	for (;;) {
		uint32_t n = evq_collect(q, ev, max);
		if (n || deadline <= 0)
			return n;
		int err = 0;
		spin_lock(&q->lock);
		if (list_empty(&q->ready))
			err = waitq_sleep(&q->waiters, &q->lock, deadline, PARK_INTR);
		spin_unlock(&q->lock);
		if (err)
			return err == -ETIMEDOUT ? 0 : -ERESTART_QUIET;
	}
}

long sys_evq_wait(long h, long uev, long max, long deadline, long umask)
{
	struct abi_event few[16], *ev = few;
	struct obj *o;

	if (max <= 0)
		return -EINVAL;
	int64_t r = handle_object((handle_t)h, OBJ_EVQ, 0, &o);
	if (r)
		return r;
	if (max > EVQ_MAX)
		max = EVQ_MAX;
	if (max > 16 && !(ev = kmalloc((size_t)max * sizeof *ev)))
		r = -ENOMEM;
	else if ((r = sig_mask_swap((uint64_t)umask)) == 0) {
		r = evq_wait(container_of(o, struct evq, obj), ev, (uint32_t)max, deadline);
		sig_mask_restore((uint64_t)umask, r == -ERESTART_QUIET);
		if (r > 0 && copyout((uint64_t)uev, ev, (size_t)r * sizeof *ev))
			r = -EFAULT;
	}
	if (ev != few)
		kfree(ev);
	obj_put(o);
	return r;
}
