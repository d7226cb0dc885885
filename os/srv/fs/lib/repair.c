/* SPDX-License-Identifier: MIT */
/*
 * Repairs by what is there twice: copies of superblocks and nodes, and the free map, which follows from the
 * tree. Only a map is made new, and only from a tree that was read to its last leaf.
 */
#include "check.h"

/* The bad copy of a node gets the bytes of the good one. */
bool repair_copy(struct check *c, const struct cfs *fs, const struct cfs_ptr *ptr, int bad)
{
	const struct cfs_io *io = &c->fs->io;
	uint64_t from = bad ? ptr->blk : ptr->twin, to = bad ? ptr->twin : ptr->blk;

	if (!c->opt->repair || io->read(io->ctx, from, 1, c->buf) || cfs_xxh64(c->buf, CFS_BLOCK, 0) != ptr->csum ||
	    io->write(io->ctx, to, 1, c->buf) || node_read(fs, ptr, (int)((struct cfs_nodehead *)c->buf)->level, c->buf, bad))
		return false;
	c->st->repaired++;
	return true;
}

/* The newest superblock again in its two places. */
bool repair_super(struct check *c, uint64_t blk)
{
	const struct cfs_io *io = &c->fs->io;
	uint64_t n = c->fs->nblocks, slot = c->fs->sb.gen & 1;

	if (!c->opt->repair || (blk != CFS_SB_FIRST + slot && blk != n - 2 + slot) ||
	    io->write(io->ctx, blk, 1, &c->fs->sb) || io->flush(io->ctx))
		return false;
	c->st->repaired++;
	return true;
}

static int take_group(struct check *c, uint32_t g)
{
	struct cfs *fs = c->fs;
	struct group *gr = &fs->grp[g];
	const uint64_t *met = c->map + (size_t)g * (CFS_GROUP / 64);

	if (!gr->used) {
		gr->used = fs->io.alloc(fs->io.ctx, 2 * CFS_BLOCK);
		if (!gr->used)
			return -ENOMEM;
		gr->busy = gr->used + CFS_BLOCK / 8;
	}
	memcpy(gr->used, met, CFS_BLOCK);
	memcpy(gr->busy, met, CFS_BLOCK);
	gr->bad = false;
	gr->dirty = true;
	gr->nfree = 0;
	for (uint32_t i = 0; i < CFS_GROUP / 64; i++)
		gr->nfree += (uint32_t)__builtin_popcountll(~met[i]);
	fs->nfree += gr->nfree;
	return 0;
}

int repair_map(struct check *c)
{
	struct cfs *fs = c->fs;
	int err = 0;

	fs->nfree = fs->npending = 0;
	for (uint32_t g = 0; g < fs->ngrp && !err; g++)
		err = take_group(c, g);
	if (err)
		return err;
	fs->flags &= ~CFS_RDONLY;
	fs->changed = true;
	err = txn_commit(fs);
	fs->flags |= CFS_RDONLY;
	return err;
}
