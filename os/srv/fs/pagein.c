/* SPDX-License-Identifier: MIT */
/*
 * Filling pages, several reads at a time. A read maps its pages to blocks here, in the loop's thread, is
 * fetched and verified by a worker, and supplied here. If the file has been written or cut meanwhile
 * (fnode.version), or its blocks are no longer what they were, it is done again without hurry.
 *
 * Of a reader that goes straight on the next window is read ahead while it is in the one before: the first page
 * of each is marked for the kernel, which says PAGE_AHEAD when the reader comes to it.
 */
#include <stdlib.h>

#include "fsd.h"

#define WINDOW	(128 * PAGE)	/* first bytes to read ahead */

struct pagein {
	struct job job;
	struct pagein *next;		/* of fn->ins */
	struct fnode *fn;		/* kept by fn->jobs */
	uint64_t off, version;
	uint32_t n;
	int err;
	bool slow;			/* a node could not be read ahead: it is waited for */
	bool mark;			/* its first page */
	struct cfs_miss miss;
	struct cfs_plan plan;
};

static void finish(struct pagein *p)
{
	struct pagein **pp = &p->fn->ins;

	while (*pp != p)
		pp = &(*pp)->next;
	*pp = p->next;
	p->fn->jobs--;
	free(p);
}

static uint64_t length(const struct pagein *p)
{
	return (uint64_t)p->n * PAGE | (p->mark ? MEM_MARK : 0);
}

/* Waits for the disk; one bad page must not hide its neighbours. */
static void supply_now(struct fnode *fn, uint64_t off, uint32_t n)
{
	int err = cfs_read(fn->ip, off / PAGE, n, fsd.buf);

	if (!err) {
		sys_mem_supply(fn->mem, off, fsd.buf, (uint64_t)n * PAGE);
		return;
	}
	for (uint32_t i = 0; i < n; i++, off += PAGE) {
		err = n > 1 ? cfs_read(fn->ip, off / PAGE, 1, fsd.buf) : err;
		if (err)
			sys_mem_fail(fn->mem, off, PAGE, EIO);
		else
			sys_mem_supply(fn->mem, off, fsd.buf, PAGE);
	}
}

static void run_fetch(struct job *j, void *buf)
{
	struct pagein *p = (struct pagein *)j;

	p->err = cfs_fetch(&p->plan, buf);
}

static void done_fetch(struct job *j, void *buf)
{
	struct pagein *p = (struct pagein *)j;

	if (p->err || p->version != p->fn->version)
		supply_now(p->fn, p->off, p->n);
	else
		sys_mem_supply(p->fn->mem, p->off, buf, length(p));
	finish(p);
}

static void step(struct pagein *p);

static void run_miss(struct job *j, void *buf)
{
	(void)buf;
	cfs_miss_read(&((struct pagein *)j)->miss);
}

static void done_miss(struct job *j, void *buf)
{
	struct pagein *p = (struct pagein *)j;

	(void)buf;
	p->slow = cfs_miss_done(&p->miss);
	step(p);
}

static void step(struct pagein *p)
{
	int err;

	cfs_nowait(fsd.fs, !p->slow);
	err = cfs_map(p->fn->ip, p->off / PAGE, p->n, &p->plan);
	cfs_nowait(fsd.fs, false);
	if (err == -CFS_WAIT && !cfs_miss_take(fsd.fs, &p->miss)) {
		p->job.run = run_miss;
		p->job.done = done_miss;
		job_submit(&p->job);
	} else if (err || !p->plan.npieces) {
		supply_now(p->fn, p->off, p->n);
		finish(p);
	} else {
		p->version = p->fn->version;
		p->job.run = run_fetch;
		p->job.done = done_fetch;
		job_submit(&p->job);
	}
}

static void supply(struct fnode *fn, uint64_t off, uint64_t end, bool mark)
{
	for (; off < end; mark = false) {
		uint32_t n = end - off < JOB_BUF ? (uint32_t)((end - off) / PAGE) : JOB_BUF / PAGE;
		struct pagein *p = malloc(sizeof *p);

		if (p) {
			p->fn = fn;
			p->off = off;
			p->n = n;
			p->slow = false;
			p->mark = mark;
			p->next = fn->ins;
			fn->ins = p;
			fn->jobs++;
			step(p);
		} else {
			supply_now(fn, off, n);
		}
		off += (uint64_t)n * PAGE;
	}
}

static const struct pagein *covering(const struct fnode *fn, uint64_t off)
{
	const struct pagein *p = fn->ins;

	while (p && (off < p->off || off - p->off >= (uint64_t)p->n * PAGE))
		p = p->next;
	return p;
}

/* The window behind fn->ahead. */
static void read_ahead(struct fnode *fn)
{
	uint64_t size = (file_size(fn->ip) + PAGE - 1) & ~(uint64_t)(PAGE - 1), from = fn->ahead;

	if (!fn->window || from >= size)
		return;
	fn->ahead = size - from < fn->window ? size : from + fn->window;
	supply(fn, from, fn->ahead, true);
}

/* On a small machine windows stay small: two of them are on their way at once. */
static uint32_t wider(uint32_t window)
{
	uint64_t most = fsd.limit / 4 < BUF_PAGES ? fsd.limit / 4 * PAGE : BUF_PAGES * PAGE;

	window = window ? window * 2 : WINDOW;
	return window < most ? window : (uint32_t)most;
}

/* Asked for before what was read ahead came, or gone again: only who misses a second page there is read ahead anew. */
static bool lately_supplied(const struct fnode *fn, uint64_t off)
{
	return off < fn->ahead && fn->ahead - off <= 2ull * fn->window;
}

/* What is on its way answers who waits for it. Otherwise a reader that does not go straight on starts afresh. */
void page_in(struct fnode *fn, uint64_t off, uint64_t len)
{
	const struct pagein *p;
	uint64_t end = off + len;
	bool on;

	while ((p = covering(fn, off)))
		off = p->off + (uint64_t)p->n * PAGE;
	if (off >= end)
		return;
	on = off && (off == fn->asked || off == fn->ahead);
	fn->asked = end;
	if (!on && lately_supplied(fn, off)) {
		supply(fn, off, end, false);
		return;
	}
	fn->ahead = end;
	fn->window = on ? wider(fn->window) : 0;
	supply(fn, off, end, false);
	read_ahead(fn);
}

void page_want(struct fnode *fn, uint64_t off, uint64_t end)
{
	while (off < end) {
		const struct pagein *p = covering(fn, off);
		uint64_t next = p ? p->off + (uint64_t)p->n * PAGE : end - off < JOB_BUF ? end : off + JOB_BUF;

		if (!p)
			supply(fn, off, next, false);
		off = next;
	}
}

void page_ahead(struct fnode *fn, uint64_t off)
{
	if (!fn->window || off >= fn->ahead)
		return;
	fn->window = wider(fn->window);
	read_ahead(fn);
}
