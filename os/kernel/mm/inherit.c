/* SPDX-License-Identifier: MIT */
/*
 * Pager-backed mems whose server was started again (abi/msg.h, struct port_item). Between the death of
 * one server and the next one's word all pages stay, and who needs an absent one waits.
 */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"

extern struct spinlock pagers_lock;
extern struct list pagers;

void mem_inherit_begin(struct port *port)
{
	spin_lock(&pagers_lock);
	list_for(n, &pagers) {
		struct mem *m = list_entry(n, struct mem, pager_node);

		if (m->port == port)
			__atomic_store_n(&m->key, 0, __ATOMIC_RELAXED);
	}
	spin_unlock(&pagers_lock);
}

struct mem *mem_inherit_next(struct port *port)
{
	struct mem *found = NULL;

	spin_lock(&pagers_lock);
	list_for(n, &pagers) {
		struct mem *m = list_entry(n, struct mem, pager_node);

		if (m->port != port || m->era == port->epoch || m->dead)
			continue;
		m->era = port->epoch;
		if (obj_tryget(&m->obj)) {
			found = m;
			break;
		}
	}
	spin_unlock(&pagers_lock);
	return found;
}

/* What was written back may not have become durable: all pages there are count as changed. */
static void all_dirty(struct mem *m)
{
	struct frame *f;

	for (uint64_t i = 0; (f = mem_page_next(m, &i, UINT64_MAX)) != NULL; i++) {
		if (!(f->flags & MP_DIRTY))
			m->ndirty++;
		f->flags |= MP_DIRTY;
	}
}

uint64_t mem_adopt(struct mem *m, uint64_t key)
{
	spin_lock(&m->lock);
	m->key = key;
	m->credit = 0;
	m->pressed = false;
	m->out_first = m->out_end = 0;
	m->dead = key == 0;
	if (m->taken && key != 0)
		all_dirty(m);
	/* Whoever waits asks again, now under the new key; or hears that there is nobody to ask. */
	pager_answer_pages(m, 0, UINT64_MAX, key != 0 ? 0 : -EIO);
	pager_answer_credit(m, key != 0 ? 0 : -EIO);
	uint64_t n = m->ndirty;
	spin_unlock(&m->lock);
	return n;
}
