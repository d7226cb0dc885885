/* SPDX-License-Identifier: MIT */
/* Directories: looking up, listing, making and removing names. rename.c moves them. */
#include "fs.h"
#include "dir.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define LNKMODE	0120000u

bool is_dir(const struct cfs_inode *ip)
{
	return (ip->a.mode & FMT) == DIRMODE;
}

int dir_find(struct cfs_inode *dir, const char *name, size_t n, struct entry *e)
{
	struct cfs *fs = dir->fs;
	uint64_t base = cfs_xxh64(name, n, fs->hash_seed) >> 24 << 16, slot = 0;
	struct path p;
	struct item it;
	int err = iter_seek(fs, mkkey(dir->ino, CFS_T_DIRENT, base), &p);

	while (!err && iter_item(&p, &it) && it.key.ino == dir->ino && key_type(it.key) == CFS_T_DIRENT &&
	       key_off(it.key) >> 16 == base >> 16) {
		const struct cfs_dirent *d = it.val;

		if (d->namelen == n && !memcmp(d + 1, name, n)) {
			*e = (struct entry){ it.key, d->ino, d->type };
			return 0;
		}
		if ((key_off(it.key) & 0xffff) == slot)
			slot++;
		err = iter_next(fs, &p);
	}
	if (err)
		return err;
	*e = (struct entry){ mkkey(dir->ino, CFS_T_DIRENT, base | slot), 0, 0 };
	return slot > 0xffff ? -ENOSPC : -ENOENT;
}

static bool found_before(const struct found *f, const struct cfs_inode *dir, const char *name, size_t n, struct entry *e)
{
	if (f->dir != dir->ino || f->n != n || memcmp(f->name, name, n))
		return false;
	*e = (struct entry){ f->key, f->ino, f->type };
	return true;
}

static void keep_found(struct found *f, const struct cfs_inode *dir, const char *name, size_t n, const struct entry *e)
{
	f->dir = dir->ino;
	f->key = e->key;
	f->ino = e->ino;
	f->type = e->type;
	f->n = (uint8_t)n;
	memcpy(f->name, name, n);
}

static int check_dir(struct cfs_inode *dir)
{
	if (!is_dir(dir))
		return -ENOTDIR;
	if (dir->ino == CFS_SNAPDIR_INO)
		return -EPERM;
	return dir->dead || !dir->a.nlink ? -ENOENT : 0;
}

int dir_lookup(struct cfs_inode *dir, const char *name, size_t n, struct entry *e)
{
	int err = check_dir(dir);

	*e = (struct entry){ 0 };
	if (err)
		return err;
	if (!n)
		return -ENOENT;
	if (n > CFS_NAME_MAX)
		return -ENAMETOOLONG;
	if (found_before(&dir->fs->found, dir, name, n, e))
		return e->ino ? 0 : -ENOENT;
	node_trim(dir->fs, dir->fs->cache_limit);
	err = dir_find(dir, name, n, e);
	if (!err || (err == -ENOENT && e->key.ino))
		keep_found(&dir->fs->found, dir, name, n, e);
	return err;
}

int cfs_find(struct cfs_inode *dir, const char *name, size_t n, uint64_t *ino)
{
	struct entry e;
	int err = dir_lookup(dir, name, n, &e);

	*ino = e.ino;
	return err;
}

/* The name of the directory of snapshots, in the root of the present state. */
static bool is_snapdir(const struct cfs_inode *dir, const char *name, size_t n)
{
	return dir->ino == CFS_ROOT_INO && !dir->fs->base && n == sizeof CFS_SNAPDIR - 1 && !memcmp(name, CFS_SNAPDIR, n);
}

static int lookup_snapshot(struct cfs *fs, const char *name, size_t n, struct cfs_inode **out)
{
	struct snap *s = snap_find(fs, name, n);
	struct cfs *view;
	int err = s ? snap_view(fs, s, &view) : -ENOENT;

	return err ? err : cfs_iget(view, CFS_ROOT_INO, out);
}

