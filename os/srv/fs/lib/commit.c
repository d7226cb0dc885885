/* SPDX-License-Identifier: MIT */
/*
 * Commits, in three steps. cfs_commit_start takes copies of all that is to be written and opens the next
 * transaction; cfs_commit_write does the writing, and may run in another thread while changes go on;
 * cfs_commit_end says how it went. One commit at a time.
 *
 * Order on the disk: nodes, bitmaps, indexes and the list of snapshots to places the durable state does
 * not use; flush; the superblock and its copy to the slot of the state before last; flush. File data
 * was written by cfs_write before. A failure anywhere leaves the last durable state as it was.
 */
#include "fs.h"

#define RUN	64u	/* blocks written at once */

struct dirty {
	struct node **n;
	uint32_t count, max;
};

uint8_t *commit_add(struct cfs_commit *c, uint64_t blk)
{
	if (c->count == c->max)
		return NULL;
	c->blk[c->count] = blk;
	return c->buf + (size_t)c->count++ * CFS_BLOCK;
}

static int seal_node(struct cfs *fs, struct node *n, struct cfs_ptr *ptr, struct cfs_commit *c)
{
	uint8_t *buf = commit_add(c, n->blk), *copy;

	if (!n->dirty || !buf)
		return -EIO;
	ptr->csum = node_seal(fs, n->buf, buf);
	if (n->twin) {
		copy = commit_add(c, n->twin);
		if (!copy)
			return -EIO;
		memcpy(copy, buf, CFS_BLOCK);
	}
	n->dirty = false;
	n->writing = true;
	fs->ndirty--;
	return 0;
}

/* Post-order over the dirty nodes: a node's checksum is final before its parent's is computed. */
static int seal(struct cfs *fs, struct cfs_ptr *ptr, int level, struct cfs_commit *c)
{
	struct node *n;
	int err;

	if (ptr->gen != fs->gen)
		return 0;
	err = node_get(fs, ptr, level, &n);
	if (err)
		return err;
	for (int i = 0; level && i < n->head.nitems; i++) {
		err = seal(fs, &node_branch(n)[i].ptr, level - 1, c);
		if (err)
			return err;
	}
	return seal_node(fs, n, ptr, c);
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
	sb->nrefs = fs->nrefs;
	sb->snap_gen = fs->snap_gen;
	sb->nsnaps = fs->nsnaps;
	sb->snaps = fs->nlist ? fs->list[0] : (struct cfs_ptr){ 0 };
	sb->sec = now.sec;
	sb->nsec = now.nsec;
}

static void commit_free(struct cfs_commit *c)
{
	struct cfs_io io = c->fs->io;

	io.free(io.ctx, c->blk);
	io.free(io.ctx, c->buf);
	io.free(io.ctx, c);
}

static struct cfs_commit *commit_new(struct cfs *fs, uint32_t max)
{
	struct cfs_commit *c = fs->io.alloc(fs->io.ctx, sizeof *c);

	if (!c)
		return NULL;
	memset(c, 0, sizeof *c);
	c->fs = fs;
	c->max = max;
	c->blk = fs->io.alloc(fs->io.ctx, max * sizeof *c->blk);
	c->buf = fs->io.alloc(fs->io.ctx, (size_t)max * CFS_BLOCK);
	if (c->blk && c->buf)
		return c;
	commit_free(c);
	return NULL;
}

/* All of the running transaction into c. A failure half way leaves nothing that could be committed later. */
static int fill(struct cfs *fs, struct cfs_commit *c)
{
	int err = snaps_seal(fs, c);

	if (!err)
		err = seal(fs, &fs->root, (int)fs->height - 1, c);
	if (!err && fs->ndirty)
		err = -EIO;
	if (!err)
		err = alloc_seal(fs, c);
	super_fill(fs, &c->sb);
	return err;
}

