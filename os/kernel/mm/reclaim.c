/* SPDX-License-Identifier: MIT */
/*
 * Giving back memory: clean, unmapped pages of the cache go, those not used since the last visit
 * first. A kernel thread keeps some frames free and tells the pagers to write back when it cannot.
 */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"

#define CHECK	200000000	/* ns between looks at the free frames */

extern struct spinlock pagers_lock;
extern struct list pagers;

/* Takes up to `want` pages of m. Lock of m held. */
static uint64_t reclaim_mem(struct mem *m, uint64_t want, bool hard)
{
	uint64_t got = 0;
	struct frame *f;

	for (uint64_t i = 0; got < want && (f = mem_page_next(m, &i, UINT64_MAX)) != NULL; i++) {
		if ((f->flags & MP_DIRTY) || f->ref != 1)
			continue;
		if ((f->flags & MP_ACCESSED) && !hard) {
			f->flags &= (uint8_t)~MP_ACCESSED;
			continue;
		}
		mem_page_remove(m, i);
		frame_put(f);
		got++;
	}
	return got;
}

uint64_t mem_reclaim(uint64_t want)
{
	uint64_t got = 0;

	if (!spin_trylock(&pagers_lock))
		return 0;
	for (int pass = 0; pass < 2 && got < want; pass++)
		list_for(n, &pagers) {
			struct mem *m = list_entry(n, struct mem, pager_node);

			if (got >= want)
				break;
			if (m->npages == m->ndirty || !spin_trylock(&m->lock))
				continue;
			got += reclaim_mem(m, want - got, pass == 1);
			spin_unlock(&m->lock);
		}
	/* The first becomes the last: another mem is visited first next time. */
	if (!list_empty(&pagers)) {
		struct list *first = pagers.next;

		list_del(first);
		list_add_tail(&pagers, first);
	}
	spin_unlock(&pagers_lock);
	return got;
}

/* One pager mem with dirty pages that was not told in this round, referenced. */
static struct mem *next_dirty(struct mem *after)
{
	struct mem *found = NULL;
	bool seen = after == NULL;

	spin_lock(&pagers_lock);
	list_for(n, &pagers) {
		struct mem *m = list_entry(n, struct mem, pager_node);

		if (seen && m->ndirty != 0 && !m->dead && obj_tryget(&m->obj)) {
			found = m;
			break;
		}
		seen |= m == after;
	}
	spin_unlock(&pagers_lock);
	return found;
}

static void press(void)
{
	struct mem *m = next_dirty(NULL), *next;

	while (m != NULL) {
		port_post_page(m->port, m->key, PAGE_PRESSURE, 0, 0);
		next = next_dirty(m);
		obj_put(&m->obj);
		m = next;
	}
}

static void reclaimer(void *arg)
{
	uint64_t low = frame_total() / 32;

	(void)arg;
	for (;;) {
		if (frame_free_count() < low && mem_reclaim(low) < low / 2)
			press();
		thread_park(time_now() + CHECK, PARK_SOLID);
	}
}

void mem_reclaim_start(void)
{
	struct thread *t = kthread_create("reclaim", reclaimer, NULL);

	kassert(t != NULL);
	thread_start(t);
}
