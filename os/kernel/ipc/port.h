/* SPDX-License-Identifier: MIT */
/*
 * port.h: ports: a queue of notes (calls and what the kernel has to say) and the threads that wait
 * to receive them, in order.
 */
#ifndef KERNEL_PORT_H
#define KERNEL_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/msg.h"
#include "list.h"
#include "lock.h"
#include "obj/handle.h"
#include "obj/obj.h"

struct port_note;

struct note_ops {
	/*
	 * The receiver has taken the note off the queue: fills *m, and *h with a counted handle if it
	 * carries one; no locks held. Returns false when there is nothing to say any more.
	 */
	bool (*take)(struct port_note *n, struct msg *m, struct href *h);
	/* The port has died before anyone took it. */
	void (*drop)(struct port_note *n);
};

struct port_note {
	struct list node;		/* in port.queue, under port.lock */
	bool queued;			/* under port.lock */
	const struct note_ops *ops;	/* NULL: a call (call.h) */
};

struct port {
	struct obj obj;			/* OBJ_PORT; handles counts those with R_RECV */
	struct spinlock lock;
	struct list queue;		/* port_note.node */
	struct list receivers;		/* thread.ipc.recv_node; empty unless queue is */
	struct list files;		/* file.port_node */
	volatile bool dead;		/* no one can receive any more; set once, under lock */
	volatile uint32_t epoch;	/* how often it was inherited (inherit.c) */
};

extern const struct obj_type port_type;

static inline void note_init(struct port_note *n, const struct note_ops *ops)
{
	list_init(&n->node);
	n->queued = false;
	n->ops = ops;
}

struct port *port_create(void);
/*
 * Queues a note, or hands it to a waiting receiver. 0, 1 when it is queued already, -EPIPE when the
 * port is dead (drop is not called).
 */
int port_post(struct port *p, struct port_note *n);
/* Takes it off the queue: false when it is not there (a receiver may be taking it). */
bool port_unpost(struct port *p, struct port_note *n);

#endif
