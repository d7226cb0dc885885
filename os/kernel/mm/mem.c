/* SPDX-License-Identifier: MIT */
/* Memory objects: making, pages, reading and writing. */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"

/* EV_HUP: nobody but the one who asks holds it (its handle, and the reference of the asking call). */
static uint32_t mem_ready(struct obj *o)
{
	return atomic_load(&o->refs) <= 2 ? EV_HUP : 0;
}

static const struct obj_type mem_type = {
	.kind = OBJ_MEM, .name = "mem", .destroy = mem_destroy, .ready = mem_ready,
};

struct spinlock pagers_lock = SPINLOCK_INIT("pagers", RANK_PAGERS);
struct list pagers = LIST_INIT(pagers);		/* all pager-backed mems */

static uint64_t round_page(uint64_t n)
{
	return (n + PAGE - 1) & ~(PAGE - 1);
}

static struct mem *mem_new(enum mem_kind kind, uint64_t size, bool fixed)
{
	struct mem *m = kzalloc(sizeof(*m));

	if (m == NULL)
		return NULL;
	obj_init(&m->obj, &mem_type);
	spin_init(&m->lock, "mem", RANK_MEM);
	m->kind = (uint8_t)kind;
	m->size = size;
	m->fixed = fixed;
	waitq_init(&m->wait);
	list_init(&m->regions);
	list_init(&m->page_waits);
	list_init(&m->pager_node);
	return m;
}

struct mem *mem_create(uint64_t size, bool fixed)
{
	return mem_new(MEM_ANON, size, fixed);
}

struct mem *mem_create_pager(struct port *port, uint64_t key, uint64_t size, bool fixed)
{
	struct mem *m = mem_new(MEM_PAGER, size, fixed);

	if (m == NULL)
		return NULL;
	obj_get(&port->obj);
	m->port = port;
	m->key = key;
	m->era = port->epoch;
	spin_lock(&pagers_lock);
	list_add_tail(&pagers, &m->pager_node);
	spin_unlock(&pagers_lock);
	return m;
}

struct mem *mem_create_phys(uint64_t phys, uint64_t size, unsigned cache)
{
	struct mem *m = mem_new(MEM_PHYS, size, true);

	if (m == NULL)
		return NULL;
	m->phys = phys;
	m->cache = (uint8_t)cache;
	return m;
}

void mem_destroy(struct obj *o)
{
	struct mem *m = container_of(o, struct mem, obj);
	struct frame *f;

	if (m->kind == MEM_PAGER) {
		spin_lock(&pagers_lock);
		list_del(&m->pager_node);
		spin_unlock(&pagers_lock);
		obj_put(&m->port->obj);
	}
	for (uint64_t i = 0; (f = mem_page_next(m, &i, UINT64_MAX)) != NULL; i++) {
		f->owner = NULL;
		frame_put(f);
	}
	mem_pages_free(m);
	kfree(m->stat);
	if (m->owns_frames)
		dma_free(m->phys);
	kfree(m);
}

uint64_t mem_size(struct mem *m)
{
	return __atomic_load_n(&m->size, __ATOMIC_ACQUIRE);
}

uint64_t mem_cache_pages(void)
{
	uint64_t n = 0;

	spin_lock(&pagers_lock);
	list_for(p, &pagers)
		n += list_entry(p, struct mem, pager_node)->npages;
	spin_unlock(&pagers_lock);
	return n;
}

uint64_t mem_dirty_pages(void)
{
	uint64_t n = 0;

	spin_lock(&pagers_lock);
	list_for(p, &pagers)
		n += list_entry(p, struct mem, pager_node)->ndirty;
	spin_unlock(&pagers_lock);
	return n;
}

/*
 * The first page became dirty: the pager hears of it, no locks held. Its time of modification is another one now, and
 * who asks for it afterwards comes behind this in the queue.
 */
static void tell_dirty(struct mem *m)
{
	port_post_page(m->port, m->key, PAGE_DIRTY, 0, 0);
	mem_stat_changed(m);
}

