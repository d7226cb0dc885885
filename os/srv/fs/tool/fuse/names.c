/* SPDX-License-Identifier: MIT */
/* calxfs mount: names, attributes, directories. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuse.h"

#define KEEP	1.0	/* seconds that the kernel may believe an answer: nobody else writes */

void fill_stat(const struct cfs_inode *ip, struct stat *st)
{
	const struct cfs_attr *a = &ip->a;
	struct timespec ts[4];

	for (int i = 0; i < 4; i++)
		ts[i] = (struct timespec){ a->time[i].sec, a->time[i].nsec };
	memset(st, 0, sizeof *st);
	st->st_ino = ip->ino | cfs_view_of(ip->fs) << 40;
	st->st_mode = a->mode;
	st->st_nlink = a->nlink;
	st->st_uid = a->uid;
	st->st_gid = a->gid;
	st->st_rdev = a->rdev;
	st->st_size = (off_t)(S_ISDIR(a->mode) ? a->size * 32 : a->size);
	st->st_blksize = CFS_PAGE;
	st->st_blocks = (blkcnt_t)(a->blocks * (CFS_PAGE / 512));
	st->st_atim = ts[CFS_ATIME];
	st->st_mtim = ts[CFS_MTIME];
	st->st_ctim = ts[CFS_CTIME];
}

/* The answer to all that finds or makes a name; takes the reference. */
static void entry(fuse_req_t r, int err, struct cfs_inode *ip)
{
	struct fuse_entry_param e = { .attr_timeout = KEEP, .entry_timeout = KEEP };

	if (err) {
		answer(r, err);
		return;
	}
	e.ino = ip == mounted_root ? FUSE_ROOT_ID : (fuse_ino_t)ip;
	e.generation = ip->a.gen;
	fill_stat(ip, &e.attr);
	if (fuse_reply_entry(r, &e))
		cfs_iput(ip);
}

static void op_lookup(fuse_req_t r, fuse_ino_t dir, const char *name)
{
	struct cfs_inode *ip = NULL;
	size_t n = strlen(name);
	int err = n > CFS_NAMELEN ? -ENAMETOOLONG : cfs_lookup(inode_of(dir), name, n, &ip);

	entry(r, err, ip);
}

static void op_forget(fuse_req_t r, fuse_ino_t n, uint64_t times)
{
	while (n != FUSE_ROOT_ID && times--)
		cfs_iput(inode_of(n));
	fuse_reply_none(r);
}

static void op_getattr(fuse_req_t r, fuse_ino_t n, struct fuse_file_info *fi)
{
	struct stat st;

	(void)fi;
	fill_stat(inode_of(n), &st);
	fuse_reply_attr(r, &st, KEEP);
}

static struct cfs_time time_of(int now, struct timespec ts)
{
	struct cfs_time t = { ts.tv_sec, (uint32_t)ts.tv_nsec };

	if (now)
		tool_now(&t);
	return t;
}

static void op_setattr(fuse_req_t r, fuse_ino_t n, struct stat *st, int to_set, struct fuse_file_info *fi)
{
	struct cfs_inode *ip = inode_of(n);
	struct cfs_attr a = { .mode = st->st_mode, .uid = st->st_uid, .gid = st->st_gid };
	uint32_t mask = (to_set & FUSE_SET_ATTR_MODE ? CFS_SET_MODE : 0) | (to_set & FUSE_SET_ATTR_UID ? CFS_SET_UID : 0) |
			(to_set & FUSE_SET_ATTR_GID ? CFS_SET_GID : 0) | (to_set & FUSE_SET_ATTR_ATIME ? CFS_SET_ATIME : 0) |
			(to_set & FUSE_SET_ATTR_MTIME ? CFS_SET_MTIME : 0);
	int err = 0;

	a.time[CFS_ATIME] = time_of(to_set & FUSE_SET_ATTR_ATIME_NOW, st->st_atim);
	a.time[CFS_MTIME] = time_of(to_set & FUSE_SET_ATTR_MTIME_NOW, st->st_mtim);
	if (to_set & FUSE_SET_ATTR_SIZE)
		err = cfs_truncate(ip, (uint64_t)st->st_size);
	if (!err && mask)
		err = cfs_setattr(ip, mask, &a);
	if (err)
		answer(r, err);
	else
		op_getattr(r, n, fi);
}

static void op_readlink(fuse_req_t r, fuse_ino_t n)
{
	char buf[4096];
	int len = cfs_readlink(inode_of(n), buf, sizeof buf - 1);

	if (len < 0) {
		answer(r, len);
		return;
	}
	buf[len] = 0;
	fuse_reply_readlink(r, buf);
}

