/* SPDX-License-Identifier: MIT */
/*
 * fallocate: space set aside, holes, zeros. What the page cache has is written back first, then the disk is
 * changed, then the cache, in the same way: others may write to the file at the same time.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "fsd.h"

#define KEEP_SIZE	0x01	/* Linux's values, in the mode of F_ALLOCATE */
#define PUNCH_HOLE	0x02
#define ZERO_RANGE	0x10

static int grow(struct ofile *of, uint64_t end)
{
	struct cfs_attr a = { .size = end };
	int64_t err;

	if (end <= file_size(of->ip))
		return 0;
	err = sys_mem_grow(of->fn->mem, end);
	if (err < 0)
		return (int)err;
	time_now(&a.time[CFS_MTIME]);
	return cfs_setattr(of->ip, CFS_SET_SIZE | CFS_SET_MTIME, &a);
}

/* Bytes [from, to) of one page become zero, unless it is a hole. */
static int zero_part(struct ofile *of, uint64_t from, uint64_t to)
{
	uint64_t page = from / PAGE, next;
	int err;

	if (from >= to || cfs_seek(of->ip, page, false, &next) || next != page)
		return 0;
	err = cfs_read(of->ip, page, 1, fsd.buf);
	if (err)
		return err;
	memset(fsd.buf + from % PAGE, 0, to - from);
	return cfs_write(of->ip, page, 1, fsd.buf, 0, 0);
}

static int make_zero(struct ofile *of, uint64_t from, uint64_t to)
{
	uint64_t first = (from + PAGE - 1) / PAGE, last = to / PAGE;
	int err;

	if (first > last)		/* within one page */
		return zero_part(of, from, to);
	err = zero_part(of, from, first * PAGE);
	if (!err)
		err = zero_part(of, last * PAGE, to);
	return err || first == last ? err : cfs_punch(of->ip, first, last - first);
}

/* Whole pages go from the cache; who is writing to one begins again with the hole. Parts become zero in place. */
static void forget(struct fnode *fn, uint64_t from, uint64_t to)
{
	uint64_t first = (from + PAGE - 1) / PAGE * PAGE, last = to / PAGE * PAGE;

	if (first > last) {
		sys_mem_patch(fn->mem, from, NULL, to - from);
		return;
	}
	if (first < last)
		sys_mem_cut(fn->mem, first, last - first);
	sys_mem_patch(fn->mem, from, NULL, first - from);
	sys_mem_patch(fn->mem, last, NULL, to - last);
}

static int allocate(struct ofile *of, uint32_t mode, uint64_t off, uint64_t end)
{
	uint64_t first = off / PAGE;
	int err = write_back(of->fn);

	of->fn->version++;
	if (!err && mode & (PUNCH_HOLE | ZERO_RANGE)) {
		err = make_zero(of, off, end);
		if (err)
			sys_mem_drop(of->fn->mem, first * PAGE, (end + PAGE - 1) / PAGE * PAGE - first * PAGE);
		else
			forget(of->fn, off, end);
	}
	if (!err && !(mode & PUNCH_HOLE)) {
		err = fsd.ram ? 0 : cfs_allocate(of->ip, first, (end + PAGE - 1) / PAGE - first);
		if (!err && !(mode & KEEP_SIZE))
			err = grow(of, end);
	}
	touch_timer();
	return err;
}

int64_t op_allocate(struct srv_req *r, struct ofile *of)
{
	uint64_t mode = r->m.w[1], off = r->m.w[2], len = r->m.w[3], end = off + len;
	struct cfs_statfs st;

	if (mode != 0 && mode != KEEP_SIZE && mode != (PUNCH_HOLE | KEEP_SIZE) && (mode & ~(uint64_t)KEEP_SIZE) != ZERO_RANGE)
		return -EOPNOTSUPP;
	if (!of->fn)
		return S_ISDIR(of->ip->a.mode) ? -EISDIR : -ENODEV;
	if ((of->flags & ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!len || end < off)
		return -EINVAL;
	if (end > INT64_MAX / 2)
		return -EFBIG;
	cfs_statfs(fsd.fs, &st);
	if (!(mode & PUNCH_HOLE) && len / PAGE > st.avail + of->ip->a.blocks)
		return -ENOSPC;
	return allocate(of, (uint32_t)mode, off, end);
}
