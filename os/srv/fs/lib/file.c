/* SPDX-License-Identifier: MIT */
/*
 * Writing file data: always to blocks that no durable state reads, then entered into the tree. That is new
 * blocks, or such as were set aside for the file and never written.
 */
#include "fs.h"

#define STEP	32	/* extents freed in one step */

int file_trim(struct cfs_inode *ip, uint64_t first, bool *more)
{
	uint64_t before = ip->a.blocks;
	int err = ext_unmap(ip, first, CFS_OFF_MASK, STEP, more);

	if (!err && ip->a.blocks != before)
		err = inode_save(ip);
	return err ? txn_fail(ip->fs, err) : 0;
}

/* Where the data of page would best go: behind the data of the page before. */
static uint64_t data_goal(struct cfs_inode *ip, uint64_t page)
{
	struct path p;
	struct item it;
	struct cfs_extent e;

	if (page && ext_seek(ip, page - 1, &p, &it) == 1 && key_off(it.key) < page) {
		memcpy(&e, it.val, sizeof e);
		return e.blk + (page - key_off(it.key));
	}
	return ip->fs->data_goal;
}

/* The blocks that were set aside for pages from page on, at most n: 1 and *x, or 0. */
static int set_aside(struct cfs_inode *ip, uint64_t page, uint32_t n, struct ext *x)
{
	struct path p;
	struct item it;
	struct ext whole;
	uint32_t skip;
	int r = ext_seek(ip, page, &p, &it);

	if (r <= 0 || key_off(it.key) > page)
		return r < 0 ? r : 0;
	ext_load(&whole, &it);
	/* Snapshots may differ about whether such blocks are written: only one user may write in place. */
	if (!(whole.e.flags & CFS_EXT_UNWRITTEN) || whole.e.gen <= ip->fs->snap_gen)
		return 0;
	skip = (uint32_t)(page - whole.page);
	x->page = page;
	x->e = whole.e;
	x->e.blk += skip;
	x->e.count = whole.e.count - skip < n ? whole.e.count - skip : n;
	if (x->e.count > ext_most(ip->fs))
		x->e.count = ext_most(ip->fs);
	x->e.flags = 0;
	return 1;
}

static int write_blocks(struct cfs *fs, struct ext *x, const uint8_t *buf)
{
	uint8_t *out = NULL;
	int err;

	if (fs->crypt) {
		out = fs->io.alloc(fs->io.ctx, (size_t)x->e.count * CFS_PAGE);
		if (!out)
			return -ENOMEM;
	}
	data_seal(fs, x, buf, out);
	err = fs->io.write(fs->io.ctx, x->e.blk, x->e.count, out ? out : buf);
	fs->io.free(fs->io.ctx, out);
	return err;
}

/* Chooses blocks for up to n pages: *aside, or freshly taken. */
static int choose(struct cfs_inode *ip, uint64_t page, uint32_t n, struct ext *x, bool *aside)
{
	struct cfs *fs = ip->fs;
	uint64_t blk;
	uint32_t got;
	int r = set_aside(ip, page, n, x);

	*aside = r == 1;
	if (r)
		return r < 0 ? r : 0;
	x->page = page;
	x->e = (struct cfs_extent){ .gen = fs->gen };
	r = alloc_run(fs, data_goal(ip, page), n < ext_most(fs) ? n : ext_most(fs), &blk, &got);
	if (r)
		return r;
	x->e.blk = blk;
	x->e.count = got;
	fs->data_goal = blk + got;
	return 0;
}

/* The pages of x change from what they were to x. */
static int enter(struct cfs_inode *ip, const struct ext *x, bool aside)
{
	struct path p;
	struct item it;
	bool more;
	int r;

	if (!aside) {
		r = ext_unmap(ip, x->page, x->page + x->e.count, CFS_EXT_MAX + 1, &more);
	} else {
		r = ext_seek(ip, x->page, &p, &it);
		if (r == 1)
			r = ext_cut(ip, &it, x->page, x->page + x->e.count, true);
	}
	if (r)
		return r < 0 ? r : -EIO;
	ip->a.blocks += x->e.count;
	return ext_add(ip, x);
}

/* Writes up to n pages, then maps them; -> pages done. In a transaction. */
static int write_run(struct cfs_inode *ip, uint64_t page, uint32_t n, const uint8_t *buf, uint64_t eof)
{
	struct cfs *fs = ip->fs;
	struct ext x;
	uint64_t end;
	bool aside;
	int err = choose(ip, page, n, &x, &aside);

	if (err)
		return err;
	err = write_blocks(fs, &x, buf);
	if (err) {
		if (!aside)
			alloc_free(fs, x.e.blk, x.e.count, fs->gen);
		return err;
	}
	err = enter(ip, &x, aside);
	end = (page + x.e.count) * CFS_PAGE < eof ? (page + x.e.count) * CFS_PAGE : eof;
	if (end > ip->a.size)
		ip->a.size = end;
	if (!err)
		err = inode_save(ip);
	return err ? txn_fail(fs, err) : (int)x.e.count;
}

/* Admits a write of up to *n blocks; less when space is short. */
static int admit(struct cfs *fs, uint32_t *n, uint32_t flags)
{
	int err;

	while ((err = txn_begin(fs, 3 + ext_muts(fs), *n, flags)) == -ENOSPC && *n > 1)
		*n /= 2;
	return err;
}

int file_write(struct cfs_inode *ip, uint64_t page, uint32_t npages, const uint8_t *buf, uint64_t eof, uint32_t txn)
{
	uint64_t first = page;

	while (npages) {
		uint32_t n = npages < CFS_EXT_MAX ? npages : CFS_EXT_MAX;
		int r = admit(ip->fs, &n, txn);

		if (!r)
			r = write_run(ip, page, n, buf, eof);
		/* The caller writes all of it again, on credit. */
		if (r < 0 && txn & TXN_CREDIT)
			ip->fs->credit += page - first;
		if (r < 0)
			return r;
		if (txn & TXN_CREDIT)
			cfs_unreserve(ip->fs, (uint64_t)r);
		page += (uint32_t)r;
		npages -= (uint32_t)r;
		buf += (size_t)r * CFS_PAGE;
	}
	return 0;
}

int cfs_write(struct cfs_inode *ip, uint64_t page, uint32_t npages, const void *buf, uint64_t eof,
	      uint32_t flags)
{
	if (page >= CFS_OFF_MASK / CFS_PAGE || npages > CFS_OFF_MASK / CFS_PAGE - page)
		return -EFBIG;
	if (ip->dead)
		return -ENOENT;
	return file_write(ip, page, npages, buf, eof, flags & CFS_CREDIT ? TXN_CREDIT : 0);
}
