/* SPDX-License-Identifier: MIT */
/*
 * File data: extents with a checksum for each block. Data is always written to blocks that no durable
 * state uses, then entered into the tree.
 */
#include "fs.h"

#define STEP	32	/* extents freed in one step */

/* An extent item taken out of the tree. */
struct ext {
	uint64_t page;
	struct cfs_extent e;
	uint64_t csum[CFS_EXT_MAX];
};

static void ext_load(struct ext *x, const struct item *it)
{
	x->page = key_off(it->key);
	memcpy(&x->e, it->val, it->len);
}

static uint64_t ext_end(const struct item *it)
{
	const struct cfs_extent *e = it->val;

	return key_off(it->key) + e->count;
}

static bool is_extent(const struct cfs_inode *ip, const struct item *it)
{
	return it->key.ino == ip->ino && key_type(it->key) == CFS_T_EXTENT;
}

/* The first extent that ends after `page`: 1 and *it, or 0. p stays on it for iter_next. */
static int ext_seek(struct cfs_inode *ip, uint64_t page, struct path *p, struct item *it)
{
	int r = tree_find(ip->fs, mkkey(ip->ino, CFS_T_EXTENT, page), p);

	if (r < 0)
		return r;
	if (!r) {
		struct path q = *p;

		r = iter_prev(ip->fs, &q);
		if (r && r != -ENOENT)
			return r;
		if (!r && iter_item(&q, it) && is_extent(ip, it) && ext_end(it) > page) {
			*p = q;
			return 1;
		}
		r = iter_seek(ip->fs, mkkey(ip->ino, CFS_T_EXTENT, page), p);
		if (r)
			return r;
	}
	return iter_item(p, it) && is_extent(ip, it);
}

static int ext_insert(struct cfs_inode *ip, const struct ext *x)
{
	return tree_insert(ip->fs, mkkey(ip->ino, CFS_T_EXTENT, x->page), &x->e,
			   sizeof x->e + 8 * x->e.count);
}

/* Puts blocks [from, to) of extent x (counted from its start) back as an item of their own. */
static int ext_keep(struct cfs_inode *ip, const struct ext *x, uint32_t from, uint32_t to)
{
	struct ext part;

	if (from >= to)
		return 0;
	part.page = x->page + from;
	part.e = x->e;
	part.e.blk += from;
	part.e.count = to - from;
	memcpy(part.csum, x->csum + from, (to - from) * 8);
	return ext_insert(ip, &part);
}

/* Removes pages [first, end) of one extent that overlaps them. */
static int ext_cut(struct cfs_inode *ip, const struct item *it, uint64_t first, uint64_t end)
{
	struct ext x;
	uint32_t a, b;
	int err;

	ext_load(&x, it);
	a = first > x.page ? (uint32_t)(first - x.page) : 0;
	b = end - x.page < x.e.count ? (uint32_t)(end - x.page) : x.e.count;
	err = tree_delete(ip->fs, it->key);
	if (!err)
		err = ext_keep(ip, &x, 0, a);
	if (!err)
		err = ext_keep(ip, &x, b, x.e.count);
	if (!err)
		err = alloc_release(ip->fs, x.e.blk + a, b - a, x.e.gen);
	ip->a.blocks -= b - a;
	return err;
}

/* Unmaps pages [first, end), at most `budget` extents; *more: there is some left. */
static int unmap(struct cfs_inode *ip, uint64_t first, uint64_t end, int budget, bool *more)
{
	*more = false;
	for (;;) {
		struct path p;
		struct item it;
		int r = ext_seek(ip, first, &p, &it);

		if (r <= 0)
			return r;
		if (key_off(it.key) >= end)
			return 0;
		if (!budget--) {
			*more = true;
			return 0;
		}
		r = ext_cut(ip, &it, first, end);
		if (r)
			return r;
	}
}

int file_trim(struct cfs_inode *ip, uint64_t first, bool *more)
{
	uint64_t before = ip->a.blocks;
	int err = unmap(ip, first, CFS_OFF_MASK, STEP, more);

	if (!err && ip->a.blocks != before)
		err = inode_save(ip);
	return err ? txn_fail(ip->fs, err) : 0;
}

