/* SPDX-License-Identifier: MIT */
/* The space of files: truncating, holes, blocks set aside, shared copies. Each step is a transaction of its own. */
#include "fs.h"

#define STEP	32	/* extents in one step */

/* Bytes after a new, smaller size in its last page become zero on disk. */
static int zero_tail(struct cfs_inode *ip, uint64_t size)
{
	struct cfs *fs = ip->fs;
	uint64_t page = size / CFS_PAGE, next;
	uint8_t *buf;
	int r;

	if (!(size % CFS_PAGE) || cfs_seek(ip, page, false, &next) || next != page)
		return 0;
	buf = fs->io.alloc(fs->io.ctx, CFS_PAGE);
	if (!buf)
		return -ENOMEM;
	r = cfs_read(ip, page, 1, buf);
	memset(buf + size % CFS_PAGE, 0, CFS_PAGE - size % CFS_PAGE);
	if (!r)
		r = file_write(ip, page, 1, buf, 0, TXN_FREEING);
	fs->io.free(fs->io.ctx, buf);
	return r;
}

/* Sets the size and marks the inode so that a mount finishes the freeing after a crash. */
static int begin_truncate(struct cfs_inode *ip, uint64_t size)
{
	struct cfs *fs = ip->fs;
	int err = txn_begin(fs, 2, 0, TXN_FREEING);

	if (err)
		return err;
	ip->a.size = size;
	fs->io.now(fs->io.ctx, &ip->a.time[CFS_MTIME]);
	ip->a.time[CFS_CTIME] = ip->a.time[CFS_MTIME];
	err = inode_save(ip);
	if (!err && ip->a.blocks)
		err = inode_orphan_add(ip);
	return err ? txn_fail(fs, err) : 0;
}

int cfs_truncate(struct cfs_inode *ip, uint64_t size)
{
	uint64_t old = ip->a.size;
	int err;

	if (size > CFS_OFF_MASK)
		return -EFBIG;
	if (ip->fs->flags & CFS_RDONLY)
		return -EROFS;
	node_trim(ip->fs, ip->fs->cache_limit);
	if (size < old && (err = zero_tail(ip, size)))
		return err;
	err = begin_truncate(ip, size);
	if (!err && ip->a.blocks)
		err = cfs_punch(ip, ((size < old ? size : old) + CFS_PAGE - 1) / CFS_PAGE, CFS_OFF_MASK);
	if (err || !ip->a.nlink)
		return err;
	err = txn_begin(ip->fs, 1, 0, TXN_FREEING);
	if (err)
		return err;
	err = inode_orphan_del(ip->fs, ip->ino);
	return err ? txn_fail(ip->fs, err) : 0;
}

int cfs_punch(struct cfs_inode *ip, uint64_t page, uint64_t npages)
{
	uint64_t end = npages < CFS_OFF_MASK - page ? page + npages : CFS_OFF_MASK;
	bool more = true;
	int err = 0;

	while (more && !err) {
		uint64_t before = ip->a.blocks;

		err = txn_begin(ip->fs, 3 + ext_muts(ip->fs), 0, TXN_FREEING);
		if (err)
			return err;
		err = ext_unmap(ip, page, end, STEP, &more);
		if (!err && ip->a.blocks != before)
			err = inode_save(ip);
		if (err)
			return txn_fail(ip->fs, err);
	}
	return err;
}

/* One extent of blocks for a hole of n pages at page; -> pages. */
static int fill_hole(struct cfs_inode *ip, uint64_t page, uint32_t n)
{
	struct cfs *fs = ip->fs;
	struct ext x = { .page = page, .e = { .gen = fs->gen, .flags = CFS_EXT_UNWRITTEN } };
	uint64_t blk;
	uint32_t got;
	int err = txn_begin(fs, 3, n, 0);

	if (!err)
		err = alloc_run(fs, fs->data_goal, n, &blk, &got);
	if (err)
		return err;
	x.e.gen = fs->gen;
	x.e.blk = blk;
	x.e.count = got;
	fs->data_goal = blk + got;
	err = ext_insert(ip, &x);
	ip->a.blocks += x.e.count;
	if (!err)
		err = inode_save(ip);
	return err ? txn_fail(fs, err) : (int)x.e.count;
}

