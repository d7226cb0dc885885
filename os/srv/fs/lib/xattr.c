/* SPDX-License-Identifier: MIT */
/*
 * Extended attributes. The value lies in chunks below the key of its name: hash, a number among names of one
 * hash, the chunk. A change of one is a single transaction.
 */
#include "fs.h"

#define CHUNKS	(CFS_XATTR_MAX / CFS_XATTR_CHUNK + 1)

/* A name's place: the key of chunk 0. found: its size and namelen are known. */
struct place {
	struct cfs_key key;
	struct cfs_xattr x;
	bool found;
};

static int find(struct cfs_inode *ip, const char *name, size_t n, struct place *pl)
{
	struct cfs *fs = ip->fs;
	uint64_t base = cfs_xxh64(name, n, fs->hash_seed) >> 24 << 16, slot = 0;
	struct path p;
	struct item it;
	int err;

	*pl = (struct place){ 0 };
	if (!n || n > CFS_NAME_MAX)
		return n ? -ERANGE : -EINVAL;
	err = iter_seek(fs, mkkey(ip->ino, CFS_T_XATTR, base), &p);
	while (!err && iter_item(&p, &it) && it.key.ino == ip->ino && key_type(it.key) == CFS_T_XATTR &&
	       key_off(it.key) >> 16 == base >> 16) {
		if (!(key_off(it.key) & 0xff)) {
			memcpy(&pl->x, it.val, sizeof pl->x);
			if (pl->x.namelen == n && !memcmp((uint8_t *)it.val + sizeof pl->x, name, n)) {
				pl->key = it.key;
				pl->found = true;
				return 0;
			}
			if ((key_off(it.key) & 0xff00) == slot << 8)
				slot++;
		}
		err = iter_next(fs, &p);
	}
	pl->key = mkkey(ip->ino, CFS_T_XATTR, base | slot << 8);
	return err ? err : slot > 0xff ? -ENOSPC : 0;
}

static struct cfs_key chunk_key(const struct place *pl, uint32_t chunk)
{
	return (struct cfs_key){ pl->key.ino, pl->key.toff + chunk };
}

static uint32_t chunks_of(uint32_t size)
{
	return size ? (size + CFS_XATTR_CHUNK - 1) / CFS_XATTR_CHUNK : 1;
}

int cfs_getxattr(struct cfs_inode *ip, const char *name, size_t n, void *buf, size_t size)
{
	struct place pl;
	int err;

	node_trim(ip->fs, ip->fs->cache_limit);
	err = find(ip, name, n, &pl);
	if (err || !pl.found)
		return err ? err : -ENODATA;
	if (!size)
		return (int)pl.x.size;
	if (size < pl.x.size)
		return -ERANGE;
	for (uint32_t c = 0; c < chunks_of(pl.x.size); c++) {
		uint32_t off = c * CFS_XATTR_CHUNK, skip = c ? 0 : (uint32_t)(sizeof pl.x + n), want;
		struct item it;

		want = pl.x.size - off < CFS_XATTR_CHUNK ? pl.x.size - off : CFS_XATTR_CHUNK;
		err = tree_get(ip->fs, chunk_key(&pl, c), &it);
		if (err || it.len != skip + want)
			return err && err != -ENOENT ? err : -EIO;
		memcpy((uint8_t *)buf + off, (uint8_t *)it.val + skip, want);
	}
	return (int)pl.x.size;
}

static int remove_chunks(struct cfs *fs, const struct place *pl)
{
	int err = 0;

	for (uint32_t c = 0; c < chunks_of(pl->x.size) && !err; c++)
		err = tree_delete(fs, chunk_key(pl, c));
	return err;
}

