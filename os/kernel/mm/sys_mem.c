/* SPDX-License-Identifier: MIT */
/* System calls on memory objects; arguments and results as in abi/sys.h and abi/mem.h. */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"
#include "obj/file.h"
#include "obj/handle.h"
#include "sys/sys.h"

#define SIZE_MAX_MEM	(1ul << 46)
#define SUPPLY_MAX	(1ul << 30)	/* bytes in one SYS_mem_supply: page by page, without a look at who is killed */

/* The mem behind h (a file with a mem plane will do when `files`), referenced. */
static int get_mem(handle_t h, uint32_t rights, bool files, struct mem **m)
{
	struct obj *o;
	uint32_t have;
	int err;

	if (files)
		return handle_mem(h, rights, m, &have);
	err = handle_object(h, OBJ_MEM, rights, &o);
	if (err == 0)
		*m = container_of(o, struct mem, obj);
	return err;
}

/* Only the server behind it may do this: a pager-backed mem and R_CONTROL. */
static int get_pager_mem(long h, struct mem **m)
{
	int err = get_mem((handle_t)h, R_CONTROL, false, m);

	if (err == 0 && (*m)->kind != MEM_PAGER) {
		obj_put(&(*m)->obj);
		err = -EINVAL;
	}
	return err;
}

long sys_mem_create(long size, long flags)
{
	struct mem *m;

	if (size < 0 || (uint64_t)size > SIZE_MAX_MEM || (flags & ~(long)MEM_FIXED))
		return -EINVAL;
	m = mem_create((uint64_t)size, flags & MEM_FIXED);
	if (m == NULL)
		return -ENOMEM;
	return handle_new(&m->obj, R_READ | R_WRITE | R_EXEC | R_CONTROL | R_DUP, 0);
}

long sys_mem_pager(long port, long key, long size, long flags, long self0, long self1)
{
	struct obj *o;
	struct mem *m;
	int err;

	if (size < 0 || (uint64_t)size > SIZE_MAX_MEM || (flags & ~(long)MEM_FIXED))
		return -EINVAL;
	err = handle_object((handle_t)port, OBJ_PORT, R_RECV, &o);
	if (err != 0)
		return err;
	m = mem_create_pager(container_of(o, struct port, obj), (uint64_t)key, (uint64_t)size,
			     flags & MEM_FIXED);
	obj_put(o);
	if (m == NULL)
		return -ENOMEM;
	m->self[0] = (uint64_t)self0;
	m->self[1] = (uint64_t)self1;
	return handle_new(&m->obj, R_READ | R_WRITE | R_EXEC | R_CONTROL | R_DUP, 0);
}

/* Frees pages [first, end), which are behind the end and not mapped by anyone any more. */
static void discard(struct mem *m, uint64_t first, uint64_t end)
{
	struct frame *f;

	spin_lock(&m->lock);
	for (uint64_t i = first; (f = mem_page_next(m, &i, end)) != NULL; i++) {
		if (f->flags & MP_DIRTY)
			m->credit++;
		mem_page_remove(m, i);
		frame_put(f);
	}
	if (m->ndirty == 0)
		waitq_wake_all(&m->wait);
	spin_unlock(&m->lock);
}

#define BATCH	64

/*
 * Takes up to BATCH pages out of m, from *index on; *index goes behind them. Whoever has a page at hand finds its
 * mark gone; they keep their owner, by which a sweep knows them where they are still mapped.
 */
static unsigned unhook(struct mem *m, uint64_t *index, uint64_t end, bool dirty, struct frame **out)
{
	struct frame *f;
	unsigned n = 0;

	spin_lock(&m->lock);
	for (; n < BATCH && (f = mem_page_next(m, index, end)) != NULL; ++*index) {
		if ((f->flags & MP_DIRTY) && !dirty)
			continue;
		m->credit += (f->flags & MP_DIRTY) != 0;
		mem_page_remove(m, *index);
		__atomic_store_n(&f->owner, m, __ATOMIC_RELAXED);
		out[n++] = f;
	}
	if (m->ndirty == 0)
		waitq_wake_all(&m->wait);
	spin_unlock(&m->lock);
	return n;
}

void mem_drop(struct mem *m, uint64_t first, uint64_t end, bool dirty)
{
	struct frame *gone[BATCH];
	unsigned n;

	do {
		uint64_t from = first;

		n = unhook(m, &first, end, dirty, gone);
		if (n != 0)
			mem_sweep(m, from, first, SWEEP_UNMAP);
		for (unsigned i = 0; i < n; i++) {
			gone[i]->owner = NULL;
			frame_put(gone[i]);
		}
	} while (n == BATCH);
}

