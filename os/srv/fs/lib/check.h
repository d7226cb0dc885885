/* SPDX-License-Identifier: MIT */
/* The checker's state: check.c walks the tree, check_refs.c compares what it collected. */
#ifndef CALXFS_CHECK_H
#define CALXFS_CHECK_H

#include "fs.h"

struct cino {
	uint64_t ino, parent;
	uint64_t size;
	uint32_t mode, nlink;
	uint32_t names;		/* entries found that name it */
	uint32_t subdirs;
	bool orphan;
	uint8_t state;		/* reachability: 0 unknown, 1 being followed, 2 reaches the root */
};

struct cref {
	uint64_t ino, dir;
	uint8_t type;
};

/* Blocks that several extents share. */
struct cshare {
	uint64_t blk, seen;	/* seen: users met, over all its blocks */
	struct cfs_ref r;
};

struct check {
	struct cfs *fs;
	const struct cfs_check_opt *opt;
	struct cfs_check_stat *st;
	uint64_t *map;		/* blocks met, one bit each */
	uint8_t *buf;		/* CFS_EXT_MAX blocks */
	struct cino *inode;	/* ascending */
	size_t ninode, maxinode;
	struct cref *ref;
	size_t nref, maxref;
	struct cshare *share;	/* ascending */
	size_t nshare, maxshare;
	uint64_t *orphan;	/* ascending */
	size_t norphan, maxorphan;

	/* The inode whose items are passing by. */
	uint64_t cur;
	struct cfs_dinode d;
	uint64_t blocks, entries, bytes, end_page;
	uint64_t attr_left;	/* bytes of an attribute's value still to come */
	int err;		/* out of memory or such: the check itself failed */
};

void check_fault(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void check_note(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void *check_grow(struct check *c, void *array, size_t n, size_t *max, size_t size);
/* check_data.c */
void check_mark(struct check *c, uint64_t blk, uint32_t n, const char *what);
void check_node(struct check *c, const struct cfs_ptr *ptr, int level);	/* both copies, one at a time */
void check_extent(struct check *c, struct cfs_key key, const void *val);
void check_share(struct check *c, struct cfs_key key, const void *val);
void check_shares(struct check *c);
void check_snapshots(struct check *c);
/* repair.c: true or 0 when it is sound again. */
bool repair_copy(struct check *c, const struct cfs *fs, const struct cfs_ptr *ptr, int bad);
bool repair_super(struct check *c, uint64_t blk);
int repair_map(struct check *c);
void check_refs(struct check *c);
void check_map(struct check *c);

#define U(x) ((unsigned long long)(x))

#endif
