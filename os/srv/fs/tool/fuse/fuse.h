/* SPDX-License-Identifier: MIT */
/*
 * calxfs mount: what its files share. One thread. The kernel's name of a file is the address of its inode in memory;
 * each time it is told one, a reference goes with it, which it gives back by "forget".
 */
#ifndef CALXFS_FUSE_H
#define CALXFS_FUSE_H

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>

#include "../tool.h"

extern struct cfs *mounted;
extern struct cfs_inode *mounted_root;

static inline struct cfs_inode *inode_of(fuse_ino_t n)
{
	return n == FUSE_ROOT_ID ? mounted_root : (struct cfs_inode *)n;
}

void fill_stat(const struct cfs_inode *ip, struct stat *st);
static inline void answer(fuse_req_t r, int err)		/* 0 or -errno */
{
	fuse_reply_err(r, -err);
}

/* names.c, data.c: fill in their operations. */
void names_ops(struct fuse_lowlevel_ops *ops);
void data_ops(struct fuse_lowlevel_ops *ops);

#endif
