/* SPDX-License-Identifier: MIT */
/* Ports: posting notes, and their death. */
#include "defs.h"
#include "ipc/call.h"
#include "ipc/port.h"
#include "obj/file.h"

static void port_closed(struct obj *o);
static void port_destroy(struct obj *o);

const struct obj_type port_type = {
	.kind = OBJ_PORT, .name = "port", .closed = port_closed, .destroy = port_destroy,
};

struct port *port_create(void)
{
	struct port *p = kzalloc(sizeof *p);

	if (!p)
		return NULL;
	obj_init(&p->obj, &port_type);
	spin_init(&p->lock, "port", RANK_PORT);
	list_init(&p->queue);
	list_init(&p->receivers);
	list_init(&p->files);
	return p;
}

static void port_destroy(struct obj *o)
{
	struct port *p = container_of(o, struct port, obj);

	kassert(list_empty(&p->queue) && list_empty(&p->receivers));
	kfree(p);
}

int port_post(struct port *p, struct port_note *n)
{
	struct thread *t = NULL;
	int result = 0;

	spin_lock(&p->lock);
	if (p->dead)
		result = -EPIPE;
	else if (n->queued)
		result = 1;
	else if (!list_empty(&p->receivers)) {
		/* It may see the note by itself and go its way, even end, before it is woken. */
		t = list_entry(list_pop(&p->receivers), struct thread, ipc.recv_node);
		obj_get(&t->obj);
		__atomic_store_n(&t->ipc.got, n, __ATOMIC_RELEASE);
		thread_wake(t);
	} else {
		n->queued = true;
		list_add_tail(&p->queue, &n->node);
	}
	spin_unlock(&p->lock);
	if (t)
		obj_put(&t->obj);	/* fine under the caller's locks: a thread's end takes no lower ones */
	return result;
}

bool port_unpost(struct port *p, struct port_note *n)
{
	spin_lock(&p->lock);
	bool was = n->queued;
	if (was) {
		n->queued = false;
		list_del(&n->node);
	}
	spin_unlock(&p->lock);
	return was;
}

/* Drops everything that waits to be received. */
static void port_drain(struct port *p)
{
	for (;;) {
		spin_lock(&p->lock);
		struct list *l = list_pop(&p->queue);
		struct port_note *n = l ? list_entry(l, struct port_note, node) : NULL;
		if (n)
			n->queued = false;
		spin_unlock(&p->lock);
		if (!n)
			return;
		if (n->ops)
			n->ops->drop(n);
		else
			call_drop(container_of(n, struct call, note));
	}
}

/* Files of a dead port hang up. */
static void port_hang_up(struct port *p)
{
	for (;;) {
		struct file *f = NULL;
		spin_lock(&p->lock);
		while (!f && !list_empty(&p->files)) {
			f = list_entry(list_pop(&p->files), struct file, port_node);
			if (!obj_tryget(&f->obj))
				f = NULL;
		}
		spin_unlock(&p->lock);
		if (!f)
			return;
		poll_notify(file_poll_head(f), EV_HUP | EV_ERR | EV_IN | EV_OUT);
		obj_put(&f->obj);
	}
}

static void port_closed(struct obj *o)
{
	struct port *p = container_of(o, struct port, obj);

	spin_lock(&p->lock);
	bool was = p->dead;
	p->dead = true;
	list_for(l, &p->receivers)
		thread_wake(list_entry(l, struct thread, ipc.recv_node));
	spin_unlock(&p->lock);
	if (was)
		return;
	port_drain(p);
	port_hang_up(p);
	mem_pager_dead(p);
}

/* A page request on its way to a pager. */
struct page_note {
	struct port_note note;
	const struct port *port;
	uint32_t epoch;			/* of port: what an earlier server was told does not count */
	uint64_t key, op, off, len;
};

static bool page_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct page_note *pn = container_of(n, struct page_note, note);

	(void)h;
	m->kind = MSG_PAGE;
	m->id = pn->key;
	m->w[0] = pn->op;
	m->w[1] = pn->off;
	m->w[2] = pn->len;
	bool now = pn->epoch == pn->port->epoch;
	kfree(pn);
	return now;
}

static void page_drop(struct port_note *n)
{
	kfree(container_of(n, struct page_note, note));
}

static const struct note_ops page_ops = { page_take, page_drop };

int port_post_page(struct port *port, uint64_t key, uint64_t op, uint64_t off, uint64_t len)
{
	struct page_note *pn = kmalloc(sizeof *pn);

	if (!pn)
		return -ENOMEM;
	note_init(&pn->note, &page_ops);
	pn->port = port;
	pn->epoch = port->epoch;
	pn->key = key;
	pn->op = op;
	pn->off = off;
	pn->len = len;
	int err = port_post(port, &pn->note);
	if (err)
		kfree(pn);
	return err;
}