int cfs_lookup(struct cfs_inode *dir, const char *name, size_t n, struct cfs_inode **out)
{
	struct entry e;
	int err;

	if (is_snapdir(dir, name, n))
		return cfs_iget(dir->fs, CFS_SNAPDIR_INO, out);
	if (dir->ino == CFS_SNAPDIR_INO)
		return lookup_snapshot(dir->fs, name, n, out);
	err = dir_lookup(dir, name, n, &e);
	if (err)
		return err;
	err = cfs_iget(dir->fs, e.ino, out);
	if (err == -ENOENT) {
		fs_log(dir->fs, "calxfs: entry of directory %llu names missing inode %llu",
		       (unsigned long long)dir->ino, (unsigned long long)e.ino);
		return -EIO;
	}
	return err;
}

static size_t make_dirent(uint8_t *buf, const char *name, size_t n, uint64_t ino, uint32_t mode)
{
	struct cfs_dirent d = { ino, (uint8_t)(mode >> 12), (uint8_t)n };

	memcpy(buf, &d, sizeof d);
	memcpy(buf + sizeof d, name, n);
	return sizeof d + n;
}

int dir_add(struct cfs_inode *dir, const struct entry *e, const char *name, size_t n, uint64_t ino,
	    uint32_t mode)
{
	uint8_t buf[sizeof(struct cfs_dirent) + CFS_NAME_MAX];
	size_t len = make_dirent(buf, name, n, ino, mode);

	return tree_insert(dir->fs, e->key, buf, (uint32_t)len);
}

int dir_replace(struct cfs_inode *dir, const struct entry *e, const char *name, size_t n, uint64_t ino,
		uint32_t mode)
{
	uint8_t buf[sizeof(struct cfs_dirent) + CFS_NAME_MAX];
	size_t len = make_dirent(buf, name, n, ino, mode);

	dir->fs->found.dir = 0;
	return tree_update(dir->fs, e->key, buf, (uint32_t)len);
}

/* The directory's own attributes after its entries changed. */
int dir_changed(struct cfs_inode *dir, int entries, int links)
{
	dir->fs->io.now(dir->fs->io.ctx, &dir->a.time[CFS_MTIME]);
	dir->a.time[CFS_CTIME] = dir->a.time[CFS_MTIME];
	dir->a.size += (uint64_t)(int64_t)entries;
	dir->a.nlink += (uint32_t)links;
	return inode_save(dir);
}

/* A free name in dir, and room for a change of `muts`. */
static int prepare(struct cfs_inode *dir, const char *name, size_t n, uint32_t muts, struct entry *e)
{
	int err = dir_lookup(dir, name, n, e);

	if (!err || is_snapdir(dir, name, n))
		return -EEXIST;
	if (err != -ENOENT || !e->key.ino)
		return err;
	return txn_begin(dir->fs, muts, 0, 0);
}

/* Within a transaction: an inode, not named yet. */
static int make_inode(struct cfs *fs, const struct cfs_new *w, struct cfs_attr *a, uint64_t *ino)
{
	a->mode = w->mode & (FMT | 07777);
	a->uid = w->uid;
	a->gid = w->gid;
	a->rdev = w->rdev;
	a->gen = fs->gen;
	fs->io.now(fs->io.ctx, &a->time[0]);
	a->time[1] = a->time[2] = a->time[3] = a->time[0];
	*ino = fs->next_ino++;
	return inode_insert(fs, *ino, a);
}

static int make(struct cfs_inode *dir, const struct entry *e, const char *name, size_t n,
		const struct cfs_new *w, uint64_t size, uint64_t *ino)
{
	bool sub = (w->mode & FMT) == DIRMODE;
	struct cfs_attr a = { .nlink = sub ? 2 : 1, .size = size, .parent = sub ? dir->ino : 0 };
	int err = make_inode(dir->fs, w, &a, ino);

	if (!err)
		err = dir_add(dir, e, name, n, *ino, w->mode);
	return err ? err : dir_changed(dir, 1, sub);
}

int cfs_create(struct cfs_inode *dir, const char *name, size_t n, const struct cfs_new *w,
	       struct cfs_inode **out)
{
	struct entry e;
	uint64_t ino;
	int err;