/* The part of the last page behind the new end must be zero when the mem grows again. */
static void zero_tail(struct mem *m, uint64_t size)
{
	struct frame *f;

	spin_lock(&m->lock);
	f = (size & (PAGE - 1)) != 0 ? mem_page(m, size >> PAGE_SHIFT) : NULL;
	if (f != NULL)
		memset((uint8_t *)frame_virt(f) + (size & (PAGE - 1)), 0, PAGE - (size & (PAGE - 1)));
	spin_unlock(&m->lock);
}

/* Takes away what is behind the new end. Meanwhile nobody makes the mem longer: settle() in mem.c. */
static void cut(struct mem *m, uint64_t size)
{
	uint64_t first = (size + PAGE - 1) >> PAGE_SHIFT;

	mem_sweep(m, first, UINT64_MAX >> PAGE_SHIFT, SWEEP_UNMAP);
	discard(m, first, UINT64_MAX);
	zero_tail(m, size);
	spin_lock(&m->lock);
	__atomic_store_n(&m->cuts, m->cuts + 1, __ATOMIC_RELAXED);
	waitq_wake_all(&m->wait);
	spin_unlock(&m->lock);
}

static int resize(struct mem *m, uint64_t size, bool grow)
{
	bool shorter;

	if (m->fixed || m->kind == MEM_PHYS || size > SIZE_MAX_MEM)
		return -EINVAL;
	spin_lock(&m->lock);
	while (m->cuts & 1)
		waitq_sleep(&m->wait, &m->lock, T_FOREVER, PARK_SOLID);
	shorter = size < m->size && !grow;
	if (shorter)
		__atomic_store_n(&m->cuts, m->cuts + 1, __ATOMIC_RELAXED);
	if (shorter || size > m->size)
		m->size = size;
	spin_unlock(&m->lock);
	if (shorter)
		cut(m, size);
	return 0;
}

/* MEM_WRITTEN or 0: what the pager says of the file from now on is another answer than what was kept. */
static long take_wrote(struct mem *m)
{
	/* Who has written, and now asks the pager, has set it before. */
	if (!__atomic_load_n(&m->wrote, __ATOMIC_ACQUIRE))
		return 0;
	spin_lock(&m->lock);
	m->wrote = false;
	mem_stat_changed(m);
	spin_unlock(&m->lock);
	return MEM_WRITTEN;
}

long sys_mem_size(long h, long size)
{
	bool grow = size < MEM_LOOK;
	struct mem *m;
	long wrote = 0, err = get_mem((handle_t)h, size == -1 ? 0 : R_CONTROL, false, &m);

	if (err != 0)
		return err;
	if (size == MEM_LOOK)
		wrote = take_wrote(m);
	else if (size != -1)
		err = resize(m, (uint64_t)size & ~MEM_GROW, grow);
	if (err == 0)
		err = (long)mem_size(m) | wrote;
	obj_put(&m->obj);
	return err;
}

long sys_mem_read(long h, long off, long buf, long n)
{
	struct mem *m;
	long r = get_mem((handle_t)h, R_READ, true, &m);

	if (r != 0)
		return r;
	r = off < 0 || n < 0 ? -EINVAL : mem_read(m, (uint64_t)off, (uint64_t)buf, (uint64_t)n);
	obj_put(&m->obj);
	return r;
}

long sys_mem_write(long h, long off, long buf, long n)
{
	struct mem *m;
	long r = get_mem((handle_t)h, R_WRITE, true, &m);

	if (r != 0)
		return r;
	r = off < 0 || n < 0 ? -EINVAL : mem_write(m, (uint64_t)off, (uint64_t)buf, (uint64_t)n);
	obj_put(&m->obj);
	return r;
}

/*
 * A fresh page from the server, put in unless one came meanwhile. It counts as used, so that the
 * reclaimer leaves it to who waits for it.
 */
static int supply_page(struct mem *m, uint64_t index, uint64_t ubuf, uint64_t n)
{
	struct frame *f = n == PAGE ? frame_alloc(FRAME_CACHE) : frame_alloc_zero(FRAME_CACHE);
	int err = 0;

	if (f == NULL)
		return -ENOMEM;
	if (copyin(frame_virt(f), ubuf, n) != 0) {
		frame_put(f);
		return -EFAULT;
	}
	spin_lock(&m->lock);
	if (mem_page(m, index) != NULL || index << PAGE_SHIFT >= m->size)
		frame_put(f);
	else if ((err = mem_page_set(m, index, f)) != 0)
		frame_put(f);
	else
		f->flags |= MP_ACCESSED;
	spin_unlock(&m->lock);
	return err;
}

/* The first page there of [*index, end), referenced; *index is where. */
static struct frame *next_there(struct mem *m, uint64_t *index, uint64_t end)
{
	struct frame *f;

	spin_lock(&m->lock);
	f = mem_page_next(m, index, end);
	if (f != NULL)
		frame_get(f);
	spin_unlock(&m->lock);
	return f;
}

