/* SPDX-License-Identifier: MIT */
/*
 * Pages of one file that appear in another, and where a file has holes. Blocks are the library's: what the
 * page cache has is written back first, and the pages over what has changed are dropped, also those to which
 * someone is writing: he begins again with the new ones.
 *
 * A message names one file. So the source is asked for a ticket first, which counts once, for the process
 * that asked, while the file is open.
 */
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "fsd.h"

#define TICKETS		64u
#define SOON		(64ull << 20)	/* bytes that are soon done */

static struct ticket {
	uint64_t number;		/* 0: none */
	struct ofile *of;
	uint32_t pid;
} tickets[TICKETS];
static uint32_t live;			/* those not used yet: mostly none, and a close need not look */

static void forget(struct ticket *t)
{
	live -= t->number != 0;
	*t = (struct ticket){ 0 };
}

int64_t op_source(struct srv_req *r, struct ofile *of)
{
	static uint32_t next;
	struct ticket *t = &tickets[next++ % TICKETS];

	if (!of->fn)
		return (of->ip->a.mode & 0170000) == 0040000 ? -EISDIR : of->flags & O_PATH ? -EBADF : -EINVAL;
	if ((of->flags & ACCMODE) == O_WRONLY)
		return -EBADF;
	forget(t);
	if (sys_getrandom(&t->number, sizeof t->number) < 0)
		return -EIO;
	t->number |= 1;
	live++;
	t->of = of;
	t->pid = r->m.pid;
	r->m.w[1] = t->number;
	return 0;
}

void tickets_closed(const struct ofile *of)
{
	for (uint32_t i = 0; i < TICKETS && live; i++)
		if (tickets[i].of == of)
			forget(&tickets[i]);
}

static struct ofile *use_ticket(uint64_t number, uint32_t pid)
{
	for (uint32_t i = 0; i < TICKETS && number; i++) {
		struct ofile *of = tickets[i].of;

		if (tickets[i].number != number || tickets[i].pid != pid)
			continue;
		forget(&tickets[i]);
		return of;
	}
	return NULL;
}

struct copy {
	struct ofile *from, *to;
	uint64_t at, off, len;	/* len > 0 */
	uint64_t size;		/* of `from`: all before is on the disk, nothing behind */
};

#define TRIES	16	/* to find a file between two writes at its end */

/* Both files' pages go to the disk. -EBUSY: the source grows and grows. */
static int settle(struct copy *c)
{
	int err = write_back(c->to->fn);

	for (int i = 0; i < TRIES && !err; i++) {
		c->size = file_size(c->from->ip);
		err = write_back(c->from->fn);
		if (!err && c->from->ip->a.size == c->size)
			return 0;
	}
	return err ? err : -EBUSY;
}

/* The part of the wanted range that can be shared: 0, or -errno. What is not needed at once may be cut. */
static int limit(struct copy *c, bool all)
{
	uint64_t size = c->size, have = file_size(c->to->ip), end;

	if (c->at % PAGE || c->off % PAGE || c->at > INT64_MAX / 2 || c->off > INT64_MAX / 2)
		return -EINVAL;
	if (all && (c->at > size || c->len > size - c->at))
		return -EINVAL;
	if (c->at >= size || (!all && !c->len))
		c->len = 0;
	else if (!c->len || c->len > size - c->at)
		c->len = size - c->at;
	if (!all && c->len > SOON)
		c->len = SOON;
	end = c->at + c->len;
	if (c->len % PAGE && (end != size || c->off + c->len < have)) {
		if (all)
			return -EINVAL;
		c->len -= c->len % PAGE;
	}
	if (c->from->ip == c->to->ip && c->at < c->off + c->len && c->off < c->at + c->len)
		return -EINVAL;
	return c->off + c->len > INT64_MAX / 2 ? -EFBIG : 0;
}

/*
 * The pages of the cache over what was shared. Of the last one only a part may be, and more was appended since.
 * Once more when the file is longer: pages that someone has made behind its old end begin with zeros.
 */
static int forget_pages(const struct copy *c)
{
	struct fnode *fn = c->to->fn;
	uint64_t rest = c->len % PAGE, whole = c->len - rest;
	int64_t err = rest ? cfs_read(fn->ip, (c->off + whole) / PAGE, 1, fsd.buf) : 0;

	for (int i = 0; i < 2 && err >= 0; i++) {
		sys_mem_cut(fn->mem, c->off, whole);
		if (rest)
			sys_mem_patch(fn->mem, c->off + whole, fsd.buf, rest);
		err = i == 0 ? sys_mem_grow(fn->mem, c->off + c->len) : 0;
	}
	return err < 0 ? (int)err : 0;
}

static int share(const struct copy *c)
{
	struct fnode *fn = c->to->fn;
	uint64_t pages = (c->len + PAGE - 1) / PAGE, end = c->off + c->len;
	struct cfs_attr a = { .size = end };
	int err;

	fn->version++;
	err = cfs_clone(c->from->ip, c->at / PAGE, c->to->ip, c->off / PAGE, pages, end);
	if (!err)
		err = forget_pages(c);
	if (err)
		sys_mem_drop(fn->mem, c->off, pages * PAGE);
	time_now(&a.time[CFS_MTIME]);
	/* Where the source ends with a hole the library has not seen the new end. */
	return err ? err : cfs_setattr(c->to->ip, CFS_SET_MTIME | (end > c->to->ip->a.size ? CFS_SET_SIZE : 0), &a);
}

int64_t op_copy(struct srv_req *r, struct ofile *of)
{
	struct copy c = { use_ticket(r->m.w[1], r->m.pid), of, r->m.w[2], r->m.w[3], r->m.w[4], 0 };
	int err;

	if (!of->fn)
		return (of->ip->a.mode & 0170000) == 0040000 ? -EISDIR : of->flags & O_PATH ? -EBADF : -EINVAL;
	if ((of->flags & ACCMODE) == O_RDONLY || r->m.fflags & O_APPEND)
		return -EBADF;
	if (!c.from)
		return -EXDEV;
	err = settle(&c);
	if (!err)
		err = limit(&c, r->m.w[5] & COPY_ALL);
	if (err || !c.len)
		return err;
	err = share(&c);
	touch_timer();
	if (err)
		return err;
	watch_file(of->ip, of->dir, IN_MODIFY);
	return (int64_t)c.len;
}

/* Only where data and holes begin: other seeks are the kernel's. */
int64_t op_seek(struct srv_req *r, struct ofile *of)
{
	uint64_t off = r->m.w[1], whence = r->m.w[2], page, size;
	int err;

	if ((whence != SEEK_DATA && whence != SEEK_HOLE) || !of->fn)
		return whence == SEEK_END ? -ENOSYS : -EINVAL;
	err = write_back(of->fn);
	size = file_size(of->ip);
	if (err || off >= size)
		return err ? err : -ENXIO;
	err = cfs_seek(of->ip, off / PAGE, whence == SEEK_HOLE, &page);
	if (err == -ENXIO && whence == SEEK_HOLE)
		return (int64_t)off;
	if (err)
		return err;
	if (page * PAGE > off)
		off = page * PAGE;
	if (off < size)
		return (int64_t)off;
	return whence == SEEK_HOLE ? (int64_t)size : -ENXIO;
}
