/* SPDX-License-Identifier: MIT */
/* Directory entries: shared by dir.c and rename.c. */
#ifndef CALXFS_DIR_H
#define CALXFS_DIR_H

#include "fs.h"

/* A name's place in the tree. ino 0: the name does not exist and would go to key. */
struct entry {
	struct cfs_key key;
	uint64_t ino;
	uint8_t type;
};

bool is_dir(const struct cfs_inode *ip);
int dir_find(struct cfs_inode *dir, const char *name, size_t n, struct entry *e);
int dir_lookup(struct cfs_inode *dir, const char *name, size_t n, struct entry *e);	/* with all checks */
int dir_add(struct cfs_inode *dir, const struct entry *e, const char *name, size_t n, uint64_t ino,
	    uint32_t mode);
int dir_replace(struct cfs_inode *dir, const struct entry *e, const char *name, size_t n, uint64_t ino,
		uint32_t mode);
int dir_changed(struct cfs_inode *dir, int entries, int links);
int dir_empty(struct cfs_inode *dir);	/* 0 or -ENOTEMPTY */

#endif
