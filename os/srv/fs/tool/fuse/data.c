/* SPDX-License-Identifier: MIT */
/* calxfs mount: contents of files, extended attributes, syncing. Bytes here, whole pages in the library. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuse.h"

/* Memory for the pages that [off, off + n) touches, with what they hold; free() it. */
static int get_pages(struct cfs_inode *ip, uint64_t off, size_t n, char **out, uint64_t *first, uint32_t *count)
{
	int err;

	*first = off / CFS_PAGE;
	*count = (uint32_t)((off + n + CFS_PAGE - 1) / CFS_PAGE - *first);
	*out = malloc((size_t)*count * CFS_PAGE);
	if (!*out)
		return -ENOMEM;
	err = cfs_read(ip, *first, *count, *out);
	if (err)
		free(*out);
	return err;
}

static void op_open(fuse_req_t r, fuse_ino_t n, struct fuse_file_info *fi)
{
	if ((fi->flags & O_ACCMODE) != O_RDONLY && cfs_readonly(inode_of(n)->fs))
		answer(r, -EROFS);
	else
		fuse_reply_open(r, fi);
}

static void op_read(fuse_req_t r, fuse_ino_t n, size_t size, off_t off, struct fuse_file_info *fi)
{
	struct cfs_inode *ip = inode_of(n);
	uint64_t at = (uint64_t)off, first;
	uint32_t count;
	char *buf;
	int err;

	(void)fi;
	if (at >= ip->a.size) {
		fuse_reply_buf(r, NULL, 0);
		return;
	}
	if (size > ip->a.size - at)
		size = ip->a.size - at;
	err = get_pages(ip, at, size, &buf, &first, &count);
	if (err) {
		answer(r, err);
		return;
	}
	fuse_reply_buf(r, buf + at % CFS_PAGE, size);
	free(buf);
}

static int put(struct cfs_inode *ip, const char *data, size_t size, uint64_t at)
{
	uint64_t first, end = at + size;
	struct cfs_attr a;
	uint32_t count;
	char *buf;
	int err = get_pages(ip, at, size, &buf, &first, &count);

	if (err)
		return err;
	memcpy(buf + at % CFS_PAGE, data, size);
	err = cfs_write(ip, first, count, buf, end > ip->a.size ? end : 0, 0);
	free(buf);
	tool_now(&a.time[CFS_MTIME]);
	return err ? err : cfs_setattr(ip, CFS_SET_MTIME, &a);
}

static void op_write(fuse_req_t r, fuse_ino_t n, const char *data, size_t size, off_t off, struct fuse_file_info *fi)
{
	int err = size ? put(inode_of(n), data, size, (uint64_t)off) : 0;

	(void)fi;
	if (err)
		answer(r, err);
	else
		fuse_reply_write(r, size);
}

static void op_fsync(fuse_req_t r, fuse_ino_t n, int data_only, struct fuse_file_info *fi)
{
	(void)n, (void)data_only, (void)fi;
	answer(r, cfs_sync(mounted));
}

static void op_lseek(fuse_req_t r, fuse_ino_t n, off_t off, int whence, struct fuse_file_info *fi)
{
	struct cfs_inode *ip = inode_of(n);
	uint64_t page, at = (uint64_t)off, size = ip->a.size;
	int err = at >= size ? -ENXIO : whence != SEEK_DATA && whence != SEEK_HOLE ? -EINVAL :
		  cfs_seek(ip, at / CFS_PAGE, whence == SEEK_HOLE, &page);

	(void)fi;
	if (err) {
		answer(r, err);
		return;
	}
	at = page * CFS_PAGE > at ? page * CFS_PAGE : at;
	fuse_reply_lseek(r, (off_t)(at < size ? at : size));
}

/* A name, or what there is: with size 0 only its length. */
static void give(fuse_req_t r, int n, const void *buf, size_t size)
{
	if (n < 0)
		answer(r, n);
	else if (!size)
		fuse_reply_xattr(r, (size_t)n);
	else if ((size_t)n > size)
		answer(r, -ERANGE);
	else
		fuse_reply_buf(r, buf, (size_t)n);
}

static void op_getxattr(fuse_req_t r, fuse_ino_t n, const char *name, size_t size)
{
	static char buf[65536];

	give(r, cfs_getxattr(inode_of(n), name, strlen(name), buf, sizeof buf), buf, size);
}

struct names {
	char buf[65536];
	size_t n;
};

static int add(void *arg, const char *name, size_t n)
{
	struct names *l = arg;

	if (l->n + n + 1 > sizeof l->buf)
		return 1;
	memcpy(l->buf + l->n, name, n);
	l->buf[l->n + n] = 0;
	l->n += n + 1;
	return 0;
}

static void op_listxattr(fuse_req_t r, fuse_ino_t n, size_t size)
{
	static struct names l;
	int err;

	l.n = 0;
	err = cfs_listxattr(inode_of(n), add, &l);
	give(r, err ? err : (int)l.n, l.buf, size);
}

static void op_setxattr(fuse_req_t r, fuse_ino_t n, const char *name, const char *val, size_t size, int flags)
{
	answer(r, cfs_setxattr(inode_of(n), name, strlen(name), val, size, (uint32_t)flags));
}

static void op_removexattr(fuse_req_t r, fuse_ino_t n, const char *name)
{
	answer(r, cfs_removexattr(inode_of(n), name, strlen(name)));
}

void data_ops(struct fuse_lowlevel_ops *ops)
{
	ops->open = op_open;
	ops->read = op_read;
	ops->write = op_write;
	ops->fsync = op_fsync;
	ops->fsyncdir = op_fsync;
	ops->lseek = op_lseek;
	ops->getxattr = op_getxattr;
	ops->listxattr = op_listxattr;
	ops->setxattr = op_setxattr;
	ops->removexattr = op_removexattr;
}