/* Enters n freshly written blocks at page; joins them to the extent before if they follow it on disk. */
static int ext_add(struct cfs_inode *ip, uint64_t page, uint64_t blk, uint32_t n, const uint64_t *csum)
{
	struct ext x;
	struct path p;
	struct item it;
	int r = page ? ext_seek(ip, page - 1, &p, &it) : 0;

	if (r < 0)
		return r;
	if (r && ext_end(&it) == page) {
		ext_load(&x, &it);
		if (x.e.blk + x.e.count == blk && x.e.gen == ip->fs->gen && x.e.count + n <= CFS_EXT_MAX) {
			memcpy(x.csum + x.e.count, csum, n * 8);
			x.e.count += n;
			r = tree_delete(ip->fs, it.key);
			return r ? r : ext_insert(ip, &x);
		}
	}
	x.page = page;
	x.e = (struct cfs_extent){ .blk = blk, .gen = ip->fs->gen, .count = n };
	memcpy(x.csum, csum, n * 8);
	return ext_insert(ip, &x);
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

/* Allocates and writes up to n blocks, then maps them; -> blocks done. In a transaction. */
static int write_run(struct cfs_inode *ip, uint64_t page, uint32_t n, const uint8_t *buf, uint64_t eof)
{
	struct cfs *fs = ip->fs;
	uint64_t blk, csum[CFS_EXT_MAX], end;
	uint32_t got;
	bool more;
	int err = alloc_run(fs, data_goal(ip, page), n, &blk, &got);

	if (err)
		return err;
	fs->data_goal = blk + got;
	for (uint32_t i = 0; i < got; i++)
		csum[i] = cfs_xxh64(buf + (size_t)i * CFS_PAGE, CFS_PAGE, 0);
	err = fs->io.write(fs->io.ctx, blk, got, buf);
	if (err) {
		alloc_release(fs, blk, got, fs->gen);
		return err;
	}
	err = unmap(ip, page, page + got, CFS_EXT_MAX + 1, &more);
	if (!err)
		err = ext_add(ip, page, blk, got, csum);
	ip->a.blocks += got;
	end = (page + got) * CFS_PAGE < eof ? (page + got) * CFS_PAGE : eof;
	if (end > ip->a.size)
		ip->a.size = end;
	if (!err)
		err = inode_save(ip);
	return err ? txn_fail(fs, err) : (int)got;
}

/* Admits a write of up to *n blocks; less when space is short. */
static int admit(struct cfs *fs, uint32_t *n, uint32_t flags)
{
	int err;

	while ((err = txn_begin(fs, 6, *n, flags)) == -ENOSPC && *n > 1)
		*n /= 2;
	return err;
}

static int write_pages(struct cfs_inode *ip, uint64_t page, uint32_t npages, const uint8_t *buf, uint64_t eof,
		       uint32_t txn)
{
	while (npages) {
		uint32_t n = npages < CFS_EXT_MAX ? npages : CFS_EXT_MAX;
		int r = admit(ip->fs, &n, txn);

		if (!r)
			r = write_run(ip, page, n, buf, eof);
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
	return write_pages(ip, page, npages, buf, eof, flags & CFS_CREDIT ? TXN_CREDIT : 0);
}

static int verify(struct cfs_inode *ip, uint64_t page, uint32_t n, const uint8_t *buf, const uint8_t *csum)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t want;

		memcpy(&want, csum + 8 * i, 8);
		if (cfs_xxh64(buf + (size_t)i * CFS_PAGE, CFS_PAGE, 0) == want)
			continue;
		fs_log(ip->fs, "calxfs: inode %llu page %llu: bad checksum", (unsigned long long)ip->ino,
		       (unsigned long long)(page + i));
		return -EIO;
	}
	return 0;
}

/* A stretch of a file that one extent covers. sums points into the cached leaf. */
struct seg {
	uint64_t page, blk;
	uint32_t n;
	const uint8_t *sums;
};

/* The part of extent *it within [page, end). */
static struct seg seg_of(const struct item *it, uint64_t page, uint64_t end)
{
	const struct cfs_extent *e = it->val;
	uint64_t from = key_off(it->key) > page ? key_off(it->key) : page;
	uint64_t to = ext_end(it) < end ? ext_end(it) : end;
	uint32_t skip = (uint32_t)(from - key_off(it->key));

	return (struct seg){ from, e->blk + skip, (uint32_t)(to - from),
			     (const uint8_t *)(e + 1) + 8 * (size_t)skip };
}

