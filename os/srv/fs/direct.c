/* SPDX-License-Identifier: MIT */
/*
 * Files opened with O_DIRECT: reads and writes come here, past the page cache. Address, length and offset
 * are multiples of 512, as on Linux: -EINVAL. What the cache has of the file is written back before, and bytes
 * written are changed in the cache as well, where it has their pages: others may write to these at the same time,
 * and what is clean there is what the disk has.
 */
#include <fcntl.h>

#include "fsd.h"

#define ALIGN	512u

static int check(const struct srv_req *r, const struct ofile *of, uint64_t base, uint32_t not_this)
{
	if (!of->fn)
		return (of->ip->a.mode & 0170000) == 0040000 ? -EISDIR : -EBADF;
	if (of->flags & O_PATH || (of->flags & ACCMODE) == not_this)
		return -EBADF;
	if ((base | r->m.w[1] | r->m.w[2]) & (ALIGN - 1))
		return -EINVAL;
	return r->m.w[2] > INT64_MAX / 2 || r->m.w[1] > INT64_MAX / 2 ? -EFBIG : 0;
}

/* As many bytes as fit between off and the end of the buffer that begins with off's page. */
static uint64_t part(uint64_t off, uint64_t left)
{
	uint64_t room = BUF_PAGES * PAGE - off % PAGE;

	return left < room ? left : room;
}

static uint32_t pages_of(uint64_t off, uint64_t n)
{
	return (uint32_t)((off % PAGE + n + PAGE - 1) / PAGE);
}

int64_t op_read(struct srv_req *r, struct ofile *of)
{
	uint64_t off = r->m.w[2], n = r->m.w[1], done = 0, size;
	int64_t err = check(r, of, r->m.r[1].base, O_WRONLY);

	if (err)
		return err;
	/* All before this end is on the disk then; what is appended meanwhile need not be. */
	size = file_size(of->ip);
	err = write_back(of->fn);
	if (err)
		return err;
	n = off >= size ? 0 : n < size - off ? n : size - off;
	while (done < n && !err) {
		uint64_t k = part(off + done, n - done);

		err = cfs_read(of->ip, (off + done) / PAGE, pages_of(off + done, k), fsd.buf);
		if (!err)
			err = sys_msg_write(r->m.token, 1, done, fsd.buf + (off + done) % PAGE, k);
		if (err > 0) {
			done += (uint64_t)err;
			err = (uint64_t)err == k ? 0 : -EFAULT;
		}
	}
	return done ? (int64_t)done : err;
}

/* Pages of which only a part is written are filled with what they have. */
static int fill_edges(struct cfs_inode *ip, uint64_t off, uint64_t n, uint64_t size)
{
	uint64_t first = off / PAGE, last = (off + n - 1) / PAGE, pages = (size + PAGE - 1) / PAGE;
	uint8_t *at = fsd.buf + (last - first) * PAGE;
	int err = 0;

	if (off % PAGE || (first == last && (off + n) % PAGE)) {
		memset(fsd.buf, 0, PAGE);
		err = first < pages ? cfs_read(ip, first, 1, fsd.buf) : 0;
	}
	if (!err && first != last && (off + n) % PAGE) {
		memset(at, 0, PAGE);
		err = last < pages ? cfs_read(ip, last, 1, at) : 0;
	}
	return err;
}

static int64_t write_part(struct srv_req *r, struct fnode *fn, uint64_t off, uint64_t from, uint64_t n)
{
	uint64_t size = file_size(fn->ip), end = off + n;
	int64_t err = fill_edges(fn->ip, off, n, size);

	if (!err)
		err = sys_msg_read(r->m.token, 0, from, fsd.buf + off % PAGE, n);
	if (err >= 0 && (uint64_t)err != n)
		err = -EFAULT;
	if (err < 0)
		return err;
	fn->version++;
	err = cfs_write(fn->ip, off / PAGE, pages_of(off, n), fsd.buf, end > size ? end : size, 0);
	if (err) {
		sys_mem_drop(fn->mem, off / PAGE * PAGE, (uint64_t)pages_of(off, n) * PAGE);
		return err;
	}
	sys_mem_patch(fn->mem, off, fsd.buf + off % PAGE, n);
	if (end <= size)
		return (int64_t)n;
	/* A page that someone has made behind the old end meanwhile begins with zeros. */
	err = sys_mem_grow(fn->mem, end);
	sys_mem_patch(fn->mem, off, fsd.buf + off % PAGE, n);
	return err < 0 ? err : (int64_t)n;
}

int64_t op_write(struct srv_req *r, struct ofile *of)
{
	uint64_t off = r->m.w[2], n = r->m.w[1], done = 0;
	int64_t err = check(r, of, r->m.r[0].base, O_RDONLY);

	if (!err && cfs_readonly(of->ip->fs))
		err = -EROFS;
	if (!err)
		err = write_back(of->fn);
	while (done < n && !err) {
		err = write_part(r, of->fn, off + done, done, part(off + done, n - done));
		if (err > 0) {
			done += (uint64_t)err;
			err = 0;
		}
	}
	if (done) {
		time_now(&of->fn->mtime);
		of->fn->stamped = true;
		touch_timer();
		watch_modified(of->fn);
	}
	return done ? (int64_t)done : err;
}
