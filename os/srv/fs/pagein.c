/* SPDX-License-Identifier: MIT */
/*
 * Filling pages, several reads at a time. A read maps its pages to blocks here, in the loop's thread, is
 * fetched and verified by a worker, and supplied here. If the file has been written or cut meanwhile
 * (fnode.version), or its blocks are no longer what they were, it is done again without hurry.
 */
#include <stdlib.h>

#include "fsd.h"

#define WINDOW	(128 * PAGE)	/* first bytes to read ahead */

struct pagein {
	struct job job;
	struct fnode *fn;		/* kept by fn->jobs */
	uint64_t off, version;
	uint32_t n;
	int err;
	bool slow;			/* a node could not be read ahead: it is waited for */
	struct cfs_miss miss;
	struct cfs_plan plan;
};

static void finish(struct pagein *p)
{
	p->fn->jobs--;
	free(p);
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
		sys_mem_supply(p->fn->mem, p->off, buf, (uint64_t)p->n * PAGE);
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

static void supply(struct fnode *fn, uint64_t off, uint64_t end)
{
	while (off < end) {
		uint32_t n = end - off < JOB_BUF ? (uint32_t)((end - off) / PAGE) : JOB_BUF / PAGE;
		struct pagein *p = malloc(sizeof *p);

		if (p) {
			p->fn = fn;
			p->off = off;
			p->n = n;
			p->slow = false;
			fn->jobs++;
			step(p);
		} else {
			supply_now(fn, off, n);
		}
		off += (uint64_t)n * PAGE;
	}
}

/* A reader that goes straight on finds the next pages already there, more of them each time. */
void page_in(struct fnode *fn, uint64_t off, uint64_t len)
{
	uint64_t end = off + len, size;

	if (!off || off != fn->ahead)
		fn->window = 0;
	else
		fn->window = fn->window ? fn->window * 2 : WINDOW;
	if (fn->window > BUF_PAGES * PAGE)
		fn->window = BUF_PAGES * PAGE;
	size = (file_size(fn->ip) + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	fn->ahead = end;
	if (fn->window && end < size)
		fn->ahead = size - end < fn->window ? size : end + fn->window;
	supply(fn, off, end);
	if (fn->ahead > end)
		supply(fn, end, fn->ahead);
}
