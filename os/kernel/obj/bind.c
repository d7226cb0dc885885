/* SPDX-License-Identifier: MIT */
/* Bindings: SYS_bind, and reporting to ports. */
#include "defs.h"
#include "dev/irq.h"
#include "obj/evq.h"
#include "obj/handle.h"
#include "proc/proc.h"
#include "sys/sys.h"

static bool bind_take(struct port_note *n, struct msg *m, struct href *h);
static void bind_drop(struct port_note *n);
static const struct note_ops bind_ops = { bind_take, bind_drop };

void bind_put(struct bind *b)
{
	if (atomic_fetch_sub(&b->refs, 1) != 1)
		return;
	if (b->evq)
		obj_put(&b->evq->obj);
	if (b->port)
		obj_put(&b->port->obj);
	kfree(b);
}

static void evq_kick(struct evq *q, struct bind *b)
{
	spin_lock(&q->lock);
	if (list_empty(&b->ready_node) && !list_empty(&b->evq_node))
		list_add_tail(&q->ready, &b->ready_node);
	waitq_wake_all(&q->waiters);
	spin_unlock(&q->lock);
	poll_notify(&q->poll, EV_IN);
}

void bind_kick(struct bind *b, uint32_t bits)
{
	atomic_fetch_or(&b->bits, bits);
	if (b->evq) {
		evq_kick(b->evq, b);
		return;
	}
	if (b->epoch != b->port->epoch)
		return;
	atomic_fetch_add(&b->refs, 1);
	if (port_post(b->port, &b->note))
		atomic_fetch_sub(&b->refs, 1);
}

/* The object has news. Its poll_head is locked. */
static void bind_notify(struct watcher *w, uint32_t bits)
{
	struct bind *b = container_of(w, struct bind, w);

	bits &= b->events | EV_ERR | EV_HUP;
	if (bits && b->armed)
		bind_kick(b, bits);
}

/*
 * The binding is over: its object is gone, or it was removed. It is out of the poll_head
 * already.
 */
static void bind_end(struct bind *b)
{
	spin_lock(&b->lock);
	bool was = b->obj != NULL;
	b->obj = NULL;
	spin_unlock(&b->lock);
	if (!was)
		return;
	if (b->evq) {
		spin_lock(&b->evq->lock);
		list_del(&b->evq_node);
		list_del(&b->ready_node);
		spin_unlock(&b->evq->lock);
	} else if (port_unpost(b->port, &b->note)) {
		bind_put(b);
	}
	bind_put(b);
}

/* b's object, referenced, or NULL when it is over. */
static struct obj *bind_object(struct bind *b)
{
	spin_lock(&b->lock);
	struct obj *o = b->obj;
	if (o && !obj_tryget(o))
		o = NULL;
	spin_unlock(&b->lock);
	return o;
}

void bind_remove(struct bind *b)
{
	struct obj *o = bind_object(b);

	if (!o) {
		/* The object's destroy() is at it on another CPU. */
		while (__atomic_load_n(&b->obj, __ATOMIC_ACQUIRE))
			cpu_pause();
		return;
	}
	poll_del(b->head, &b->w);
	bind_end(b);
	obj_put(o);
}

void bind_forget(struct obj *o, struct poll_head *head)
{
	for (;;) {
		struct bind *b = NULL;
		spin_lock(&head->lock);
		list_for(n, &head->watchers) {
			struct watcher *w = list_entry(n, struct watcher, node);
			if (w->fn != bind_notify || container_of(w, struct bind, w)->obj != o)
				continue;
			b = container_of(w, struct bind, w);
			atomic_fetch_add(&b->refs, 1);
			list_del(&w->node);
			break;
		}
		spin_unlock(&head->lock);
		if (!b)
			return;
		bind_end(b);
		bind_put(b);
	}
}

uint32_t bind_collect(struct bind *b, uint64_t *key, uint32_t *detail, bool *again)
{
	uint32_t seen = atomic_exchange(&b->bits, 0);
	struct obj *o = bind_object(b);
	uint32_t bits = 0;

	*again = false;
	if (!o)
		return 0;
	spin_lock(&b->lock);
	if (b->armed && b->obj) {
		bits = obj_ready(o);
		if (b->flags & BIND_EDGE)
			bits &= seen;
		bits &= b->events | EV_ERR | EV_HUP;
		*key = b->key;
		if (bits && (b->flags & BIND_ONESHOT))
			b->armed = false;
		*again = bits && !(b->flags & (BIND_EDGE | BIND_ONESHOT));
	}
	spin_unlock(&b->lock);
	*detail = 0;
	if (bits && obj_kind(o) == OBJ_IRQ) {
		*detail = irq_collect(o);
		*again = false;
	}
	obj_put(o);
	return bits;
}

