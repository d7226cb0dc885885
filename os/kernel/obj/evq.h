/* SPDX-License-Identifier: MIT */
/*
 * evq.h: event queues and bindings: an object's readiness reported to an evq or a port.
 *
 * A binding is linked in its object's poll_head and holds no reference to the object, so it ends
 * with it (bind_forget). It is counted: one for being linked, one for each place that looks at it.
 * Locks, outermost first: poll_head.lock, bind.lock, evq.lock, evq's own poll_head.lock.
 */
#ifndef KERNEL_EVQ_H
#define KERNEL_EVQ_H

#include "ipc/port.h"
#include "obj/poll.h"
#include "sched/thread.h"

struct evq {
	struct obj obj;			/* OBJ_EVQ */
	struct spinlock lock;
	struct list binds;		/* bind.evq_node */
	struct list ready;		/* bind.ready_node: perhaps ready */
	struct waitq waiters;
	struct poll_head poll;
};

struct bind {
	struct watcher w;
	struct spinlock lock;
	_Atomic uint32_t refs;
	struct obj *obj;		/* under lock: NULL when the binding is over */
	struct poll_head *head;		/* of obj */
	handle_t h;			/* by which it was made */
	uint64_t key;			/* lock: key, events, flags */
	uint32_t events, flags;
	bool armed;			/* lock */
	_Atomic uint32_t bits;		/* seen since the last report */
	struct evq *evq;		/* referenced; or */
	struct port *port;		/* referenced */
	uint32_t epoch;			/* of port, when it was made: over when another server inherits it */
	struct list evq_node, ready_node;	/* under evq.lock */
	struct port_note note;
};

extern const struct obj_type evq_type;

void bind_put(struct bind *b);
/* What b has to report now, 0: nothing; takes it as reported. Fills *key. */
uint32_t bind_collect(struct bind *b, uint64_t *key, uint32_t *detail, bool *again);
/* Makes b look at its object again. */
void bind_kick(struct bind *b, uint32_t bits);
/* Ends a binding that is still linked. */
void bind_remove(struct bind *b);

#endif