/* Puts a fresh frame at index. Lock held. NULL: no memory. */
static struct frame *add_page(struct mem *m, uint64_t index, bool zero)
{
	struct frame *f = zero ? frame_alloc_zero(FRAME_CACHE) : frame_alloc(FRAME_CACHE);

	if (f != NULL && mem_page_set(m, index, f) != 0) {
		frame_put(f);
		return NULL;
	}
	return f;
}

/* The page becomes dirty: 0, or the reason to go the slow way. Lock held; may drop it. */
static int make_dirty(struct mem *m, struct frame *f, unsigned mode, bool *notify)
{
	if (m->kind != MEM_PAGER)
		return 0;
	if (f->flags & MP_DIRTY) {
		m->wrote = true;
		return 0;
	}
	if ((mode & GET_NOWAIT) && (m->credit == 0 || m->ndirty == 0))
		return -EAGAIN;
	m->credit--;
	f->flags |= MP_DIRTY;
	*notify = m->ndirty++ == 0;
	m->wrote = !*notify;
	return 0;
}

/* An absent page: made here, or the pager is asked. Lock held. 0, 1: look again, -errno. */
static int absent(struct mem *m, uint64_t index, unsigned mode, struct frame **f)
{
	bool past = index << PAGE_SHIFT >= round_page(m->size);
	unsigned how = mode & 3;

	if (m->kind == MEM_ANON || past || how == GET_OVERWRITE) {
		*f = add_page(m, index, m->kind == MEM_ANON || past);
		return *f != NULL ? 0 : -ENOMEM;
	}
	if (mode & GET_NOWAIT)
		return -EAGAIN;
	return pager_want_page(m, index) ?: 1;
}

/* One attempt under the lock: 0, 1: look again, -errno. */
static int get_locked(struct mem *m, uint64_t index, unsigned mode, struct frame **out, bool *notify)
{
	bool write = (mode & 3) != GET_READ;
	struct frame *f;
	int err;

	if (!(mode & GET_EXTEND) && index << PAGE_SHIFT >= m->size)
		return -ENXIO;
	f = mem_page(m, index);
	if (write && m->kind == MEM_PAGER && m->credit == 0 && (f == NULL || !(f->flags & MP_DIRTY))) {
		if (mode & GET_NOWAIT)
			return -EAGAIN;
		return pager_want_credit(m, mode / GET_PAGES) ?: 1;
	}
	if (f == NULL && (err = absent(m, index, mode, &f)) != 0)
		return err;
	if (write && (err = make_dirty(m, f, mode, notify)) != 0)
		return err;
	f->flags |= MP_ACCESSED;
	frame_get(f);
	*out = f;
	return 0;
}

/* Whether the page is the marked one, which it then is no more. Lock held. */
static bool take_mark(struct mem *m, uint64_t index)
{
	if (m->ra_mark != index + 1)
		return false;
	m->ra_mark = 0;
	return true;
}

int mem_get_page(struct mem *m, uint64_t index, unsigned mode, struct frame **f, uint64_t *pa)
{
	bool notify = false, marked = false;
	int r;

	*f = NULL;
	if (m->kind == MEM_PHYS) {
		*pa = m->phys + (index << PAGE_SHIFT);
		return index << PAGE_SHIFT < m->size ? 0 : -ENXIO;
	}
	do {
		spin_lock(&m->lock);
		do
			r = get_locked(m, index, mode, f, &notify);
		while (r == 1);
		if (r == 0)
			marked |= take_mark(m, index);
		spin_unlock(&m->lock);
	} while (r == -ENOMEM && !(mode & GET_NOWAIT) && (r = mem_wait()) == 0);
	if (notify)
		tell_dirty(m);
	if (marked)
		port_post_page(m->port, m->key, PAGE_AHEAD, index << PAGE_SHIFT, 0);
	if (!(mode & GET_NOWAIT))
		mem_reclaim_poke();
	return r;
}

/* The other side of a copy: the caller's user memory, or the kernel's. */
struct side { uint64_t addr; bool user; };