static bool bind_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct bind *b = container_of(n, struct bind, note);
	uint32_t detail;
	bool again;
	uint64_t key = 0;
	uint32_t bits = bind_collect(b, &key, &detail, &again);

	if (b->epoch != b->port->epoch)
		bits = 0;

	(void)h;
	m->kind = MSG_EVENT;
	m->id = key;
	m->w[0] = bits;
	m->w[1] = detail;
	if (again && bits)
		bind_kick(b, 0);
	bind_put(b);
	return bits != 0;
}

static void bind_drop(struct port_note *n)
{
	bind_put(container_of(n, struct bind, note));
}

/* The binding of (o, h, target), referenced, or NULL. */
static struct bind *bind_find(struct obj *o, handle_t h, struct obj *target)
{
	struct poll_head *head = o->type->poll(o);
	struct bind *found = NULL;

	spin_lock(&head->lock);
	list_for(n, &head->watchers) {
		struct watcher *w = list_entry(n, struct watcher, node);
		struct bind *b = container_of(w, struct bind, w);
		if (w->fn != bind_notify || b->obj != o || b->h != h)
			continue;
		if ((b->evq ? &b->evq->obj : &b->port->obj) != target)
			continue;
		atomic_fetch_add(&b->refs, 1);
		found = b;
		break;
	}
	spin_unlock(&head->lock);
	return found;
}

static struct bind *bind_make(struct obj *o, handle_t h, struct obj *target)
{
	struct bind *b = kzalloc(sizeof *b);

	if (!b)
		return NULL;
	spin_init(&b->lock, "bind", RANK_BINDING);
	b->w.fn = bind_notify;
	atomic_init(&b->refs, 2);
	b->obj = o;
	b->head = o->type->poll(o);
	b->h = h;
	list_init(&b->evq_node);
	list_init(&b->ready_node);
	note_init(&b->note, &bind_ops);
	obj_get(target);
	if (obj_kind(target) == OBJ_PORT) {
		b->port = container_of(target, struct port, obj);
	} else {
		b->evq = container_of(target, struct evq, obj);
		spin_lock(&b->evq->lock);
		list_add_tail(&b->evq->binds, &b->evq_node);
		spin_unlock(&b->evq->lock);
	}
	return b;
}

static int bind_set(struct obj *o, handle_t h, struct obj *target, uint64_t key, uint32_t events,
		    uint32_t flags)
{
	struct bind *b = bind_find(o, h, target);
	int result = b != NULL;

	if (events == 0) {
		if (!b)
			return -ENOENT;
		bind_remove(b);
		bind_put(b);
		return 0;
	}
	if (!b && !(b = bind_make(o, h, target)))
		return -ENOMEM;
	spin_lock(&b->lock);
	b->key = key;
	b->events = events;
	b->flags = flags;
	b->armed = true;
	b->epoch = b->port ? b->port->epoch : 0;
	spin_unlock(&b->lock);
	if (!result)
		poll_add(b->head, &b->w);
	uint32_t now = obj_ready(o) & (events | EV_ERR | EV_HUP);
	if (now)
		bind_kick(b, now);
	bind_put(b);
	return result;
}

static bool bind_fits(struct obj *o, struct obj *target)
{
	if (!o->type->poll)
		return false;
	return obj_kind(target) == OBJ_PORT ||
	    (obj_kind(target) == OBJ_EVQ && obj_kind(o) != OBJ_EVQ);
}

long sys_bind(long h, long to, long key, long events, long flags)
{
	struct obj *o, *target;
	int err = handle_object((handle_t)h, OBJ_NONE, 0, &o);

	if (err)
		return err;
	err = handle_object((handle_t)to, OBJ_NONE, 0, &target);
	if (!err) {
		if (!bind_fits(o, target))
			err = obj_kind(target) == OBJ_PORT || obj_kind(target) == OBJ_EVQ ? -EPERM : -EINVAL;
		else if (flags & ~(long)(BIND_EDGE | BIND_ONESHOT))
			err = -EINVAL;
		else
			err = bind_set(o, (handle_t)h, target, (uint64_t)key, (uint32_t)events, (uint32_t)flags);
		obj_put(target);
	}
	obj_put(o);
	return err;
}
