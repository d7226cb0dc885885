/* SPDX-License-Identifier: MIT */
/*
 * Inodes in memory and in the tree, attributes, and the end of an inode's life.
 *
 * Every inode in memory agrees with its item in the tree between operations. An inode with nlink 0 and
 * references has an orphan item, so that a mount after a crash frees it.
 */
#include "fs.h"

static uint32_t bucket(uint64_t ino)
{
	return (uint32_t)(ino % INODE_HASH);
}

struct cfs_inode *inode_cached(struct cfs *fs, uint64_t ino)
{
	struct cfs_inode *ip = fs->ihash[bucket(ino)];

	while (ip && ip->ino != ino)
		ip = ip->hnext;
	return ip;
}

static void unref_remove(struct cfs_inode *ip)
{
	struct cfs *fs = ip->fs;

	if (ip->prev)
		ip->prev->next = ip->next;
	else
		fs->iold = ip->next;
	if (ip->next)
		ip->next->prev = ip->prev;
	else
		fs->inew = ip->prev;
	fs->nunref--;
}

static void unref_push(struct cfs_inode *ip)
{
	struct cfs *fs = ip->fs;

	ip->next = NULL;
	ip->prev = fs->inew;
	if (fs->inew)
		fs->inew->next = ip;
	else
		fs->iold = ip;
	fs->inew = ip;
	fs->nunref++;
}

static void forget(struct cfs_inode *ip)
{
	struct cfs_inode **pp = &ip->fs->ihash[bucket(ip->ino)];

	while (*pp != ip)
		pp = &(*pp)->hnext;
	*pp = ip->hnext;
	ip->fs->io.free(ip->fs->io.ctx, ip);
}

void inode_free_all(struct cfs *fs)
{
	for (uint32_t i = 0; i < INODE_HASH; i++)
		while (fs->ihash[i])
			forget(fs->ihash[i]);
}

void inode_load(struct cfs_attr *a, const struct cfs_dinode *d)
{
	*a = (struct cfs_attr){ .mode = d->mode, .nlink = d->nlink, .uid = d->uid, .gid = d->gid, .size = d->size,
				.blocks = d->blocks, .rdev = d->rdev, .parent = d->parent, .gen = d->gen, .flags = d->flags };
	for (int i = 0; i < 4; i++)
		a->time[i] = (struct cfs_time){ d->sec[i], d->nsec[i] };
}

static void inode_store(struct cfs_dinode *d, const struct cfs_attr *a)
{
	*d = (struct cfs_dinode){ .mode = a->mode, .nlink = a->nlink, .uid = a->uid, .gid = a->gid, .size = a->size,
				  .blocks = a->blocks, .rdev = a->rdev, .parent = a->parent, .gen = a->gen, .flags = a->flags };
	for (int i = 0; i < 4; i++) {
		d->sec[i] = a->time[i].sec;
		d->nsec[i] = a->time[i].nsec;
	}
}

int inode_save(struct cfs_inode *ip)
{
	struct cfs_dinode d;

	if (ip->shown)
		ip->fs->io.changed(ip);
	inode_store(&d, &ip->a);
	return tree_update(ip->fs, mkkey(ip->ino, CFS_T_INODE, 0), &d, sizeof d);
}

int inode_insert(struct cfs *fs, uint64_t ino, const struct cfs_attr *a)
{
	struct cfs_dinode d;

	inode_store(&d, a);
	return tree_insert(fs, mkkey(ino, CFS_T_INODE, 0), &d, sizeof d);
}

static int enter(struct cfs *fs, uint64_t ino, const struct cfs_attr *a, struct cfs_inode **out)
{
	struct cfs_inode *ip = fs->io.alloc(fs->io.ctx, sizeof *ip);

	if (!ip)
		return -ENOMEM;
	*ip = (struct cfs_inode){ .ino = ino, .a = *a, .fs = fs, .refs = 1, .hnext = fs->ihash[bucket(ino)] };
	fs->ihash[bucket(ino)] = ip;
	fs->nactive++;
	*out = ip;
	return 0;
}

