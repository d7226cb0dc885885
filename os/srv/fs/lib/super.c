/* SPDX-License-Identifier: MIT */
/* Superblocks: two slots by the parity of the generation, each with a copy at the end of the device. */
#include "fs.h"

#define CSUM_BYTES	(CFS_BLOCK - sizeof(uint64_t))

bool super_valid(const struct cfs_super *sb, const struct cfs_io *io)
{
	return sb->magic == CFS_MAGIC && cfs_xxh64(sb, CSUM_BYTES, 0) == sb->csum &&
	       sb->version == CFS_VERSION && sb->block_shift == CFS_BLOCK_SHIFT && sb->gen &&
	       sb->nblocks >= 64 && sb->nblocks <= io->nblocks && sb->height >= 1 &&
	       sb->height <= CFS_HEIGHT_MAX && sb->root.blk < sb->nblocks && sb->root.twin < sb->nblocks &&
	       sb->root.gen <= sb->gen &&
	       sb->nindex && sb->nindex <= CFS_IDX_MAX &&
	       sb->nindex == (fs_ngroups(sb->nblocks) + CFS_IDX_GROUPS - 1) / CFS_IDX_GROUPS &&
	       sb->next_ino >= CFS_FIRST_INO && sb->next_ino <= CFS_OFF_MASK;
}

static void take_better(const struct cfs_io *io, uint64_t blk, struct cfs_super *tmp, struct cfs_super *sb,
			int *bad)
{
	if (io->read(io->ctx, blk, 1, tmp) || !super_valid(tmp, io))
		++*bad;
	else if (tmp->gen > sb->gen)
		*sb = *tmp;
}

/* The newest valid superblock. bad_copies counts those of the four that are not valid. */
int super_read(const struct cfs_io *io, struct cfs_super *sb, int *bad_copies)
{
	struct cfs_super *tmp = io->alloc(io->ctx, sizeof *tmp);
	uint64_t end;

	if (!tmp)
		return -ENOMEM;
	memset(sb, 0, sizeof *sb);
	*bad_copies = 0;
	if (io->nblocks >= 64) {
		take_better(io, CFS_SB_FIRST, tmp, sb, bad_copies);
		take_better(io, CFS_SB_FIRST + 1, tmp, sb, bad_copies);
		end = sb->gen ? sb->nblocks : io->nblocks;
		take_better(io, end - 2, tmp, sb, bad_copies);
		take_better(io, end - 1, tmp, sb, bad_copies);
	}
	io->free(io->ctx, tmp);
	if (!sb->gen)
		return -EINVAL;
	return sb->incompat & ~CFS_INCOMPAT_KNOWN ? -ENOTSUP : 0;
}

int super_write(struct cfs *fs, struct cfs_super *sb)
{
	uint64_t slot = sb->gen & 1;
	int err;

	sb->csum = cfs_xxh64(sb, CSUM_BYTES, 0);
	err = fs->io.write(fs->io.ctx, CFS_SB_FIRST + slot, 1, sb);
	if (!err)
		err = fs->io.write(fs->io.ctx, fs->nblocks - 2 + slot, 1, sb);
	return err ? err : fs->io.flush(fs->io.ctx);
}

static void mount_state(struct cfs *fs, const struct cfs_mount_opt *opt)
{
	fs->nblocks = fs->sb.nblocks;
	fs->gen = fs->sb.gen + 1;
	fs->root = fs->sb.root;
	fs->height = fs->sb.height;
	fs->next_ino = fs->sb.next_ino;
	fs->hash_seed = fs->sb.hash_seed;
	fs->nrefs = fs->sb.nrefs;
	fs->snap_gen = fs->sb.snap_gen;
	fs->copies = fs->root.twin ? 2 : 1;
	fs->flags = opt ? opt->flags : 0;
	fs->cache_limit = opt && opt->cache_nodes ? opt->cache_nodes : 1024;
	if (fs->cache_limit < 64)
		fs->cache_limit = 64;
	if (fs->sb.ro_compat & ~CFS_RO_COMPAT_KNOWN)
		fs->flags |= CFS_RDONLY;
}

static int take_key(struct cfs *fs, const struct cfs_mount_opt *opt)
{
	if (!(fs->sb.incompat & CFS_INCOMPAT_CRYPT))
		return 0;
	if (!opt || !opt->crypt)
		return -ENOKEY;
	fs->crypt = opt->crypt;
	fs->crypt->random(fs->nonce, sizeof fs->nonce);
	return 0;
}

int cfs_cryptinfo(const struct cfs_io *io, uint8_t info[128])
{
	struct cfs_super *sb = io->alloc(io->ctx, sizeof *sb);
	int bad, err = sb ? super_read(io, sb, &bad) : -ENOMEM;

	if (!err && !(sb->incompat & CFS_INCOMPAT_CRYPT))
		err = -ENODATA;
	if (!err)
		memcpy(info, &sb->crypt, sizeof sb->crypt);
	io->free(io->ctx, sb);
	return err;
}

static int mount_steps(struct cfs *fs, const struct cfs_mount_opt *opt)
{
	struct cfs_inode *root;
	int bad, err = super_read(&fs->io, &fs->sb, &bad);

	if (err)
		return err;
	mount_state(fs, opt);
	err = take_key(fs, opt);
	if (!err)
		err = alloc_load(fs);
	if (!err)
		err = snaps_load(fs);
	if (!err && fs->sb.rollback && !(fs->flags & CFS_RDONLY))
		err = snaps_rollback(fs);
	if (!err)
		err = cfs_iget(fs, CFS_ROOT_INO, &root);
	if (err)
		return err;
	err = (root->a.mode & 0170000) == 0040000 ? 0 : -EIO;
	cfs_iput(root);
	if (!err && !(fs->flags & (CFS_RDONLY | CFS_ORPHANS)))
		err = cfs_clean(fs);
	return err;
}

int cfs_mount(const struct cfs_io *io, const struct cfs_mount_opt *opt, struct cfs **out)
{
	struct cfs *fs = io->alloc(io->ctx, sizeof *fs);
	int err;

	if (!fs)
		return -ENOMEM;
	memset(fs, 0, sizeof *fs);
	fs->io = *io;
	err = mount_steps(fs, opt);
	if (err)
		cfs_abandon(fs);
	else
		*out = fs;
	return err;
}

void cfs_abandon(struct cfs *fs)
{
	snaps_free_all(fs);
	inode_free_all(fs);
	node_free_all(fs);
	alloc_free_all(fs);
	fs->io.free(fs->io.ctx, fs);
}

int cfs_unmount(struct cfs *fs)
{
	int err = cfs_sync(fs);

	cfs_abandon(fs);
	return err;
}

bool cfs_readonly(const struct cfs *fs)
{
	return fs->flags & CFS_RDONLY;
}

uint64_t cfs_view_of(const struct cfs *fs)
{
	return fs->view_of;
}

void cfs_statfs(struct cfs *fs, struct cfs_statfs *st)
{
	memset(st, 0, sizeof *st);
	st->blocks = fs->nblocks;
	st->free = fs->nfree + fs->npending;
	st->avail = txn_avail(fs);
	st->gen = fs->sb.gen;
	st->snapshots = fs->nsnaps;
	st->encrypted = fs->crypt;
	st->doubled = fs->copies > 1;
	memcpy(st->uuid, fs->sb.uuid, sizeof st->uuid);
	memcpy(st->label, fs->sb.label, sizeof fs->sb.label);
}
