/* SPDX-License-Identifier: MIT */
/* Reference counts of objects. */
#include "defs.h"
#include "obj/obj.h"

static _Atomic uint64_t next_koid = 1;

void obj_init(struct obj *o, const struct obj_type *type)
{
	o->type = type;
	o->koid = atomic_fetch_add_explicit(&next_koid, 1, memory_order_relaxed);
	atomic_init(&o->refs, 1);
	atomic_init(&o->handles, 0);
}

void obj_put(struct obj *o)
{
	if (atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) == 1)
		o->type->destroy(o);
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
