/* SPDX-License-Identifier: MIT */
/*
 * Readiness: who waits for an object to become readable, writable, exited.
 *
 * Every object that can be waited for has a poll_head. A watcher in it has its fn called, with the
 * head's lock held, whenever bits may have become set. No wakeup is lost because a waiter first adds
 * its watcher and then reads the bits, and an object first changes the bits and then notifies.
 */
#ifndef KERNEL_POLL_H
#define KERNEL_POLL_H

#include "lock.h"
#include "obj/obj.h"

struct watcher {
	struct list node;		/* in poll_head.watchers, under its lock */
	void (*fn)(struct watcher *w, uint32_t bits);
};

struct poll_head {
	struct spinlock lock;
	struct list watchers;
};

void poll_init(struct poll_head *h, enum lock_rank rank);
/* Tells the watchers that `bits` may be set now. The new state must be stored before. */
void poll_tell(struct poll_head *h, uint32_t bits);
static inline void poll_notify(struct poll_head *h, uint32_t bits)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (!list_empty(&h->watchers))
		poll_tell(h, bits);
}
void poll_add(struct poll_head *h, struct watcher *w);
void poll_del(struct poll_head *h, struct watcher *w);

/* Readiness of an object now, lock-free; 0 for objects that cannot be waited for. */
static inline uint32_t obj_ready(struct obj *o)
{
	return o->type->ready ? o->type->ready(o) : 0;
}

/*
 * Called first by destroy() of an object with a poll_head: removes the bindings (evq.h) that still
 * watch it.
 */
void bind_forget(struct obj *o, struct poll_head *h);

#endif
