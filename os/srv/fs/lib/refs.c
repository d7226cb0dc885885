/* SPDX-License-Identifier: MIT */
/*
 * Data blocks that several extents share (cfs_clone). A block without an item here has one user. Within a
 * transaction. Snapshots are not users: they have their own copy of these items, as of everything.
 */
#include "fs.h"

struct range {
	uint64_t blk;
	struct cfs_ref r;
};

/* The first range that ends after blk: 1, or 0. */
static int range_seek(struct cfs *fs, uint64_t blk, struct range *out)
{
	struct path p;
	struct item it;
	int r = iter_seek(fs, mkkey(0, CFS_T_REF, blk), &p);

	if (r)
		return r;
	if (!iter_item(&p, &it) || it.key.ino || key_type(it.key) != CFS_T_REF || key_off(it.key) != blk) {
		struct path q = p;

		r = iter_prev(fs, &q);
		if (r && r != -ENOENT)
			return r;
		if (!r && iter_item(&q, &it) && !it.key.ino && key_type(it.key) == CFS_T_REF) {
			memcpy(&out->r, it.val, sizeof out->r);
			out->blk = key_off(it.key);
			if (out->blk + out->r.count > blk)
				return 1;
		}
	}
	if (!iter_item(&p, &it) || it.key.ino || key_type(it.key) != CFS_T_REF)
		return 0;
	memcpy(&out->r, it.val, sizeof out->r);
	out->blk = key_off(it.key);
	return 1;
}

static int put(struct cfs *fs, uint64_t blk, uint64_t count, uint32_t refs)
{
	struct cfs_ref r = { (uint32_t)count, refs };
	int err;

	if (!count || refs < 2)
		return 0;
	err = tree_insert(fs, mkkey(0, CFS_T_REF, blk), &r, sizeof r);
	fs->nrefs += !err;
	return err;
}

/* [blk, blk + n) lies within g: it gets `refs` users. */
static int change(struct cfs *fs, const struct range *g, uint64_t blk, uint32_t n, uint32_t refs)
{
	int err = tree_delete(fs, mkkey(0, CFS_T_REF, g->blk));

	if (err)
		return err;
	fs->nrefs--;
	err = put(fs, g->blk, blk - g->blk, g->r.refs);
	if (!err)
		err = put(fs, blk, n, refs);
	return err ? err : put(fs, blk + n, g->blk + g->r.count - blk - n, g->r.refs);
}

/* One step from blk on: how many of n blocks share one count, *refs (1: no item; then g says nothing). */
static int same(struct cfs *fs, uint64_t blk, uint32_t n, struct range *g, uint32_t *refs)
{
	int r = fs->nrefs ? range_seek(fs, blk, g) : 0;

	*refs = 1;
	if (r < 0)
		return r;
	if (!r || g->blk >= blk + n)
		return (int)n;
	if (g->blk > blk)
		return (int)(g->blk - blk);
	*refs = g->r.refs;
	return g->blk + g->r.count - blk < n ? (int)(g->blk + g->r.count - blk) : (int)n;
}

/* One user more or less of each of n blocks. */
static int count_users(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen, bool more)
{
	while (n) {
		struct range g = { 0 };
		uint32_t refs;
		int k = same(fs, blk, n, &g, &refs), err;

		if (k <= 0)
			return k ? k : -EIO;
		if (refs > 1)
			err = change(fs, &g, blk, (uint32_t)k, more ? refs + 1 : refs - 1);
		else
			err = more ? put(fs, blk, (uint32_t)k, 2) : alloc_release(fs, blk, (uint32_t)k, gen);
		if (err)
			return err;
		blk += (uint32_t)k;
		n -= (uint32_t)k;
	}
	return 0;
}

int refs_release(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen)
{
	return count_users(fs, blk, n, gen, false);
}

int refs_share(struct cfs *fs, uint64_t blk, uint32_t n)
{
	return count_users(fs, blk, n, 0, true);
}
