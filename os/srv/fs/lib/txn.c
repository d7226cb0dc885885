/* SPDX-License-Identifier: MIT */
/* Transactions: admission of changes, so that a full disk is reported before anything is touched. commit.c ends them. */
#include "fs.h"

/*
 * Blocks kept back so that what frees space can always work, and reserved pages can be written: one large operation's
 * worth of new nodes. Writing may have to count users of blocks (ext_muts), even if nothing is shared yet.
 */
static uint64_t reserve(const struct cfs *fs)
{
	uint64_t frees = 8 * fs->height + 24, writes = (3 + EXT_MUTS_MOST) * (2 * fs->height + 1);

	return (frees > writes ? frees : writes) * fs->copies;
}

/* Reserved pages need their blocks and room for their extent items. */
static uint64_t credit_blocks(const struct cfs *fs, uint64_t pages)
{
	return pages ? pages + (pages / 16 + 2 * fs->height + 1) * fs->copies : 0;
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
	uint64_t need = (uint64_t)muts * (2 * fs->height + 1) * fs->copies + data;
	int err;

	if (fs->flags & CFS_RDONLY)
		return -EROFS;
	if (fs->failed)
		return fs->failed;
	if (flags & TXN_FREEING)
		need = (uint64_t)muts * fs->height * fs->copies + data;
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
