/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the pager. A waiter hangs a record in mem.page_waits; supply, fail and grant answer
 * all records they cover. One PAGE_IN is out for a page as long as some waiter covers it.
 */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"

#define WINDOW_MIN	8	/* pages asked for at once */
#define WINDOW_MAX	64
#define ANY_CREDIT	UINT64_MAX

struct page_wait {
	struct list node;
	struct thread *thread;
	uint64_t first, end;	/* pages asked for; first ANY_CREDIT: credit */
	uint64_t index;		/* the page this thread needs */
	int result;		/* 1: not answered */
};

extern struct spinlock pagers_lock;
extern struct list pagers;

/* Hangs w in, asks the pager if `ask`, sleeps. Lock held on entry and return. */
static int wait_answer(struct mem *m, struct page_wait *w, bool ask, uint64_t op, uint64_t off, uint64_t len)
{
	int err = 0;

	w->thread = current();
	w->result = 1;
	list_add_tail(&m->page_waits, &w->node);
	spin_unlock(&m->lock);
	if (ask)
		err = port_post_page(m->port, m->key, op, off, len);
	while (err == 0 && __atomic_load_n(&w->result, __ATOMIC_ACQUIRE) == 1)
		err = thread_park(T_FOREVER, PARK_KILL);
	spin_lock(&m->lock);
	list_del(&w->node);
	if (w->result != 1)
		return w->result;
	return err == -EPIPE ? -EIO : err;
}

/* How many pages from index on to ask for: twice as many each time a reader goes straight on. */
static uint64_t window(struct mem *m, uint64_t index)
{
	uint64_t pages = (m->size + PAGE - 1) >> PAGE_SHIFT, n = 1;

	m->ra_len = index == m->ra_next && m->ra_len != 0 ? m->ra_len * 2 : WINDOW_MIN;
	if (m->ra_len > WINDOW_MAX)
		m->ra_len = WINDOW_MAX;
	while (n < m->ra_len && index + n < pages && mem_page(m, index + n) == NULL)
		n++;
	m->ra_next = index + n;
	return n;
}

int pager_want_page(struct mem *m, uint64_t index)
{
	struct page_wait w = { .first = index, .end = index + 1, .index = index };

	if (m->dead)
		return -EIO;
	list_for(n, &m->page_waits) {
		struct page_wait *o = list_entry(n, struct page_wait, node);

		if (o->result == 1 && index >= o->first && index < o->end)
			return wait_answer(m, &w, false, 0, 0, 0);
	}
	w.end = index + window(m, index);
	return wait_answer(m, &w, true, PAGE_IN, index << PAGE_SHIFT, (w.end - index) << PAGE_SHIFT);
}

int pager_want_credit(struct mem *m, uint64_t pages)
{
	struct page_wait w = { .first = ANY_CREDIT };
	bool ask = !m->reserve_sent;

	if (m->dead)
		return -EIO;
	m->reserve_sent = true;
	return wait_answer(m, &w, ask, PAGE_RESERVE, 0, pages != 0 ? pages : 1);
}

static void answer(struct page_wait *w, int err)
{
	__atomic_store_n(&w->result, err, __ATOMIC_RELEASE);
	thread_wake(w->thread);
}

void pager_answer_pages(struct mem *m, uint64_t first, uint64_t end, int err)
{
	list_for(n, &m->page_waits) {
		struct page_wait *w = list_entry(n, struct page_wait, node);

		if (w->result == 1 && w->first != ANY_CREDIT && w->index >= first && w->index < end)
			answer(w, err);
	}
}

void pager_answer_credit(struct mem *m, int err)
{
	m->reserve_sent = false;
	list_for(n, &m->page_waits) {
		struct page_wait *w = list_entry(n, struct page_wait, node);

		if (w->result == 1 && w->first == ANY_CREDIT)
			answer(w, err);
	}
}

void mem_pager_dead(struct port *port)
{
	spin_lock(&pagers_lock);
	list_for(n, &pagers) {
		struct mem *m = list_entry(n, struct mem, pager_node);

		if (m->port == port)
			m->dead = true;
	}
	spin_unlock(&pagers_lock);
	/* The waiters poll `dead` through these answers; a mem found dead answers no one anew. */
	for (bool again = true; again; ) {
		struct mem *m = NULL;

		again = false;
		spin_lock(&pagers_lock);
		list_for(n, &pagers) {
			struct mem *o = list_entry(n, struct mem, pager_node);

			if (o->port == port && !list_empty(&o->page_waits) && obj_tryget(&o->obj)) {
				m = o;
				break;
			}
		}
		spin_unlock(&pagers_lock);
		if (m == NULL)
			break;
		spin_lock(&m->lock);
		pager_answer_pages(m, 0, UINT64_MAX, -EIO);
		pager_answer_credit(m, -EIO);
		waitq_wake_all(&m->wait);
		spin_unlock(&m->lock);
		obj_put(&m->obj);
		sched_yield();
		again = true;
	}
}

/* Regions of m one after the other, each in its address space, marked by the sweep's epoch. */
static struct vm *next_vm(struct mem *m, uint64_t epoch)
{
	list_for(n, &m->regions) {
		struct region *r = list_entry(n, struct region, mem_node);

		if (r->epoch == epoch)
			continue;
		r->epoch = epoch;
		if (obj_tryget(&r->vm->obj))
			return r->vm;
	}
	return NULL;
}

void mem_sweep(struct mem *m, uint64_t first, uint64_t end, int how)
{
	struct vm *vm;
	uint64_t epoch;

	spin_lock(&m->lock);
	while (m->sweeping)
		waitq_sleep(&m->wait, &m->lock, T_FOREVER, PARK_SOLID);
	m->sweeping = true;
	epoch = ++m->epoch;
	while ((vm = next_vm(m, epoch)) != NULL) {
		spin_unlock(&m->lock);
		vm_sweep(vm, m, first, end, how);
		obj_put(&vm->obj);
		spin_lock(&m->lock);
	}
	m->sweeping = false;
	waitq_wake_all(&m->wait);
	spin_unlock(&m->lock);
}
