/* SPDX-License-Identifier: MIT */
/* rename: replacing, refusing to replace, exchanging; one transaction, so a crash shows before or after. */
#include "dir.h"

struct move {
	struct cfs_inode *odir, *ndir;
	const char *oname, *nname;
	size_t on, nn;
	struct entry oe, ne;
	struct cfs_inode *src, *dst;	/* dst NULL: the new name is free */
};

/* Would moving `ip` into dir make a loop? */
static int check_loop(struct cfs_inode *ip, struct cfs_inode *dir)
{
	uint64_t ino = dir->ino;

	for (int depth = 0; depth < 100000; depth++) {
		struct cfs_inode *up;
		int err;

		if (ino == ip->ino)
			return -EINVAL;
		if (ino == CFS_ROOT_INO)
			return 0;
		err = cfs_iget(dir->fs, ino, &up);
		if (err)
			return err;
		ino = up->a.parent;
		cfs_iput(up);
	}
	return -EIO;
}

static int check_types(const struct move *m)
{
	if (!m->dst)
		return 0;
	if (is_dir(m->src))
		return is_dir(m->dst) ? dir_empty(m->dst) : -ENOTDIR;
	return is_dir(m->dst) ? -EISDIR : 0;
}

static int lookup_both(struct move *m, uint32_t flags)
{
	struct cfs *fs = m->odir->fs;
	int err = dir_lookup(m->odir, m->oname, m->on, &m->oe);

	if (err)
		return err;
	err = dir_lookup(m->ndir, m->nname, m->nn, &m->ne);
	if (!err && flags & CFS_RENAME_NOREPLACE)
		return -EEXIST;
	if (err == -ENOENT && (flags & CFS_RENAME_EXCHANGE || !m->ne.key.ino))
		return err;
	if (err && err != -ENOENT)
		return err;
	err = cfs_iget(fs, m->oe.ino, &m->src);
	return err || !m->ne.ino ? err : cfs_iget(fs, m->ne.ino, &m->dst);
}

/* ip's entry is now in dir: its parent and change time. */
static int moved(struct cfs_inode *ip, struct cfs_inode *dir)
{
	if (is_dir(ip))
		ip->a.parent = dir->ino;
	ip->fs->io.now(ip->fs->io.ctx, &ip->a.time[CFS_CTIME]);
	return inode_save(ip);
}

static int replace(struct move *m)
{
	bool sub = is_dir(m->src);
	int err = m->dst ? dir_replace(m->ndir, &m->ne, m->nname, m->nn, m->src->ino, m->src->a.mode)
			 : dir_add(m->ndir, &m->ne, m->nname, m->nn, m->src->ino, m->src->a.mode);

	if (!err)
		err = tree_delete(m->odir->fs, m->oe.key);
	if (!err)
		err = dir_changed(m->odir, -1, sub ? -1 : 0);
	if (!err)
		err = dir_changed(m->ndir, m->dst ? 0 : 1, sub && !m->dst);
	if (!err)
		err = moved(m->src, m->ndir);
	if (!err && m->dst)
		err = inode_drop_link(m->dst);
	return err;
}

static int exchange(struct move *m)
{
	int diff = is_dir(m->dst) - is_dir(m->src);
	int err = dir_replace(m->ndir, &m->ne, m->nname, m->nn, m->src->ino, m->src->a.mode);

	if (!err)
		err = dir_replace(m->odir, &m->oe, m->oname, m->on, m->dst->ino, m->dst->a.mode);
	if (!err)
		err = dir_changed(m->odir, 0, diff);
	if (!err)
		err = dir_changed(m->ndir, 0, -diff);
	if (!err)
		err = moved(m->src, m->ndir);
	return err ? err : moved(m->dst, m->odir);
}

static int move_checked(struct move *m, uint32_t flags)
{
	struct cfs *fs = m->odir->fs;
	int err = 0;

	if (m->src == m->dst)
		return 0;
	if (is_dir(m->src))
		err = check_loop(m->src, m->ndir);
	if (!err && flags & CFS_RENAME_EXCHANGE && is_dir(m->dst))
		err = check_loop(m->dst, m->odir);
	if (!err && !(flags & CFS_RENAME_EXCHANGE))
		err = check_types(m);
	if (!err)
		err = txn_begin(fs, 9, 0, 0);
	if (err)
		return err;
	err = flags & CFS_RENAME_EXCHANGE ? exchange(m) : replace(m);
	return err ? txn_fail(fs, err) : 0;
}

int cfs_rename(struct cfs_inode *odir, const char *oname, size_t on,
	       struct cfs_inode *ndir, const char *nname, size_t nn, uint32_t flags)
{
	struct move m = { .odir = odir, .ndir = ndir, .oname = oname, .nname = nname, .on = on, .nn = nn };
	int err;

	if (flags & ~(CFS_RENAME_NOREPLACE | CFS_RENAME_EXCHANGE) ||
	    flags == (CFS_RENAME_NOREPLACE | CFS_RENAME_EXCHANGE))
		return -EINVAL;
	if (odir->fs != ndir->fs)
		return -EXDEV;
	err = lookup_both(&m, flags);
	if (!err)
		err = move_checked(&m, flags);
	cfs_iput(m.src);
	cfs_iput(m.dst);
	return err;
}