/* Up to max stretches of [page, end), in order; -EIO where extents overlap. */
static int map_pages(struct cfs_inode *ip, uint64_t page, uint64_t end, struct seg *seg, int max)
{
	struct path p;
	struct item it;
	int n = 0, r = ext_seek(ip, page, &p, &it);

	while (r == 1 && n < max && key_off(it.key) < end) {
		if (ext_end(&it) <= page)
			return -EIO;
		seg[n] = seg_of(&it, page, end);
		page = seg[n].page + seg[n].n;
		n++;
		r = iter_next(ip->fs, &p);
		if (!r)
			r = iter_item(&p, &it) && is_extent(ip, &it);
	}
	return r < 0 ? r : n;
}

/* Reads seg[0] and those after it that follow on disk and in the file, at once; -> how many. */
static int read_segs(struct cfs_inode *ip, const struct seg *seg, int count, uint8_t *buf)
{
	uint32_t n = seg[0].n;
	int k = 1, err;

	for (; k < count && seg[k].page == seg[0].page + n && seg[k].blk == seg[0].blk + n; k++)
		n += seg[k].n;
	err = ip->fs->io.read(ip->fs->io.ctx, seg[0].blk, n, buf);
	for (int i = 0; i < k && !err; i++)
		err = verify(ip, seg[i].page, seg[i].n, buf + (seg[i].page - seg[0].page) * CFS_PAGE, seg[i].sums);
	if (err)
		memset(buf, 0, (size_t)n * CFS_PAGE);
	return err ? err : k;
}

#define SEGS	16

int cfs_read(struct cfs_inode *ip, uint64_t page, uint32_t npages, void *buf)
{
	uint64_t end = page + npages;
	struct seg seg[SEGS];
	uint8_t *out = buf;
	int n = SEGS;

	node_trim(ip->fs, ip->fs->cache_limit);
	if (ip->dead || page >= CFS_OFF_MASK)
		n = 0;
	while (n == SEGS) {
		n = map_pages(ip, page, end, seg, SEGS);
		for (int i = 0, k; i < n; i += k) {
			memset(out, 0, (size_t)(seg[i].page - page) * CFS_PAGE);
			out += (seg[i].page - page) * CFS_PAGE;
			k = read_segs(ip, seg + i, n - i, out);
			if (k < 0)
				return k;
			page = seg[i + k - 1].page + seg[i + k - 1].n;
			out += (page - seg[i].page) * CFS_PAGE;
		}
		if (n < 0)
			return n;
	}
	memset(out, 0, (size_t)(end - page) * CFS_PAGE);
	return 0;
}

/* Bytes after a new, smaller size in its last page become zero on disk. */
static int zero_tail(struct cfs_inode *ip, uint64_t size)
{
	struct cfs *fs = ip->fs;
	uint64_t page = size / CFS_PAGE;
	struct seg seg;
	uint8_t *buf;
	int r = size % CFS_PAGE ? map_pages(ip, page, page + 1, &seg, 1) : 0;

	if (r <= 0)
		return r;
	buf = fs->io.alloc(fs->io.ctx, CFS_PAGE);
	if (!buf)
		return -ENOMEM;
	r = read_segs(ip, &seg, 1, buf);
	memset(buf + size % CFS_PAGE, 0, CFS_PAGE - size % CFS_PAGE);
	if (r == 1)
		r = write_pages(ip, page, 1, buf, 0, TXN_FREEING);
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

		err = txn_begin(ip->fs, 6, 0, TXN_FREEING);
		if (err)
			return err;
		err = unmap(ip, page, end, STEP, &more);
		if (!err && ip->a.blocks != before)
			err = inode_save(ip);
		if (err)
			return txn_fail(ip->fs, err);
	}
	return err;
}

int cfs_seek(struct cfs_inode *ip, uint64_t page, bool hole, uint64_t *out)
{
	uint64_t end = (ip->a.size + CFS_PAGE - 1) / CFS_PAGE;
	struct path p;
	struct item it;
	int r;

	node_trim(ip->fs, ip->fs->cache_limit);
	if (page >= end)
		return -ENXIO;
	r = ext_seek(ip, page, &p, &it);
	while (hole && r == 1 && key_off(it.key) <= page && page < end) {
		page = ext_end(&it);
		r = iter_next(ip->fs, &p);
		if (!r)
			r = iter_item(&p, &it) && is_extent(ip, &it);
	}
	if (r < 0)
		return r;
	if (!hole && (!r || key_off(it.key) >= end))
		return -ENXIO;
	if (!hole && key_off(it.key) > page)
		page = key_off(it.key);
	*out = page < end ? page : end;
	return 0;
}
