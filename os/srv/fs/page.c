/* SPDX-License-Identifier: MIT */
/*
 * The pager: gives credit for dirty pages, writes them back. pagein.c fills absent ones.
 *
 * Credit: the kernel lets a page become dirty only against a page of credit, and credit is only given
 * when the library has reserved space for it. So writing back cannot fail for lack of space.
 * fsd.outstanding is the sum of all fnodes' credit and never more than what the library reserved.
 */
#include <sys/timerfd.h>

#include "fsd.h"

#define DELAY	5		/* s from a change to its write back */
#define RUNS	64
#define BATCH	256u		/* most pages granted at once; the first time FIRST */
#define FIRST	4u

/* A timer of the kernel: with one of its own the loop would look at the clock at each message. */
void touch_timer(void)
{
	if (!fsd.armed)
		fsd.armed = !timerfd_settime(fsd.timer, 0, &(struct itimerspec){ .it_value = { .tv_sec = DELAY } }, NULL);
}

void credit_gone(struct fnode *fn, uint64_t pages)
{
	if (pages > fn->credit)
		pages = fn->credit;
	fn->credit -= pages;
	fsd.outstanding -= pages;
	cfs_unreserve(fsd.fs, pages);
}

void take_back_credit(struct fnode *fn)
{
	int64_t n = fn->credit ? sys_mem_grant(fn->mem, -(int64_t)fn->credit) : 0;

	if (n > 0)
		credit_gone(fn, (uint64_t)n);
	fn->batch = FIRST;
}

/* Reserved pages that nobody used come back; what is dirty is written. */
static void make_room(void)
{
	for (struct fnode *fn = fsd.old; fn; fn = fn->next)
		take_back_credit(fn);
	write_back_all();
}

static void grant(struct fnode *fn, uint64_t want)
{
	uint64_t n;
	int err;

	if (fn->batch < FIRST)
		fn->batch = FIRST;
	n = want < fn->batch ? want : fn->batch;

	if (!fsd.ram && fsd.outstanding + n > fsd.limit)
		write_back_all();
	err = cfs_reserve(fsd.fs, n);
	if (err == -ENOSPC) {
		make_room();
		err = cfs_reserve(fsd.fs, n);
	}
	/* A page is enough to go on. */
	if (err == -ENOSPC && n > 1) {
		n = 1;
		err = cfs_reserve(fsd.fs, n);
	}
	if (err) {
		sys_mem_fail(fn->mem, 0, 0, -err);
		return;
	}
	fn->credit += n;
	fsd.outstanding += n;
	fn->batch = fn->batch * 4 < BATCH ? fn->batch * 4 : BATCH;
	sys_mem_grant(fn->mem, (int64_t)n);
}

void first_credit(struct fnode *fn)
{
	if (fn->credit || fsd.outstanding + FIRST > fsd.limit || cfs_reserve(fsd.fs, FIRST))
		return;
	fn->credit += FIRST;
	fsd.outstanding += FIRST;
	sys_mem_grant(fn->mem, FIRST);
}

static void modified(struct fnode *fn)
{
	fn->stamped = true;
	fn->more = true;
	time_now(&fn->mtime);
}

uint64_t fnode_look(struct fnode *fn)
{
	int64_t size = sys_mem_size(fn->mem, MEM_LOOK);

	if (size < 0)
		return fn->ip->a.size;
	if (size & MEM_WRITTEN)
		modified(fn);
	return (uint64_t)(size & ~MEM_WRITTEN);
}

static void became_dirty(struct fnode *fn)
{
	fn->dirty = true;
	modified(fn);
	touch_timer();
	watch_modified(fn);
}

/* A message may be late: the fnode it names can only be gone if nobody could have caused it. */
static struct fnode *by_key(uint64_t key)
{
	struct fnode *fn = fsd.young;

	while (fn && (uint64_t)fn != key)
		fn = fn->prev;
	return fn;
}

void page_message(struct srv *s, struct msg *m)
{
	struct fnode *fn = by_key(m->id);

	(void)s;
	time_passes();
	if (!fn)
		return;
	switch (m->w[0]) {
	case PAGE_IN:
		page_in(fn, m->w[1], m->w[2]);
		break;
	case PAGE_RESERVE:
		grant(fn, m->w[2] ? m->w[2] : 1);
		break;
	case PAGE_DIRTY:
		became_dirty(fn);
		break;
	case PAGE_PRESSURE:
		if (fsd.ram)
			memory_trim();
		write_back(fn);
		break;
	case PAGE_AHEAD:
		page_ahead(fn, m->w[1]);
		break;
	}
}

/* The library has used up the reservation of n pages itself. */
static void credit_used(struct fnode *fn, uint64_t n)
{
	if (n > fn->credit)
		n = fn->credit;
	fsd.outstanding -= n;
	fn->credit -= n;
}

/*
 * How many of the n pages taken at off belong to the file as it is now, for others write on meanwhile.
 * What a mapping has written behind the end is not of it. Pages past it are of a write that has yet to
 * say where the end is and then makes them dirty again: their credit goes back.
 */
