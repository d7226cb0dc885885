/* SPDX-License-Identifier: MIT */
/*
 * Transactions: admission of changes (so that a full disk is reported before anything is touched) and
 * the commit.
 *
 * Order of a commit: nodes, bitmaps and indexes to places the durable state does not use; flush; the
 * superblock and its copy to the slot of the state before last; flush. File data was written by
 * cfs_write before. A failure anywhere leaves the last durable state as it was.
 */
#include "fs.h"

#define RUN	32u	/* blocks written at once */

/* Blocks kept back so that what frees space can always work: one large operation's worth of new nodes. */
static uint64_t reserve(const struct cfs *fs)
{
	return 8 * fs->height + 16;
}

/* Reserved pages need their blocks and room for their extent items. */
static uint64_t credit_blocks(const struct cfs *fs, uint64_t pages)
{
	return pages ? pages + pages / 16 + 2 * fs->height + 1 : 0;
}

uint64_t txn_avail(const struct cfs *fs)
{
	uint64_t all = fs->nfree + fs->npending, kept = reserve(fs) + credit_blocks(fs, fs->credit);

	return all > kept ? all - kept : 0;
}

static bool has_room(const struct cfs *fs, uint64_t need, uint64_t data, uint32_t flags)
{
	uint64_t credit = fs->credit, kept = flags & (TXN_FREEING | TXN_CREDIT) ? 0 : reserve(fs);

	if (flags & TXN_CREDIT)
		credit -= data < credit ? data : credit;
	return need + kept + credit_blocks(fs, credit) <= fs->nfree;
}

/*
 * Admits one operation of `muts` changes of the tree and `data` new data blocks. Commits first when
 * that makes room or when much is dirty. Called between operations only: it may free cached nodes.
 */
int txn_begin(struct cfs *fs, uint32_t muts, uint32_t data, uint32_t flags)
{
	uint64_t need = (uint64_t)muts * (2 * fs->height + 1) + data;
	int err;

	if (fs->flags & CFS_RDONLY)
		return -EROFS;
	if (fs->failed)
		return fs->failed;
	if (flags & TXN_FREEING)
		need = (uint64_t)muts * fs->height + data;
	if (fs->ndirty > fs->cache_limit / 2 || (fs->npending && !has_room(fs, need, data, flags))) {
		err = txn_commit(fs);
		if (err)
			return err;
	}
	node_trim(fs, fs->cache_limit);
	return has_room(fs, need, data, flags) ? 0 : -ENOSPC;
}

int txn_fail(struct cfs *fs, int err)
{
	if (!fs->failed) {
		fs->failed = -EROFS;
		fs_log(fs, "calxfs: error %d within a change: read-only from now on", -err);
	}
	return err;
}

struct dirty {
	struct node **n;
	uint32_t count, max;
};

/* Post-order over the dirty nodes: a node's checksum is final before its parent's is computed. */
static int seal(struct cfs *fs, struct cfs_ptr *ptr, int level, struct dirty *d)
{
	struct node *n;
	int err;

	if (ptr->gen != fs->gen)
		return 0;
	err = node_get(fs, ptr, level, &n);
	if (err)
		return err;
	for (int i = 0; level && i < n->head.nitems; i++) {
		err = seal(fs, &node_branch(n)[i].ptr, level - 1, d);
		if (err)
			return err;
	}
	if (!n->dirty || d->count == d->max)
		return -EIO;
	ptr->csum = cfs_xxh64(n->buf, CFS_BLOCK, 0);
	d->n[d->count++] = n;
	return 0;
}

/* Heap sort by address: no recursion, no extra memory. */
static void sift(struct node **a, uint32_t i, uint32_t n)
{
	for (uint32_t c; (c = 2 * i + 1) < n; i = c) {
		struct node *t = a[i];

		if (c + 1 < n && a[c + 1]->blk > a[c]->blk)
			c++;
		if (t->blk >= a[c]->blk)
			return;
		a[i] = a[c];
		a[c] = t;
	}
}