static struct cfs_new owned(fuse_req_t r, uint32_t mode, dev_t rdev)
{
	const struct fuse_ctx *c = fuse_req_ctx(r);

	return (struct cfs_new){ .mode = mode, .uid = c->uid, .gid = c->gid, .rdev = rdev };
}

static void op_mknod(fuse_req_t r, fuse_ino_t dir, const char *name, mode_t mode, dev_t rdev)
{
	struct cfs_new what = owned(r, mode, rdev);
	struct cfs_inode *ip = NULL;
	int err = cfs_create(inode_of(dir), name, strlen(name), &what, &ip);

	entry(r, err, ip);
}

static void op_mkdir(fuse_req_t r, fuse_ino_t dir, const char *name, mode_t mode)
{
	op_mknod(r, dir, name, S_IFDIR | (mode & 07777), 0);
}

static void op_symlink(fuse_req_t r, const char *target, fuse_ino_t dir, const char *name)
{
	struct cfs_new what = owned(r, S_IFLNK | 0777, 0);
	struct cfs_inode *ip = NULL;
	int err = cfs_symlink(inode_of(dir), name, strlen(name), &what, target, strlen(target), &ip);

	entry(r, err, ip);
}

static void op_link(fuse_req_t r, fuse_ino_t n, fuse_ino_t dir, const char *name)
{
	struct cfs_inode *ip = cfs_iref(inode_of(n));
	int err = cfs_link(inode_of(dir), name, strlen(name), ip);

	if (err)
		cfs_iput(ip);
	entry(r, err, ip);
}

static void op_unlink(fuse_req_t r, fuse_ino_t dir, const char *name)
{
	answer(r, cfs_unlink(inode_of(dir), name, strlen(name)));
}

static void op_rmdir(fuse_req_t r, fuse_ino_t dir, const char *name)
{
	answer(r, cfs_rmdir(inode_of(dir), name, strlen(name)));
}

static void op_rename(fuse_req_t r, fuse_ino_t from, const char *name, fuse_ino_t to, const char *newname, unsigned flags)
{
	answer(r, flags & ~(CFS_RENAME_NOREPLACE | CFS_RENAME_EXCHANGE) ? -EINVAL :
	       cfs_rename(inode_of(from), name, strlen(name), inode_of(to), newname, strlen(newname), flags));
}

struct listing {
	fuse_req_t r;
	char *buf;
	size_t n, size;
};

static int add(void *arg, const struct cfs_dent *d)
{
	struct listing *l = arg;
	struct stat st = { .st_ino = d->ino, .st_mode = (mode_t)d->type << 12 };
	char name[CFS_NAMELEN + 1];
	size_t len;

	memcpy(name, d->name, d->namelen);
	name[d->namelen] = 0;
	len = fuse_add_direntry(l->r, l->buf + l->n, l->size - l->n, name, &st, (off_t)d->next);
	if (len > l->size - l->n)
		return 1;
	l->n += len;
	return 0;
}

static void op_readdir(fuse_req_t r, fuse_ino_t n, size_t size, off_t off, struct fuse_file_info *fi)
{
	struct listing l = { .r = r, .buf = malloc(size), .size = size };
	int err = l.buf ? cfs_readdir(inode_of(n), (uint64_t)off, add, &l) : -ENOMEM;

	(void)fi;
	if (err)
		answer(r, err);
	else
		fuse_reply_buf(r, l.buf, l.n);
	free(l.buf);
}

static void op_statfs(fuse_req_t r, fuse_ino_t n)
{
	struct cfs_statfs cs;
	struct statvfs st = { .f_bsize = CFS_PAGE, .f_frsize = CFS_PAGE, .f_namemax = CFS_NAMELEN };

	(void)n;
	cfs_statfs(mounted, &cs);
	st.f_blocks = st.f_files = cs.blocks;
	st.f_bfree = cs.free;
	st.f_bavail = st.f_ffree = st.f_favail = cs.avail;
	fuse_reply_statfs(r, &st);
}

void names_ops(struct fuse_lowlevel_ops *ops)
{
	ops->lookup = op_lookup;
	ops->forget = op_forget;
	ops->getattr = op_getattr;
	ops->setattr = op_setattr;
	ops->readlink = op_readlink;
	ops->mknod = op_mknod;
	ops->mkdir = op_mkdir;
	ops->symlink = op_symlink;
	ops->link = op_link;
	ops->unlink = op_unlink;
	ops->rmdir = op_rmdir;
	ops->rename = op_rename;
	ops->readdir = op_readdir;
	ops->statfs = op_statfs;
}