int cfs_allocate(struct cfs_inode *ip, uint64_t page, uint64_t npages)
{
	uint64_t end = page + npages;

	if (page >= CFS_OFF_MASK / CFS_PAGE || npages > CFS_OFF_MASK / CFS_PAGE - page)
		return -EFBIG;
	if (ip->fs->flags & CFS_RDONLY)
		return -EROFS;
	if (npages > txn_avail(ip->fs) + ip->a.blocks)
		return -ENOSPC;
	while (page < end) {
		uint64_t n = end - page;
		struct path p;
		struct item it;
		int r = ext_seek(ip, page, &p, &it);

		if (r < 0)
			return r;
		if (r && key_off(it.key) <= page) {
			page = ext_end(&it);
			continue;
		}
		if (r && key_off(it.key) < end)
			n = key_off(it.key) - page;
		r = fill_hole(ip, page, n < CFS_EXT_MAX ? (uint32_t)n : CFS_EXT_MAX);
		if (r < 0)
			return r;
		page += (uint32_t)r;
	}
	return 0;
}

struct clone {
	struct cfs_inode *from, *to;
	uint64_t page, end, to_page;	/* of `from`; where page goes in `to` */
	uint64_t eof;
};

/* The next stretch to share: what of one extent is wanted, or (false) a hole of *n pages. */
static int clone_next(const struct clone *c, struct ext *part, uint64_t *n)
{
	struct path p;
	struct item it;
	struct ext x;
	uint32_t from, to;
	int r = ext_seek(c->from, c->page, &p, &it);

	if (r < 0)
		return r;
	*n = c->end - c->page;
	if (!r || key_off(it.key) >= c->end)
		return 0;
	if (key_off(it.key) > c->page) {
		*n = key_off(it.key) - c->page;
		return 0;
	}
	ext_load(&x, &it);
	from = (uint32_t)(c->page - x.page);
	to = c->end - x.page < x.e.count ? (uint32_t)(c->end - x.page) : x.e.count;
	*n = to - from;
	if (x.e.flags & CFS_EXT_UNWRITTEN)
		return 0;
	ext_part(c->from, &x, from, to, part);
	return 1;
}

static int clone_one(struct clone *c, struct ext *part)
{
	struct cfs_inode *to = c->to;
	uint64_t end = (c->to_page + part->e.count) * CFS_PAGE;
	bool more;
	int err = ext_unmap(to, c->to_page, c->to_page + part->e.count, CFS_EXT_MAX + 1, &more);

	part->page = c->to_page;
	if (!err)
		err = refs_share(to->fs, part->e.blk, part->e.count);
	if (!err)
		err = ext_insert(to, part);
	to->a.blocks += part->e.count;
	if (end > c->eof)
		end = c->eof;
	if (end > to->a.size)
		to->a.size = end;
	if (!err)
		err = inode_save(to);
	return err ? txn_fail(to->fs, err) : 0;
}

int cfs_clone(struct cfs_inode *from, uint64_t page, struct cfs_inode *to, uint64_t to_page, uint64_t npages,
	      uint64_t eof)
{
	struct clone c = { from, to, page, page + npages, to_page, eof };
	int r = 0;

	if (from->fs != to->fs)
		return -EXDEV;
	if (from->dead || to->dead)
		return -ENOENT;
	if (from == to && page < to_page + npages && to_page < page + npages)
		return -EINVAL;
	while (c.page < c.end && r >= 0) {
		struct ext part;
		uint64_t n = 0;

		r = txn_begin(to->fs, 16 + ext_muts(to->fs), 0, 0);
		if (!r)
			r = clone_next(&c, &part, &n);
		if (!r)
			r = cfs_punch(to, c.to_page, n);
		else if (r > 0)
			r = clone_one(&c, &part);
		if (r < 0)
			return r;
		c.page += n;
		c.to_page += n;
	}
	return r;
}
