/* SPDX-License-Identifier: MIT */
/*
 * Objects: what handles name. Every object embeds struct obj first and has two counts:
 *   refs     memory: the object is destroyed when it reaches 0; every holder of a pointer has one.
 *   handles  meaning: slots of handle tables and handles in flight in messages that count (href.h
 *            says which). When it falls to 0 the type's closed() is told: nobody can name it
 *            any more, though it may be handed out again by its owner.
 * obj_put and href_drop may call destroy() and closed(), which take locks: never call them with a
 * spinlock held. What these drop in turn is put off till they are done, so that a chain of objects
 * that hold each other (ports in messages in ports) cannot exhaust the kernel's stack.
 */
#ifndef KERNEL_OBJ_H
#define KERNEL_OBJ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi/types.h"

struct obj;
struct poll_head;

struct obj_type {
	enum obj_kind kind;
	const char *name;
	void (*closed)(struct obj *o);		/* may be NULL */
	void (*destroy)(struct obj *o);		/* frees the memory */
	uint32_t (*ready)(struct obj *o);	/* EV_* now, without locks; NULL: cannot be waited for */
	struct poll_head *(*poll)(struct obj *o);
};

struct obj {
	const struct obj_type *type;
	uint64_t koid;
	_Atomic uint32_t refs, handles;
	struct obj *next_dead;		/* in the thread's list of what is put off */
	_Atomic bool closing;		/* in such a list, referenced, to be told closed() */
};

/* A fresh object has one reference, the maker's, and no handles. */
void obj_init(struct obj *o, const struct obj_type *type);

void obj_gone(struct obj *o);	/* the last reference was dropped */

/* Drops a reference. */
static inline void obj_put(struct obj *o)
{
	if (atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) == 1)
		obj_gone(o);
}

static inline void obj_get(struct obj *o)
{
	atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
}

/* The last counted handle of o has gone: tells closed(). The caller has a reference. */
void obj_closed(struct obj *o);

/* Takes a reference unless the object is already being destroyed. */
bool obj_tryget(struct obj *o);

/* Prepares the tables of the object half; before the first process. */
void objects_init(void);

static inline enum obj_kind obj_kind(const struct obj *o)
{
	return o->type->kind;
}

#endif
