/* SPDX-License-Identifier: MIT */
/* Reference counts of objects. */
#include "defs.h"
#include "obj/obj.h"

static _Atomic uint64_t next_koid = 1;

void obj_init(struct obj *o, const struct obj_type *type)
{
	this_cpu()->nobj[type->kind]++;
	o->type = type;
	o->koid = atomic_fetch_add_explicit(&next_koid, 1, memory_order_relaxed);
	atomic_init(&o->refs, 1);
	atomic_init(&o->handles, 0);
	atomic_init(&o->closing, false);
}

static void obj_end(struct obj *o)
{
	if (atomic_load(&o->refs) == 0) {
		this_cpu()->nobj[o->type->kind]--;
		o->type->destroy(o);
		return;
	}
	atomic_store(&o->closing, false);
	if (atomic_load(&o->handles) == 0)
		o->type->closed(o);
	obj_put(o);
}

/* Ends o, or adds it to the list of the thread that is busy ending another one. */
static void obj_end_later(struct obj *o)
{
	struct thread *t = current();

	if (t->ending) {
		o->next_dead = t->dead_list;
		t->dead_list = o;
		return;
	}
	t->ending = true;
	obj_end(o);
	while ((o = t->dead_list) != NULL) {
		t->dead_list = o->next_dead;
		obj_end(o);
	}
	t->ending = false;
}

void obj_gone(struct obj *o)
{
	obj_end_later(o);
}

void obj_closed(struct obj *o)
{
	if (!o->type->closed || atomic_exchange(&o->closing, true))
		return;
	obj_get(o);
	obj_end_later(o);
}

bool obj_tryget(struct obj *o)
{
	uint32_t refs = atomic_load_explicit(&o->refs, memory_order_relaxed);

	while (refs != 0)
		if (atomic_compare_exchange_weak_explicit(&o->refs, &refs, refs + 1,
		    memory_order_acquire, memory_order_relaxed))
			return true;
	return false;
}
