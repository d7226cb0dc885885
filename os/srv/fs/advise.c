/* SPDX-License-Identifier: MIT */
/* posix_fadvise: what a program will read is fetched before it asks, what it will not read again leaves the cache. */
#include <fcntl.h>

#include "fsd.h"

#define MOST	4096u		/* pages fetched at once: other requests wait behind them for a worker */

/* Bytes that are wanted, in whole pages; those that are there already stay as they are. */
static void fetch(struct fnode *fn, uint64_t off, uint64_t end)
{
	uint64_t most = fsd.limit / 2 < MOST ? fsd.limit / 2 : MOST;

	off = off / PAGE * PAGE;
	end = (end + PAGE - 1) / PAGE * PAGE;
	page_want(fn, off, end - off < most * PAGE ? end : off + most * PAGE);
}

/*
 * Only whole pages, but the last of the file may be a part of one. What cannot be written stays, and a sync will tell.
 * A file system in memory gains nothing by writing back.
 */
static void let_go(struct fnode *fn, uint64_t off, uint64_t end, uint64_t size)
{
	if (!fsd.ram)
		write_back(fn);
	off = (off + PAGE - 1) / PAGE * PAGE;
	end = (end < size ? end : end + PAGE - 1) / PAGE * PAGE;
	if (off < end)
		sys_mem_drop(fn->mem, off, end - off);
}

int64_t op_advise(struct srv_req *r, struct ofile *of)
{
	uint64_t off = r->m.w[2], len = r->m.w[3], size, end;

	if (of->flags & O_PATH)
		return -EBADF;
	if (of->fifo)
		return -ESPIPE;
	if (!of->fn)
		return 0;
	size = file_size(of->ip);
	end = !len || len > size ? size : off + len < size ? off + len : size;
	if (off >= end)
		return 0;
	if (r->m.w[1] == POSIX_FADV_WILLNEED)
		fetch(of->fn, off, end);
	else if (r->m.w[1] == POSIX_FADV_DONTNEED)
		let_go(of->fn, off, end, size);
	return 0;
}
