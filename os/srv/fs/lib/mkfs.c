/* SPDX-License-Identifier: MIT */
/* Making a file system: an empty map, a tree of one leaf with the root directory, one commit. */
#include "fs.h"

/* A fresh bitmap as the first commit will find it: only the fixed blocks are used. */
static void group_init(struct cfs *fs, uint32_t g)
{
	struct group *gr = &fs->grp[g];

	memset(gr->used, 0, CFS_BLOCK);
	gr->nfree = 0;
	for (uint32_t i = 0; i < CFS_GROUP; i++) {
		uint64_t blk = (uint64_t)g * CFS_GROUP + i;

		if (blk >= fs->nblocks || alloc_fixed(fs->nblocks, blk))
			gr->used[i / 64] |= 1ull << (i % 64);
		else
			gr->nfree++;
	}
	memcpy(gr->busy, gr->used, CFS_BLOCK);
	gr->maxrun = CFS_GROUP;
	gr->dirty = true;
	fs->nfree += gr->nfree;
}

static int groups_init(struct cfs *fs)
{
	fs->ngrp = fs_ngroups(fs->nblocks);
	fs->nidx = fs->sb.nindex;
	fs->grp = fs->io.alloc(fs->io.ctx, fs->ngrp * sizeof *fs->grp);
	if (!fs->grp)
		return -ENOMEM;
	memset(fs->grp, 0, fs->ngrp * sizeof *fs->grp);
	for (uint32_t g = 0; g < fs->ngrp; g++) {
		fs->grp[g].used = fs->io.alloc(fs->io.ctx, 2 * CFS_BLOCK);
		if (!fs->grp[g].used)
			return -ENOMEM;
		fs->grp[g].busy = fs->grp[g].used + CFS_BLOCK / 8;
		group_init(fs, g);
	}
	return 0;
}

static int tree_init(struct cfs *fs, uint32_t mode)
{
	struct cfs_attr a = { .mode = 0040000 | (mode ? mode & 07777 : 0755), .nlink = 2,
			      .parent = CFS_ROOT_INO, .gen = fs->gen };
	struct node *root;
	int err = node_new(fs, 0, &root);

	if (err)
		return err;
	fs->root = node_ptr(root);
	for (int i = 0; i < 4; i++)
		fs->io.now(fs->io.ctx, &a.time[i]);
	return inode_insert(fs, CFS_ROOT_INO, &a);
}

static void super_init(struct cfs *fs, const struct cfs_mkfs_opt *opt)
{
	struct cfs_super *sb = &fs->sb;

	sb->magic = CFS_MAGIC;
	sb->version = CFS_VERSION;
	sb->block_shift = CFS_BLOCK_SHIFT;
	memcpy(sb->uuid, opt->uuid, sizeof sb->uuid);
	if (opt->label)
		strncpy(sb->label, opt->label, sizeof sb->label - 1);
	sb->nblocks = fs->nblocks;
	sb->nindex = (fs_ngroups(fs->nblocks) + CFS_IDX_GROUPS - 1) / CFS_IDX_GROUPS;
	sb->hash_seed = cfs_xxh64(opt->uuid, sizeof opt->uuid, 0);
	fs->hash_seed = sb->hash_seed;
	fs->gen = 1;
	fs->height = 1;
	fs->copies = opt->single || fs->nblocks < CFS_TWIN_MIN ? 1 : 2;
	fs->crypt = opt->crypt;
	if (fs->crypt) {
		sb->incompat |= CFS_INCOMPAT_CRYPT;
		memcpy(&sb->crypt, fs->crypt->info, sizeof sb->crypt);
		fs->crypt->random(fs->nonce, sizeof fs->nonce);
	}
	fs->next_ino = CFS_FIRST_INO;
	fs->cache_limit = 64;
	fs->changed = true;
	fs->data_goal = alloc_data_start(fs->nblocks);
	fs->twin_goal = fs->nblocks / 2;
}

/* Old superblocks of any file system in the four places must not outlive the new one. */
static int wipe(struct cfs *fs)
{
	uint64_t place[5] = { 0, CFS_SB_FIRST, CFS_SB_FIRST + 1, fs->nblocks - 2, fs->nblocks - 1 };
	void *zero = fs->io.alloc(fs->io.ctx, CFS_BLOCK);
	int err = zero ? 0 : -ENOMEM;

	if (zero)
		memset(zero, 0, CFS_BLOCK);
	for (int i = 0; i < 5 && !err; i++)
		err = fs->io.write(fs->io.ctx, place[i], 1, zero);
	fs->io.free(fs->io.ctx, zero);
	return err ? err : fs->io.flush(fs->io.ctx);
}

int cfs_mkfs(const struct cfs_io *io, const struct cfs_mkfs_opt *opt)
{
	uint64_t most = (uint64_t)CFS_IDX_MAX * CFS_IDX_GROUPS * CFS_GROUP;
	struct cfs *fs;
	int err;

	if (io->nblocks < 64 || io->nblocks > most)
		return -EINVAL;
	fs = io->alloc(io->ctx, sizeof *fs);
	if (!fs)
		return -ENOMEM;
	memset(fs, 0, sizeof *fs);
	fs->io = *io;
	fs->nblocks = io->nblocks;
	/* A last group too small for its bitmaps and the superblock copies is left out. */
	if (fs->nblocks % CFS_GROUP && fs->nblocks % CFS_GROUP < 8)
		fs->nblocks -= fs->nblocks % CFS_GROUP;
	super_init(fs, opt);
	err = wipe(fs);
	if (!err)
		err = groups_init(fs);
	if (!err)
		err = tree_init(fs, opt->mode);
	if (!err)
		err = txn_commit(fs);
	cfs_abandon(fs);
	return err;
}