static int move(uint8_t *page, struct side s, uint64_t n, bool write)
{
	if (s.user)
		return write ? copyin(page, s.addr, n) : copyout(s.addr, page, n);
	if (write)
		memcpy(page, (const void *)s.addr, n);
	else
		memcpy((void *)s.addr, page, n);
	return 0;
}

static bool still_there(const struct mem *m, const struct frame *f)
{
	if (m->kind == MEM_PAGER)
		return __atomic_load_n(&f->flags, __ATOMIC_RELAXED) & MP_DIRTY;
	return __atomic_load_n(&f->owner, __ATOMIC_RELAXED) == m;
}

/* A write of n bytes at off into f, the page there. */
struct put { uint64_t off, n, cuts; struct frame *f; unsigned mode; };

#define AGAIN	2

/* One attempt under the lock: 0, 1: the bytes must be put anew, AGAIN: look again, -errno. */
static int settle_locked(struct mem *m, const struct put *p, bool *notify)
{
	int err;

	if (m->cuts & 1) {
		waitq_sleep(&m->wait, &m->lock, T_FOREVER, PARK_SOLID);
		return AGAIN;
	}
	if (m->cuts != p->cuts || mem_page(m, p->off >> PAGE_SHIFT) != p->f)
		return 1;
	if (m->kind == MEM_PAGER && !(p->f->flags & MP_DIRTY) && m->credit == 0)
		return pager_want_credit(m, 1) ?: AGAIN;
	/* Dirty since mem_get_page: then the pager knows of this write, or will find it. */
	err = p->f->flags & MP_DIRTY ? 0 : make_dirty(m, p->f, p->mode, notify);
	if (err == 0 && (p->mode & GET_EXTEND) && p->off + p->n > m->size)
		m->size = p->off + p->n;
	return err;
}

/*
 * After bytes were put into a page, without the lock: meanwhile the pager may have taken the page, or it may be
 * of the mem no longer. The mem grows to their end. 0; 1: they must be put anew, -errno.
 *
 * A page that the pager took becomes dirty anew: the pager has either seen the bytes and the new size, which it
 * asks for after it took, or its mark is gone here (sys_mem_take has the other fence). What cuts pages off
 * changes `cuts` before it touches one and after the last; who drops pages takes their marks.
 */
static int settle(struct mem *m, const struct put *p)
{
	bool notify = false;
	int r;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&m->cuts, __ATOMIC_RELAXED) == p->cuts && (p->cuts & 1) == 0 &&
	    (p->off + p->n <= mem_size(m) || !(p->mode & GET_EXTEND)) && still_there(m, p->f))
		return 0;
	spin_lock(&m->lock);
	do
		r = settle_locked(m, p, &notify);
	while (r == AGAIN);
	spin_unlock(&m->lock);
	if (notify)
		tell_dirty(m);
	return r;
}

/*
 * A write that failed: behind the end there are zeros again, for a later write will find them. When the pager
 * has the page, what was put into it would be known here only: it goes.
 */
static void unput(struct mem *m, const struct put *p)
{
	uint64_t from, index = p->off >> PAGE_SHIFT;
	bool clean;

	spin_lock(&m->lock);
	from = p->off > m->size ? p->off : m->size;
	if (from < p->off + p->n)
		memset((uint8_t *)frame_virt(p->f) + (from & (PAGE - 1)), 0, p->off + p->n - from);
	clean = m->kind == MEM_PAGER && !(p->f->flags & MP_DIRTY);
	spin_unlock(&m->lock);
	if (clean)
		mem_drop(m, index, index + 1, false);
}

static int put_once(struct mem *m, struct put *p, struct side s)
{
	uint64_t pa = 0;
	int err;

	p->cuts = __atomic_load_n(&m->cuts, __ATOMIC_ACQUIRE);
	err = mem_get_page(m, p->off >> PAGE_SHIFT, p->mode, &p->f, &pa);
	if (err != 0)
		return err;
	if (p->f == NULL)
		return move((uint8_t *)phys_to_virt(pa) + (p->off & (PAGE - 1)), s, p->n, true);
	err = move((uint8_t *)frame_virt(p->f) + (p->off & (PAGE - 1)), s, p->n, true);
	if (err == 0)
		err = settle(m, p);
	if (err < 0)
		unput(m, p);
	frame_put(p->f);
	return err;
}