/*
 * MEM_PATCH: bytes of pages that are there change in their place, clean or dirty, mapped or not. ubuf 0: to zeros.
 * It waits for nobody: the server's own buffer is always in memory. However long the range, only pages count.
 */
static int patch(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n)
{
	uint64_t index = off >> PAGE_SHIFT, end = (off + n + PAGE - 1) >> PAGE_SHIFT;
	struct frame *f;
	int err = 0;

	for (; err == 0 && (f = next_there(m, &index, end)) != NULL; index++) {
		uint64_t page = index << PAGE_SHIFT, from = page < off ? off : page, to = page + PAGE;
		uint8_t *at = (uint8_t *)frame_virt(f) + (from - page);

		to = to < off + n ? to : off + n;
		if (ubuf == 0)
			memset(at, 0, to - from);
		else
			err = copyin(at, ubuf + (from - off), to - from);
		frame_put(f);
	}
	return err;
}

/*
 * Who waits for pages hears of all at once: a reader who went on after the first would ask anew for those that are about
 * to come. Where there was no memory he waits for some, and asks again.
 */
static int supply(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n)
{
	uint64_t first = off >> PAGE_SHIFT, end = first + ((n + PAGE - 1) >> PAGE_SHIFT), index = first;
	int err = 0;

	for (; index < end; index++) {
		uint64_t done = (index - first) << PAGE_SHIFT, k = n - done;

		err = supply_page(m, index, ubuf + done, k < PAGE ? k : PAGE);
		if (err != 0)
			break;
	}
	spin_lock(&m->lock);
	pager_answer_pages(m, first, index, 0);
	if (err == -ENOMEM)
		pager_answer_pages(m, index, end, -ENOMEM);
	spin_unlock(&m->lock);
	mem_reclaim_poke();
	return err;
}

static void set_mark(struct mem *m, uint64_t index)
{
	spin_lock(&m->lock);
	m->ra_mark = index + 1;
	spin_unlock(&m->lock);
}

long sys_mem_supply(long h, long off, long buf, long len)
{
	uint64_t n = (uint64_t)len & ~(MEM_PATCH | MEM_MARK);
	bool change = (uint64_t)len & MEM_PATCH;
	struct mem *m;
	long err;

	if (off < 0 || n > INT64_MAX - (uint64_t)off || (!change && (off & (long)(PAGE - 1)) != 0) ||
	    (!change && n > SUPPLY_MAX))
		return -EINVAL;
	err = get_pager_mem(h, &m);
	if (err != 0)
		return err;
	if ((uint64_t)len & MEM_MARK)
		set_mark(m, (uint64_t)off >> PAGE_SHIFT);
	err = (change ? patch : supply)(m, (uint64_t)off, (uint64_t)buf, n);
	obj_put(&m->obj);
	return err;
}

long sys_mem_fail(long h, long off, long n, long err)
{
	struct mem *m;
	long r;

	if (off < 0 || n < 0 || err <= 0 || err > 4095)
		return -EINVAL;
	r = get_pager_mem(h, &m);
	if (r != 0)
		return r;
	spin_lock(&m->lock);
	if (n == 0)
		pager_answer_credit(m, -(int)err);
	else
		pager_answer_pages(m, (uint64_t)off >> PAGE_SHIFT,
				   ((uint64_t)off + (uint64_t)n + PAGE - 1) >> PAGE_SHIFT, -(int)err);
	spin_unlock(&m->lock);
	obj_put(&m->obj);
	return 0;
}

/* Takes back up to `pages` of unused credit: how many. Lock held. */
static long take_credit(struct mem *m, uint64_t pages)
{
	if (pages > m->credit)
		pages = m->credit;
	m->credit -= pages;
	return (long)pages;
}

long sys_mem_grant(long h, long pages)
{
	struct mem *m;
	long r;

	if (pages < -(1l << 32) || pages > 1l << 32)
		return -EINVAL;
	r = get_pager_mem(h, &m);
	if (r != 0)
		return r;
	spin_lock(&m->lock);
	if (pages < 0) {
		r = take_credit(m, (uint64_t)-pages);
	} else {
		m->credit += (uint64_t)pages;
		pager_answer_credit(m, 0);
	}
	spin_unlock(&m->lock);
	obj_put(&m->obj);
	return r;
}

/* Pages [first, end) are on their way to the disk: their content is lost if that fails and they are gone. */
static void set_out(struct mem *m, uint64_t first, uint64_t end)
{
	spin_lock(&m->lock);
	m->out_first = first;
	m->out_end = end;
	spin_unlock(&m->lock);
}