	if (dir->ino == CFS_SNAPDIR_INO && (w->mode & FMT) == DIRMODE) {
		err = cfs_snapshot_create(dir->fs, name, n);
		return err || !out ? err : lookup_snapshot(dir->fs, name, n, out);
	}
	err = prepare(dir, name, n, 3, &e);
	if (err)
		return err;
	err = make(dir, &e, name, n, w, 0, &ino);
	if (err)
		return txn_fail(dir->fs, err);
	return out ? cfs_iget(dir->fs, ino, out) : 0;
}

int cfs_create_unnamed(struct cfs_inode *dir, const struct cfs_new *w, bool nameable, struct cfs_inode **out)
{
	struct cfs *fs = dir->fs;
	struct cfs_attr a = { 0 };
	uint64_t ino;
	int err = check_dir(dir);

	if (!err)
		err = txn_begin(fs, 2, 0, 0);
	if (err)
		return err;
	err = make_inode(fs, w, &a, &ino);
	if (!err)
		err = tree_insert(fs, mkkey(0, CFS_T_ORPHAN, ino), NULL, 0);
	if (err)
		return txn_fail(fs, err);
	err = cfs_iget(fs, ino, out);
	if (!err)
		(*out)->nameable = nameable;
	return err;
}

int cfs_symlink(struct cfs_inode *dir, const char *name, size_t n, const struct cfs_new *what,
		const char *target, size_t len, struct cfs_inode **out)
{
	struct cfs_new w = *what;
	struct entry e;
	uint64_t ino;
	int err;

	if (!len || len > CFS_LINK_MAX)
		return len ? -ENAMETOOLONG : -ENOENT;
	w.mode = LNKMODE | 0777;
	err = prepare(dir, name, n, 4 + (uint32_t)(len / CFS_SYM_CHUNK), &e);
	if (err)
		return err;
	err = make(dir, &e, name, n, &w, len, &ino);
	for (size_t off = 0; off < len && !err; off += CFS_SYM_CHUNK)
		err = tree_insert(dir->fs, mkkey(ino, CFS_T_SYMLINK, off), target + off,
				  (uint32_t)(len - off < CFS_SYM_CHUNK ? len - off : CFS_SYM_CHUNK));
	if (err)
		return txn_fail(dir->fs, err);
	return out ? cfs_iget(dir->fs, ino, out) : 0;
}

int cfs_readlink(struct cfs_inode *ip, char *buf, size_t n)
{
	size_t len = ip->a.size < n ? ip->a.size : n;

	if ((ip->a.mode & FMT) != LNKMODE || ip->dead)
		return -EINVAL;
	node_trim(ip->fs, ip->fs->cache_limit);
	for (size_t off = 0; off < len; off += CFS_SYM_CHUNK) {
		size_t want = len - off < CFS_SYM_CHUNK ? len - off : CFS_SYM_CHUNK;
		struct item it;
		int err = tree_get(ip->fs, mkkey(ip->ino, CFS_T_SYMLINK, off), &it);

		if (err || it.len < want)
			return err && err != -ENOENT ? err : -EIO;
		memcpy(buf + off, it.val, want);
	}
	return (int)len;
}

int cfs_link(struct cfs_inode *dir, const char *name, size_t n, struct cfs_inode *ip)
{
	struct entry e;
	int err;

	if (is_dir(ip))
		return -EPERM;
	if (ip->fs != dir->fs)
		return -EXDEV;
	if (!ip->a.nlink && !ip->nameable)
		return -ENOENT;
	if (ip->a.nlink >= 65000)
		return -EMLINK;
	err = prepare(dir, name, n, 4, &e);
	if (err)
		return err;
	err = dir_add(dir, &e, name, n, ip->ino, ip->a.mode);
	if (!err && !ip->a.nlink)
		err = inode_orphan_del(dir->fs, ip->ino);
	ip->nameable = false;
	if (!err)
		err = dir_changed(dir, 1, 0);
	ip->a.nlink++;
	dir->fs->io.now(dir->fs->io.ctx, &ip->a.time[CFS_CTIME]);
	if (!err)
		err = inode_save(ip);
	return err ? txn_fail(dir->fs, err) : 0;
}