static int load(struct cfs *fs, uint64_t ino, struct cfs_inode **out)
{
	struct cfs_attr a = { .mode = 0040755, .nlink = 2, .parent = CFS_ROOT_INO };
	struct cfs_dinode d;
	struct item it;
	int err;

	if (ino != CFS_SNAPDIR_INO || fs->base) {
		err = tree_get(fs, mkkey(ino, CFS_T_INODE, 0), &it);
		if (err)
			return err;
		memcpy(&d, it.val, sizeof d);
		inode_load(&a, &d);
	}
	return enter(fs, ino, &a, out);
}

int cfs_iget(struct cfs *fs, uint64_t ino, struct cfs_inode **out)
{
	struct cfs_inode *ip = inode_cached(fs, ino);

	if (!ip)
		return load(fs, ino, out);
	if (ip->dead)
		return -ENOENT;
	*out = cfs_iref(ip);
	return 0;
}

struct cfs_inode *cfs_iref(struct cfs_inode *ip)
{
	if (!ip->refs++) {
		unref_remove(ip);
		ip->fs->nactive++;
	}
	return ip;
}

int cfs_parent(struct cfs_inode *dir, struct cfs_inode **out)
{
	if (dir->ino == CFS_ROOT_INO && dir->fs->base)
		return cfs_iget(dir->fs->base, CFS_SNAPDIR_INO, out);
	return cfs_iget(dir->fs, dir->a.parent, out);
}

struct cfs_inode *cfs_root(struct cfs *fs)
{
	struct cfs_inode *ip;

	return cfs_iget(fs, CFS_ROOT_INO, &ip) ? NULL : ip;
}

int inode_orphan_add(struct cfs_inode *ip)
{
	int err = tree_insert(ip->fs, mkkey(0, CFS_T_ORPHAN, ip->ino), NULL, 0);

	return err == -EEXIST ? 0 : err;
}

int inode_orphan_del(struct cfs *fs, uint64_t ino)
{
	int err = tree_delete(fs, mkkey(0, CFS_T_ORPHAN, ino));

	return err == -ENOENT ? 0 : err;
}

/* Frees data in steps, each a transaction of its own if need be; the orphan item makes it restartable. */
static int drain(struct cfs_inode *ip, uint64_t first)
{
	bool more = ip->a.blocks != 0;
	int err = 0;

	while (more && !err) {
		err = txn_begin(ip->fs, 3 + ext_muts(ip->fs), 0, TXN_FREEING);
		if (!err)
			err = file_trim(ip, first, &more);
	}
	return err;
}

static int drain_xattrs(struct cfs_inode *ip)
{
	bool more = true;
	int err = 0;

	while (more && !err) {
		err = txn_begin(ip->fs, 6, 0, TXN_FREEING);
		if (!err && (err = xattr_trim(ip, 32, &more)))
			txn_fail(ip->fs, err);
	}
	return err;
}

static int delete_items(struct cfs_inode *ip)
{
	struct cfs *fs = ip->fs;
	int err = 0;

	for (uint64_t off = 0; (ip->a.mode & 0170000) == 0120000 && off < ip->a.size && !err; off += CFS_SYM_CHUNK)
		err = tree_delete(fs, mkkey(ip->ino, CFS_T_SYMLINK, off));
	return err ? err : tree_delete(fs, mkkey(ip->ino, CFS_T_INODE, 0));
}

/*
 * One name of ip is gone; within a transaction of 9 changes. The last name of a small file that nobody
 * else has open takes the inode along; else cfs_iput does it later and the orphan item remembers it.
 */
int inode_drop_link(struct cfs_inode *ip)
{
	bool more = ip->refs > 1 || ip->a.blocks > 64 || ip->a.flags & CFS_INODE_XATTR;
	int err = 0;

	ip->a.nlink = (ip->a.mode & 0170000) == 0040000 ? 0 : ip->a.nlink - 1;
	ip->fs->io.now(ip->fs->io.ctx, &ip->a.time[CFS_CTIME]);
	if (ip->a.nlink)
		return inode_save(ip);
	if (!more && ip->a.blocks)
		err = file_trim(ip, 0, &more);
	if (err || more) {
		if (!err)
			err = inode_orphan_add(ip);
		return err ? err : inode_save(ip);
	}
	err = delete_items(ip);
	ip->dead = !err;
	return err;
}