/* At most one page's worth at off. Bytes or -errno. */
static int64_t put(struct mem *m, uint64_t off, struct side s, uint64_t n, unsigned mode)
{
	uint64_t room = PAGE - (off & (PAGE - 1));
	struct put p = { .off = off, .n = n < room ? n : room, .mode = mode };
	int err;

	if (p.n == PAGE && !s.user)
		p.mode = (mode & ~3u) | GET_OVERWRITE;
	do
		err = put_once(m, &p, s);
	while (err == 1);
	return err != 0 ? err : (int64_t)p.n;
}

/* The same for reading. */
static int64_t get(struct mem *m, uint64_t off, struct side s, uint64_t n)
{
	uint64_t in = off & (PAGE - 1), pa = 0;
	struct frame *f;
	int err;

	if (n > PAGE - in)
		n = PAGE - in;
	err = mem_get_page(m, off >> PAGE_SHIFT, GET_READ, &f, &pa);
	if (err != 0)
		return err;
	err = move((f != NULL ? (uint8_t *)frame_virt(f) : (uint8_t *)phys_to_virt(pa)) + in, s, n, false);
	if (f != NULL)
		frame_put(f);
	return err != 0 ? err : (int64_t)n;
}

static int64_t read_any(struct mem *m, uint64_t off, struct side s, uint64_t n)
{
	uint64_t done = 0;

	while (done < n) {
		uint64_t size = mem_size(m), left;
		int64_t r;

		if (off + done >= size)
			break;
		left = size - (off + done);
		r = get(m, off + done, (struct side){ s.addr + done, s.user }, n - done < left ? n - done : left);
		if (r == -ENXIO)
			break;
		if (r < 0)
			return done != 0 ? (int64_t)done : r;
		done += (uint64_t)r;
	}
	return (int64_t)done;
}

/* How many pages n bytes at off touch; cut to what the mode can say. */
static unsigned pages_of(uint64_t off, uint64_t n)
{
	uint64_t pages = (((off & (PAGE - 1)) + n + PAGE - 1)) >> PAGE_SHIFT;

	return pages < 1 << 20 ? (unsigned)pages : 1 << 20;
}

static int64_t write_any(struct mem *m, uint64_t off, struct side s, uint64_t n)
{
	uint64_t done = 0;
	bool grows = !m->fixed && m->kind != MEM_PHYS;

	if (off + n < off || off + n > INT64_MAX)
		return -EFBIG;
	while (done < n) {
		uint64_t at = off + done, size = mem_size(m), k = n - done;
		int64_t r;

		if (!grows && at >= size)
			return done != 0 ? (int64_t)done : -ENOSPC;
		if (!grows && k > size - at)
			k = size - at;
		r = put(m, at, (struct side){ s.addr + done, s.user }, k,
			GET_WRITE | (grows ? GET_EXTEND : 0) | pages_of(at, n - done) * GET_PAGES);
		if (r < 0)
			return done != 0 ? (int64_t)done : r;
		done += (uint64_t)r;
	}
	return (int64_t)done;
}

int64_t mem_read(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n)
{
	return read_any(m, off, (struct side){ ubuf, true }, n);
}

int64_t mem_write(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n)
{
	return write_any(m, off, (struct side){ ubuf, true }, n);
}

int64_t mem_read_kernel(struct mem *m, uint64_t off, void *buf, uint64_t n)
{
	return read_any(m, off, (struct side){ (uint64_t)buf, false }, n);
}

int64_t mem_write_kernel(struct mem *m, uint64_t off, const void *buf, uint64_t n)
{
	return write_any(m, off, (struct side){ (uint64_t)buf, false }, n);
}
