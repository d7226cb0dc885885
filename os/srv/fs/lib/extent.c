/* SPDX-License-Identifier: MIT */
/* The map of a file: extent items, found, cut, joined. Blocks that go out of use are released here. */
#include "fs.h"

void ext_load(struct ext *x, const struct item *it)
{
	x->page = key_off(it->key);
	memcpy(&x->e, it->val, sizeof x->e);
	memcpy(x->tail, (const uint8_t *)it->val + sizeof x->e, it->len - sizeof x->e);
}

uint64_t ext_end(const struct item *it)
{
	struct cfs_extent e;

	memcpy(&e, it->val, sizeof e);
	return key_off(it->key) + e.count;
}

static bool is_extent(const struct cfs_inode *ip, const struct item *it)
{
	return it->key.ino == ip->ino && key_type(it->key) == CFS_T_EXTENT;
}

/* The first extent that ends after `page`: 1 and *it, or 0. p stays on it for ext_next. */
int ext_seek(struct cfs_inode *ip, uint64_t page, struct path *p, struct item *it)
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

int ext_next(struct cfs_inode *ip, struct path *p, struct item *it)
{
	int r = iter_next(ip->fs, p);

	return r ? r : iter_item(p, it) && is_extent(ip, it);
}

int ext_insert(struct cfs_inode *ip, const struct ext *x)
{
	uint8_t buf[sizeof x->e + sizeof x->tail];
	uint32_t len = ext_size(ip->fs, &x->e);

	memcpy(buf, &x->e, sizeof x->e);
	memcpy(buf + sizeof x->e, x->tail, len - sizeof x->e);
	return tree_insert(ip->fs, mkkey(ip->ino, CFS_T_EXTENT, x->page), buf, len);
}

/* Blocks [from, to) of x, counted from its start; -> how many. */
int ext_part(struct cfs_inode *ip, const struct ext *x, uint32_t from, uint32_t to, struct ext *part)
{
	uint32_t head = ext_head(ip->fs) - (uint32_t)sizeof x->e, size = sum_size(ip->fs);

	part->page = x->page + from;
	part->e = x->e;
	part->e.blk += from;
	part->e.count = to - from;
	memcpy(part->tail, x->tail, head);
	memcpy(part->tail + head, x->tail + head + from * size, (to - from) * size);
	return (int)(to - from);
}

static int ext_keep(struct cfs_inode *ip, const struct ext *x, uint32_t from, uint32_t to)
{
	struct ext part;

	if (from >= to)
		return 0;
	ext_part(ip, x, from, to, &part);
	return ext_insert(ip, &part);
}

/* Removes pages [first, end) of one extent that overlaps them; their blocks too, unless they are kept. */
int ext_cut(struct cfs_inode *ip, const struct item *it, uint64_t first, uint64_t end, bool keep_blocks)
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
	ip->a.blocks -= b - a;
	if (err || keep_blocks)
		return err;
	return refs_release(ip->fs, x.e.blk + a, b - a, x.e.gen);
}

/* Unmaps pages [first, end), at most `budget` extents; *more: there is some left. */
int ext_unmap(struct cfs_inode *ip, uint64_t first, uint64_t end, int budget, bool *more)
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
		r = ext_cut(ip, &it, first, end, false);
		if (r)
			return r;
	}
}

uint32_t ext_muts(const struct cfs *fs)
{
	return fs->nrefs ? EXT_MUTS_MOST : 3;
}

static bool joins(const struct cfs *fs, const struct ext *a, const struct ext *b)
{
	return a->page + a->e.count == b->page && a->e.blk + a->e.count == b->e.blk && a->e.gen == b->e.gen &&
	       a->e.flags == b->e.flags && a->e.count + b->e.count <= ext_most(fs) &&
	       (!fs->crypt || !memcmp(a->tail, b->tail, 16));
}

int ext_add(struct cfs_inode *ip, const struct ext *x)
{
	uint32_t head = ext_head(ip->fs) - (uint32_t)sizeof x->e, size = sum_size(ip->fs);
	struct ext left;
	struct path p;
	struct item it;
	int r = x->page ? ext_seek(ip, x->page - 1, &p, &it) : 0;

	if (r < 0)
		return r;
	if (r && ext_end(&it) == x->page) {
		ext_load(&left, &it);
		if (joins(ip->fs, &left, x)) {
			memcpy(left.tail + head + left.e.count * size, x->tail + head, x->e.count * size);
			left.e.count += x->e.count;
			r = tree_delete(ip->fs, it.key);
			return r ? r : ext_insert(ip, &left);
		}
	}
	return ext_insert(ip, x);
}