static void sort_nodes(struct node **a, uint32_t n)
{
	for (uint32_t i = n / 2; i-- > 0;)
		sift(a, i, n);
	while (n > 1) {
		struct node *t = a[--n];

		a[n] = a[0];
		a[0] = t;
		sift(a, 0, n);
	}
}

static int write_nodes(struct cfs *fs, struct dirty *d)
{
	uint8_t *buf = fs->io.alloc(fs->io.ctx, RUN * CFS_BLOCK);
	uint32_t i = 0, k;
	int err = buf ? 0 : -ENOMEM;

	while (!err && i < d->count) {
		for (k = 0; k < RUN && i + k < d->count && d->n[i + k]->blk == d->n[i]->blk + k; k++)
			memcpy(buf + k * CFS_BLOCK, d->n[i + k]->buf, CFS_BLOCK);
		err = fs->io.write(fs->io.ctx, d->n[i]->blk, k, buf);
		i += k;
	}
	fs->io.free(fs->io.ctx, buf);
	return err;
}

static int write_tree(struct cfs *fs, struct dirty *d)
{
	int err;

	d->max = fs->ndirty;
	d->count = 0;
	d->n = fs->io.alloc(fs->io.ctx, (d->max + 1) * sizeof *d->n);
	if (!d->n)
		return -ENOMEM;
	err = seal(fs, &fs->root, (int)fs->height - 1, d);
	if (!err && d->count != fs->ndirty)
		err = -EIO;
	sort_nodes(d->n, d->count);
	return err ? err : write_nodes(fs, d);
}

static void super_fill(struct cfs *fs, struct cfs_super *sb)
{
	struct cfs_time now;

	fs->io.now(fs->io.ctx, &now);
	sb->gen = fs->gen;
	sb->root = fs->root;
	sb->height = fs->height;
	sb->next_ino = fs->next_ino;
	sb->nfree = fs->nfree + fs->npending;
	sb->sec = now.sec;
	sb->nsec = now.nsec;
}

static int commit_steps(struct cfs *fs, struct dirty *d, struct cfs_super *sb)
{
	int err = write_tree(fs, d);

	if (!err)
		err = alloc_write(fs, sb);
	if (!err)
		err = fs->io.flush(fs->io.ctx);
	super_fill(fs, sb);
	return err ? err : super_write(fs, sb);
}

int txn_commit(struct cfs *fs)
{
	struct cfs_super *sb;
	struct dirty d = { 0 };
	int err;

	if (fs->failed)
		return fs->failed;
	if (!fs->changed)
		return 0;
	sb = fs->io.alloc(fs->io.ctx, sizeof *sb);
	if (!sb)
		return -ENOMEM;
	*sb = fs->sb;
	err = commit_steps(fs, &d, sb);
	if (!err) {
		fs->sb = *sb;
		for (uint32_t i = 0; i < d.count; i++)
			d.n[i]->dirty = false;
		fs->ndirty = 0;
		alloc_committed(fs);
		fs->gen++;
		fs->changed = false;
	}
	fs->io.free(fs->io.ctx, d.n);
	fs->io.free(fs->io.ctx, sb);
	return err ? txn_fail(fs, err) : 0;
}

int cfs_sync(struct cfs *fs)
{
	if (fs->flags & CFS_RDONLY)
		return 0;
	return txn_commit(fs);
}

bool cfs_dirty(const struct cfs *fs)
{
	return fs->changed && !fs->failed;
}

int cfs_reserve(struct cfs *fs, uint64_t npages)
{
	uint64_t have = fs->nfree + fs->npending;

	if (fs->flags & CFS_RDONLY)
		return -EROFS;
	if (fs->failed)
		return fs->failed;
	if (npages > fs->nblocks || credit_blocks(fs, fs->credit + npages) + reserve(fs) > have)
		return -ENOSPC;
	fs->credit += npages;
	return 0;
}

void cfs_unreserve(struct cfs *fs, uint64_t npages)
{
	fs->credit -= npages < fs->credit ? npages : fs->credit;
}