/* Takes everything of an unlinked inode out of the tree; its orphan item goes last. */
static int destroy(struct cfs_inode *ip)
{
	int err = drain(ip, 0);

	if (!err)
		err = drain_xattrs(ip);
	if (!err)
		err = txn_begin(ip->fs, 6, 0, TXN_FREEING);
	if (err)
		return err;
	err = delete_items(ip);
	if (!err)
		err = inode_orphan_del(ip->fs, ip->ino);
	if (err)
		return txn_fail(ip->fs, err);
	ip->dead = true;
	return 0;
}

void cfs_iput(struct cfs_inode *ip)
{
	struct cfs *fs;

	if (!ip || --ip->refs)
		return;
	fs = ip->fs;
	fs->nactive--;
	if (!ip->a.nlink && !ip->dead && !(fs->flags & CFS_RDONLY))
		destroy(ip);
	if (ip->dead || !ip->a.nlink) {
		forget(ip);
		return;
	}
	unref_push(ip);
	while (fs->nunref > INODE_KEEP) {
		struct cfs_inode *old = fs->iold;

		unref_remove(old);
		forget(old);
	}
}

static int clean_one(struct cfs *fs, uint64_t ino)
{
	struct cfs_inode *ip;
	int err = cfs_iget(fs, ino, &ip);

	if (!err && ip->a.nlink) {
		err = drain(ip, (ip->a.size + CFS_PAGE - 1) / CFS_PAGE);
		cfs_iput(ip);
	} else if (!err) {
		cfs_iput(ip);
		return fs->failed;
	}
	if (err == -ENOENT)
		err = 0;
	if (!err)
		err = txn_begin(fs, 1, 0, TXN_FREEING);
	return err ? err : inode_orphan_del(fs, ino);
}

/* At mount: finishes what a crash interrupted. Damage met on the way is logged and left. */
int cfs_clean(struct cfs *fs)
{
	uint64_t from = 0;
	struct path p;
	struct item it;

	for (;;) {
		int err = iter_seek(fs, mkkey(0, CFS_T_ORPHAN, from), &p);

		if (err || !iter_item(&p, &it) || it.key.ino || key_type(it.key) != CFS_T_ORPHAN)
			return err;
		from = key_off(it.key) + 1;
		err = clean_one(fs, key_off(it.key));
		if (err)
			fs_log(fs, "calxfs: orphan inode %llu: error %d", (unsigned long long)(from - 1), -err);
	}
}

static void set_times(struct cfs_inode *ip, uint32_t mask, const struct cfs_attr *a)
{
	static const uint32_t bit[4] = { CFS_SET_ATIME, CFS_SET_MTIME, CFS_SET_CTIME, CFS_SET_BTIME };

	if (mask & ~CFS_SET_ATIME)
		ip->fs->io.now(ip->fs->io.ctx, &ip->a.time[CFS_CTIME]);
	for (int i = 0; i < 4; i++)
		if (mask & bit[i])
			ip->a.time[i] = a->time[i];
}

int cfs_setattr(struct cfs_inode *ip, uint32_t mask, const struct cfs_attr *a)
{
	int err = ip->ino == CFS_SNAPDIR_INO ? -EPERM : txn_begin(ip->fs, 1, 0, TXN_FREEING);

	if (err || ip->dead)
		return err;
	if (mask & CFS_SET_MODE)
		ip->a.mode = (ip->a.mode & 0170000) | (a->mode & 07777);
	if (mask & CFS_SET_UID)
		ip->a.uid = a->uid;
	if (mask & CFS_SET_GID)
		ip->a.gid = a->gid;
	if (mask & CFS_SET_SIZE)
		ip->a.size = a->size;
	set_times(ip, mask, a);
	err = inode_save(ip);
	return err ? txn_fail(ip->fs, err) : 0;
}