int dir_empty(struct cfs_inode *dir)
{
	struct path p;
	struct item it;
	int err = iter_seek(dir->fs, mkkey(dir->ino, CFS_T_DIRENT, 0), &p);

	if (err)
		return err;
	return iter_item(&p, &it) && it.key.ino == dir->ino && key_type(it.key) == CFS_T_DIRENT ? -ENOTEMPTY : 0;
}

static int remove_name(struct cfs_inode *dir, const struct entry *e, struct cfs_inode *ip)
{
	bool sub = is_dir(ip);
	int err = txn_begin(dir->fs, 9, 0, TXN_FREEING);

	if (err)
		return err;
	err = tree_delete(dir->fs, e->key);
	if (!err)
		err = dir_changed(dir, -1, sub ? -1 : 0);
	if (!err)
		err = inode_drop_link(ip);
	return err ? txn_fail(dir->fs, err) : 0;
}

int cfs_unlink(struct cfs_inode *dir, const char *name, size_t n)
{
	struct cfs_inode *ip;
	struct entry e;
	int err = dir_lookup(dir, name, n, &e);

	if (!err)
		err = cfs_iget(dir->fs, e.ino, &ip);
	if (err)
		return err;
	err = is_dir(ip) ? -EISDIR : remove_name(dir, &e, ip);
	cfs_iput(ip);
	return err;
}

int cfs_rmdir(struct cfs_inode *dir, const char *name, size_t n)
{
	struct cfs_inode *ip;
	struct entry e;
	int err;

	if (dir->ino == CFS_SNAPDIR_INO)
		return cfs_snapshot_delete(dir->fs, name, n);
	if (is_snapdir(dir, name, n))
		return -EBUSY;
	err = dir_lookup(dir, name, n, &e);
	if (!err)
		err = cfs_iget(dir->fs, e.ino, &ip);
	if (err)
		return err;
	err = is_dir(ip) ? dir_empty(ip) : -ENOTDIR;
	if (!err)
		err = remove_name(dir, &e, ip);
	cfs_iput(ip);
	return err;
}

static int dots(struct cfs_inode *dir, uint64_t *cookie, int (*fn)(void *, const struct cfs_dent *), void *arg)
{
	for (; *cookie < 2; ++*cookie) {
		struct cfs_dent d = { .ino = *cookie ? dir->a.parent : dir->ino, .next = *cookie + 1, .type = 4,
				      .namelen = (uint8_t)(*cookie + 1), .name = ".." };

		if (fn(arg, &d))
			return 1;
	}
	return 0;
}

static int list_snapshots(struct cfs *fs, uint64_t cookie, int (*fn)(void *, const struct cfs_dent *), void *arg)
{
	struct cfs_snapinfo s;

	for (uint64_t after = cookie - 2; !cfs_snapshot_list(fs, after, &s); after = s.gen) {
		struct cfs_dent d = { .ino = CFS_ROOT_INO, .next = s.gen + 2, .type = 4, .namelen = (uint8_t)s.namelen,
				      .name = s.name };

		if (fn(arg, &d))
			break;
	}
	return 0;
}

int cfs_readdir(struct cfs_inode *dir, uint64_t cookie, int (*fn)(void *arg, const struct cfs_dent *d),
		void *arg)
{
	struct path p;
	struct item it;
	int err = dir->ino == CFS_SNAPDIR_INO ? 0 : check_dir(dir);

	if (err)
		return err == -ENOENT ? 0 : err;
	node_trim(dir->fs, dir->fs->cache_limit);
	if (dots(dir, &cookie, fn, arg) || cookie - 2 > CFS_OFF_MASK)
		return 0;
	if (dir->ino == CFS_SNAPDIR_INO)
		return list_snapshots(dir->fs, cookie, fn, arg);
	err = iter_seek(dir->fs, mkkey(dir->ino, CFS_T_DIRENT, cookie - 2), &p);
	while (!err && iter_item(&p, &it) && it.key.ino == dir->ino && key_type(it.key) == CFS_T_DIRENT) {
		const struct cfs_dirent *e = it.val;
		struct cfs_dent d = { .ino = e->ino, .next = key_off(it.key) + 3, .type = e->type,
				      .namelen = e->namelen, .name = (const char *)(e + 1) };

		if (fn(arg, &d))
			return 0;
		err = iter_next(dir->fs, &p);
	}
	return err;
}