static uint64_t cut_at_end(struct fnode *fn, uint64_t off, uint64_t n, uint64_t *size)
{
	uint64_t have, part;

	*size = file_size(fn->ip);
	have = *size > off ? *size - off : 0;
	if (have >= n * PAGE)
		return n;
	part = have % PAGE;
	if (part)
		memset(fsd.buf + have, 0, PAGE - part);
	have = (have + PAGE - 1) / PAGE;
	if (have < n)
		sys_mem_grant(fn->mem, (int64_t)(n - have));
	return have;
}

/* Takes one run out of the cache and writes it. */
static int write_run(struct fnode *fn, uint64_t off, uint64_t len)
{
	while (len) {
		uint64_t want = len < BUF_PAGES * PAGE ? len : BUF_PAGES * PAGE, size, n;
		int64_t got = sys_mem_take(fn->mem, off, fsd.buf, want);
		int err;

		if (got < (int64_t)PAGE)
			return 0;
		fn->version++;
		n = cut_at_end(fn, off, (uint64_t)got / PAGE, &size);
		if (!n)
			return 0;
		err = cfs_write(fn->ip, off / PAGE, (uint32_t)n, fsd.buf, size, CFS_CREDIT);
		if (err) {
			sys_mem_redirty(fn->mem, off, n * PAGE);
			return err;
		}
		credit_used(fn, n);
		off += n * PAGE;
		len -= n * PAGE;
	}
	return 0;
}

static int write_pages(struct fnode *fn)
{
	struct mem_run runs[RUNS];
	int64_t n = RUNS;
	int err = 0;

	for (int pass = 0; pass < 1000 && n == RUNS && !err; pass++) {
		n = sys_mem_dirty(fn->mem, runs, RUNS);
		if (n < 0)
			return (int)n;
		for (int64_t i = 0; i < n && !err; i++)
			err = write_run(fn, runs[i].off, runs[i].len);
	}
	return err;
}

/* What was written may have been followed by another change of the inode, as by chmod. */
struct cfs_time fnode_ctime(const struct fnode *fn)
{
	const struct cfs_time *c = &fn->ip->a.time[CFS_CTIME], *m = &fn->mtime;
	bool later = m->sec > c->sec || (m->sec == c->sec && m->nsec > c->nsec);

	return fn->stamped && later ? *m : *c;
}

/* Size and modification time to the inode. A truncation may not have reached it. */
static int write_attr(struct fnode *fn, uint64_t size)
{
	struct cfs_attr a = { .size = size };
	uint32_t mask = 0;
	int err = size < fn->ip->a.size ? cfs_truncate(fn->ip, size) : 0;

	if (err)
		return err;
	if (fn->ip->a.size != size)
		mask |= CFS_SET_SIZE;
	if (fn->stamped)
		mask |= CFS_SET_MTIME | CFS_SET_CTIME;
	if (!mask)
		return 0;
	a.time[CFS_MTIME] = fn->mtime;
	a.time[CFS_CTIME] = fnode_ctime(fn);
	err = cfs_setattr(fn->ip, mask, &a);
	fn->stamped = fn->stamped && err;
	return err;
}

/*
 * An error is never forgotten: pages that could not be written stay dirty, so that whoever syncs later tries again
 * and hears of it; and after an error of the library in the middle of a change, or of a commit, nothing succeeds.
 */
int write_back(struct fnode *fn)
{
	struct mem_run run;
	uint64_t size, had = fn->ip->a.size;
	int err;

	/* Who has written may have done so before the first one, who says PAGE_DIRTY, has said it. */
	if (!fn->dirty && !fn->stamped && sys_mem_dirty(fn->mem, &run, 1) <= 0)
		return 0;
	fn->dirty = false;
	size = fnode_look(fn);
	err = write_pages(fn);
	/* Pages that became dirty meanwhile may not be announced again. */
	if (err || sys_mem_dirty(fn->mem, &run, 1) > 0) {
		fn->dirty = true;
		touch_timer();
	}
	/* What was written of them may have made the file longer than it was at first. */
	if (fn->ip->a.size > had && fn->ip->a.size > size)
		size = fn->ip->a.size;
	if (!err) {
		err = write_attr(fn, size);
		fn->dirty = fn->dirty || err;
	}
	return err;
}

int write_back_all(void)
{
	int err = 0;

	for (struct fnode *fn = fsd.old; fn; fn = fn->next) {
		int e = write_back(fn);

		if (e && !err)
			err = e;
	}
	return err;
}

int sync_file(struct fnode *fn)
{
	int err;

	if (fsd.ram)
		return 0;
	err = fn ? write_back(fn) : 0;
	return err ? err : cfs_sync(fsd.fs);
}

int sync_all(void)
{
	int err, err2;

	if (fsd.ram)
		return 0;
	err = write_back_all();
	err2 = cfs_sync(fsd.fs);
	return err ? err : err2;
}