static int insert_chunks(struct cfs *fs, const struct place *pl, const char *name, size_t n, const uint8_t *val,
			 uint32_t size)
{
	uint8_t buf[sizeof(struct cfs_xattr) + CFS_NAME_MAX + CFS_XATTR_CHUNK];
	struct cfs_xattr x = { .size = size, .namelen = (uint8_t)n };
	int err = 0;

	memcpy(buf, &x, sizeof x);
	memcpy(buf + sizeof x, name, n);
	for (uint32_t c = 0; c < chunks_of(size) && !err; c++) {
		uint32_t off = c * CFS_XATTR_CHUNK, skip = c ? 0 : (uint32_t)(sizeof x + n), k = size - off;

		if (k > CFS_XATTR_CHUNK)
			k = CFS_XATTR_CHUNK;
		if (k)
			memcpy(buf + skip, val + off, k);
		err = tree_insert(fs, chunk_key(pl, c), buf, skip + k);
	}
	return err;
}

static int changed(struct cfs_inode *ip)
{
	ip->a.flags |= CFS_INODE_XATTR;
	ip->fs->io.now(ip->fs->io.ctx, &ip->a.time[CFS_CTIME]);
	return inode_save(ip);
}

/* The tree changes at neighbouring keys, so a change of many chunks costs about their own size. */
static uint32_t muts(const struct place *pl, uint32_t size)
{
	return 6 + (chunks_of(size) + (pl->found ? chunks_of(pl->x.size) : 0)) / 3;
}

int cfs_setxattr(struct cfs_inode *ip, const char *name, size_t n, const void *val, size_t size, uint32_t flags)
{
	struct place pl;
	int err = find(ip, name, n, &pl);

	if (err)
		return err;
	if (ip->dead || ip->ino == CFS_SNAPDIR_INO)
		return ip->dead ? -ENOENT : -EPERM;
	if (size > CFS_XATTR_MAX)
		return -E2BIG;
	if (flags & CFS_XATTR_CREATE && pl.found)
		return -EEXIST;
	if (flags & CFS_XATTR_REPLACE && !pl.found)
		return -ENODATA;
	err = txn_begin(ip->fs, muts(&pl, (uint32_t)size), 0, 0);
	if (err)
		return err;
	if (pl.found)
		err = remove_chunks(ip->fs, &pl);
	if (!err)
		err = insert_chunks(ip->fs, &pl, name, n, val, (uint32_t)size);
	if (!err)
		err = changed(ip);
	return err ? txn_fail(ip->fs, err) : 0;
}

int cfs_removexattr(struct cfs_inode *ip, const char *name, size_t n)
{
	struct place pl;
	int err = find(ip, name, n, &pl);

	if (err || !pl.found)
		return err ? err : -ENODATA;
	err = txn_begin(ip->fs, muts(&pl, 0), 0, TXN_FREEING);
	if (err)
		return err;
	err = remove_chunks(ip->fs, &pl);
	if (!err)
		err = changed(ip);
	return err ? txn_fail(ip->fs, err) : 0;
}

int cfs_listxattr(struct cfs_inode *ip, int (*fn)(void *arg, const char *name, size_t n), void *arg)
{
	struct path p;
	struct item it;
	int err;

	node_trim(ip->fs, ip->fs->cache_limit);
	if (!(ip->a.flags & CFS_INODE_XATTR))
		return 0;
	err = iter_seek(ip->fs, mkkey(ip->ino, CFS_T_XATTR, 0), &p);
	while (!err && iter_item(&p, &it) && it.key.ino == ip->ino && key_type(it.key) == CFS_T_XATTR) {
		struct cfs_xattr x;

		if (!(key_off(it.key) & 0xff)) {
			memcpy(&x, it.val, sizeof x);
			if (fn(arg, (char *)it.val + sizeof x, x.namelen))
				return 0;
		}
		err = iter_next(ip->fs, &p);
	}
	return err;
}

int xattr_trim(struct cfs_inode *ip, int budget, bool *more)
{
	*more = false;
	if (!(ip->a.flags & CFS_INODE_XATTR))
		return 0;
	for (; ; budget--) {
		struct path p;
		struct item it;
		int err = iter_seek(ip->fs, mkkey(ip->ino, CFS_T_XATTR, 0), &p);

		if (err)
			return err;
		if (!iter_item(&p, &it) || it.key.ino != ip->ino || key_type(it.key) != CFS_T_XATTR)
			return 0;
		if (!budget) {
			*more = true;
			return 0;
		}
		err = tree_delete(ip->fs, it.key);
		if (err)
			return err;
	}
}