/* The next run of dirty pages at or after *index, also where the end is not known yet. Lock held. */
static bool dirty_run(struct mem *m, uint64_t *index, struct mem_run *run)
{
	struct frame *f;

	while ((f = mem_page_next(m, index, UINT64_MAX)) != NULL && !(f->flags & MP_DIRTY))
		++*index;
	if (f == NULL)
		return false;
	run->off = *index << PAGE_SHIFT;
	while ((f = mem_page(m, *index)) != NULL && (f->flags & MP_DIRTY))
		++*index;
	run->len = (*index << PAGE_SHIFT) - run->off;
	return true;
}

long sys_mem_dirty(long h, long runs, long max)
{
	struct mem_run run;
	uint64_t index = 0;
	struct mem *m;
	long n = 0, err = get_pager_mem(h, &m);

	if (err != 0)
		return err;
	set_out(m, 0, 0);
	for (; n < max && err == 0; n++) {
		bool more;

		spin_lock(&m->lock);
		more = dirty_run(m, &index, &run);
		spin_unlock(&m->lock);
		if (!more)
			break;
		err = copyout((uint64_t)runs + (uint64_t)n * sizeof(run), &run, sizeof(run));
	}
	obj_put(&m->obj);
	return err != 0 ? err : n;
}

/* Marks the page at index clean and references it; NULL: it is not dirty. */
static struct frame *take_page(struct mem *m, uint64_t index, bool *mapped)
{
	struct frame *f;

	spin_lock(&m->lock);
	f = mem_page(m, index);
	if (f != NULL && (f->flags & MP_DIRTY)) {
		f->flags &= (uint8_t)~MP_DIRTY;
		m->ndirty--;
		m->taken = true;
		m->pressed = false;
		frame_get(f);
	} else {
		f = NULL;
	}
	*mapped = !list_empty(&m->regions);
	if (m->ndirty == 0)
		waitq_wake_all(&m->wait);
	spin_unlock(&m->lock);
	return f;
}

static void set_dirty(struct mem *m, uint64_t first, uint64_t end)
{
	struct frame *f;

	spin_lock(&m->lock);
	for (uint64_t i = first; (f = mem_page_next(m, &i, end)) != NULL; i++)
		if (!(f->flags & MP_DIRTY)) {
			f->flags |= MP_DIRTY;
			m->ndirty++;
		}
	spin_unlock(&m->lock);
}

long sys_mem_take(long h, long off, long buf, long n)
{
	uint64_t done = 0;
	struct mem *m;
	long err = 0;

	if (off < 0 || n < 0 || ((off | n) & (long)(PAGE - 1)) != 0)
		return -EINVAL;
	err = get_pager_mem(h, &m);
	if (err != 0)
		return err;
	set_out(m, (uint64_t)off >> PAGE_SHIFT, (uint64_t)(off + n) >> PAGE_SHIFT);
	for (; done < (uint64_t)n; done += PAGE) {
		uint64_t index = ((uint64_t)off + done) >> PAGE_SHIFT;
		bool mapped;
		struct frame *f = take_page(m, index, &mapped);

		if (f == NULL)
			break;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);	/* see settle() in mem.c */
		if (mapped)
			mem_sweep(m, index, index + 1, SWEEP_PROTECT);
		err = copyout((uint64_t)buf + done, frame_virt(f), PAGE);
		frame_put(f);
		if (err != 0) {
			set_dirty(m, index, index + 1);
			break;
		}
	}
	obj_put(&m->obj);
	return err != 0 ? err : (long)done;
}

long sys_mem_redirty(long h, long off, long n)
{
	struct mem *m;
	long err;

	if (off < 0 || n < 0)
		return -EINVAL;
	err = get_pager_mem(h, &m);
	if (err != 0)
		return err;
	set_dirty(m, (uint64_t)off >> PAGE_SHIFT, ((uint64_t)off + (uint64_t)n + PAGE - 1) >> PAGE_SHIFT);
	set_out(m, 0, 0);
	obj_put(&m->obj);
	return 0;
}

long sys_mem_drop(long h, long off, long len)
{
	uint64_t n = (uint64_t)len & ~MEM_DIRTY_TOO;
	struct mem *m;
	long err;

	if (off < 0 || n > INT64_MAX - (uint64_t)off)
		return -EINVAL;
	err = get_pager_mem(h, &m);
	if (err != 0)
		return err;
	mem_drop(m, (uint64_t)off >> PAGE_SHIFT, ((uint64_t)off + n + PAGE - 1) >> PAGE_SHIFT,
		 (uint64_t)len & MEM_DIRTY_TOO);
	obj_put(&m->obj);
	return 0;
}

long sys_mem_changed(long h)
{
	struct mem *m;
	long err = get_pager_mem(h, &m);

	if (err != 0)
		return err;
	mem_stat_changed(m);
	obj_put(&m->obj);
	return 0;
}