int cfs_commit_start(struct cfs *fs, struct cfs_commit **out)
{
	struct cfs_commit *c;
	int err;

	*out = NULL;
	if (fs->failed)
		return fs->failed;
	if (!fs->changed || fs->flags & CFS_RDONLY)
		return 0;
	if (fs->commit)
		return -EBUSY;
	c = commit_new(fs, fs->ndirty * fs->copies + alloc_dirty(fs) + 6 * (fs->nsnaps / CFS_SNAPS_BLOCK + 2));
	if (!c)
		return -ENOMEM;
	c->sb = fs->sb;
	err = fill(fs, c);
	if (err) {
		commit_free(c);
		return txn_fail(fs, err);
	}
	c->npending = fs->npending;
	fs->commit = *out = c;
	fs->gen++;
	fs->changed = false;
	if (fs->crypt)
		fs->crypt->random(fs->nonce, sizeof fs->nonce);
	return 0;
}

/* Heap sort of indexes by address: no recursion. */
static void sift(const uint64_t *blk, uint32_t *order, uint32_t i, uint32_t n)
{
	for (uint32_t k; (k = 2 * i + 1) < n; i = k) {
		uint32_t t = order[i];

		if (k + 1 < n && blk[order[k + 1]] > blk[order[k]])
			k++;
		if (blk[t] >= blk[order[k]])
			return;
		order[i] = order[k];
		order[k] = t;
	}
}

static void sort(const uint64_t *blk, uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t i = n / 2; i-- > 0;)
		sift(blk, order, i, n);
	while (n > 1) {
		uint32_t t = order[--n];

		order[n] = order[0];
		order[0] = t;
		sift(blk, order, 0, n);
	}
}

/* Neighbours on the disk go together; most often they are neighbours in the buffer already. */
static int write_sorted(struct cfs_commit *c, const uint32_t *order, uint8_t *run)
{
	const struct cfs_io *io = &c->fs->io;
	int err = 0;

	for (uint32_t i = 0, k; i < c->count && !err; i += k) {
		uint64_t blk = c->blk[order[i]];

		for (k = 0; k < RUN && i + k < c->count && c->blk[order[i + k]] == blk + k; k++)
			memcpy(run + (size_t)k * CFS_BLOCK, c->buf + (size_t)order[i + k] * CFS_BLOCK, CFS_BLOCK);
		err = io->write(io->ctx, blk, k, run);
	}
	return err;
}

int cfs_commit_write(struct cfs_commit *c)
{
	const struct cfs_io *io = &c->fs->io;
	uint32_t *order = io->alloc(io->ctx, (c->count + 1) * sizeof *order);
	uint8_t *run = io->alloc(io->ctx, (size_t)RUN * CFS_BLOCK);
	int err = order && run ? 0 : -ENOMEM;

	if (!err) {
		sort(c->blk, order, c->count);
		err = write_sorted(c, order, run);
	}
	if (!err)
		err = io->flush(io->ctx);
	if (!err)
		err = super_write(c->fs, &c->sb);
	io->free(io->ctx, order);
	io->free(io->ctx, run);
	c->err = err;
	return err;
}

int cfs_commit_end(struct cfs_commit *c)
{
	struct cfs *fs = c->fs;
	int err = c->err;

	fs->commit = NULL;
	if (!err) {
		fs->sb = c->sb;
		node_written(fs);
		alloc_committed(fs);
		fs->npending -= c->npending;
	}
	commit_free(c);
	return err ? txn_fail(fs, err) : 0;
}

bool cfs_committing(const struct cfs *fs)
{
	return fs->commit;
}

int txn_commit(struct cfs *fs)
{
	struct cfs_commit *c;
	int err;

	if (fs->commit)
		fs->io.settle(fs->io.ctx);
	err = cfs_commit_start(fs, &c);
	if (err || !c)
		return err;
	cfs_commit_write(c);
	return cfs_commit_end(c);
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

uint64_t cfs_generation(const struct cfs *fs, bool durable)
{
	return durable ? fs->sb.gen : fs->gen;
}
