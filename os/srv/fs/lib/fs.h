/* SPDX-License-Identifier: MIT */
/* Inside calxfs: the state of a mounted file system and the calls between the library's files. */
#ifndef CALXFS_FS_H
#define CALXFS_FS_H

#include <errno.h>
#include <string.h>

#include "calxfs.h"
#include "format.h"

/*
 * A tree node in memory; buf is its on-disk form. A dirty node was written in this transaction
 * (head gen == fs->gen) and has its final address, but its checksum in the parent is only set at commit.
 * Nodes are freed by node_trim alone, between operations: a pointer is good until the operation ends.
 */
struct node {
	uint64_t blk;
	bool dirty;
	struct node *hnext;
	struct node *prev, *next;	/* most recently used first */
	union {
		uint8_t buf[CFS_BLOCK];
		struct cfs_nodehead head;
	};
};

struct path {
	struct node *n[CFS_HEIGHT_MAX];	/* [0] leaf */
	int i[CFS_HEIGHT_MAX];
};

/* One group of the free map. used: as the next commit will say; busy: used, or freed since the last commit. */
struct group {
	uint64_t *used, *busy;	/* NULL: not loaded */
	bool dirty, bad;
	uint32_t slot, disk_free;
	uint32_t nfree;		/* zero bits in busy */
	uint32_t maxrun;	/* no longer run is free: an upper bound */
	uint64_t csum;
};

#define NODE_HASH	4096u
#define INODE_HASH	1024u
#define INODE_KEEP	512u	/* unreferenced inodes kept in memory */

struct cfs {
	struct cfs_io io;
	uint32_t flags;
	int failed;		/* a change was cut short: -errno for all later changes; nothing is committed */
	bool changed;
	uint64_t nblocks;
	uint64_t gen;		/* of the running transaction: last durable one + 1 */
	struct cfs_ptr root;
	uint32_t height;
	uint64_t next_ino;
	uint64_t hash_seed;
	struct cfs_super sb;	/* as last read or written */

	struct group *grp;
	uint32_t ngrp, nidx;
	uint64_t nfree;		/* blocks that can be allocated now */
	uint64_t npending;	/* freed in this transaction; free after commit */
	uint64_t credit;	/* pages reserved by cfs_reserve */
	uint64_t data_goal, meta_goal;

	struct node *hash[NODE_HASH];
	struct node *mru, *lru;
	uint32_t nnodes, ndirty, cache_limit;

	struct cfs_inode *ihash[INODE_HASH];
	struct cfs_inode *iold, *inew;	/* unreferenced inodes, oldest first */
	uint32_t nunref;
};

/* node.c */
int node_get(struct cfs *fs, const struct cfs_ptr *ptr, int level, struct node **out);
int node_new(struct cfs *fs, int level, struct node **out);
int node_cow(struct cfs *fs, struct node *n);	/* gives it a new address; the caller updates the parent */
int node_drop(struct cfs *fs, struct node *n);	/* frees its block and forgets it (n is invalid after) */
void node_trim(struct cfs *fs, uint32_t limit);
int node_valid(const struct cfs *fs, const uint8_t *buf, const char **why);
void node_free_all(struct cfs *fs);

static inline struct cfs_branch *node_branch(struct node *n)
{
	return (struct cfs_branch *)(n->buf + sizeof(struct cfs_nodehead));
}

static inline struct cfs_slot *node_slot(struct node *n)
{
	return (struct cfs_slot *)(n->buf + sizeof(struct cfs_nodehead));
}

/* tree.c: values point into the cache and are good until the next change of the tree. */
static inline struct cfs_key mkkey(uint64_t ino, enum cfs_type t, uint64_t off)
{
	return (struct cfs_key){ ino, (uint64_t)t << CFS_TYPE_SHIFT | (off & CFS_OFF_MASK) };
}

static inline enum cfs_type key_type(struct cfs_key k)
{
	return (enum cfs_type)(k.toff >> CFS_TYPE_SHIFT);
}

static inline uint64_t key_off(struct cfs_key k)
{
	return k.toff & CFS_OFF_MASK;
}

static inline int key_cmp(struct cfs_key a, struct cfs_key b)
{
	if (a.ino != b.ino)
		return a.ino < b.ino ? -1 : 1;
	return a.toff < b.toff ? -1 : a.toff > b.toff;
}

struct item {
	struct cfs_key key;
	void *val;
	uint32_t len;
};

int tree_find(struct cfs *fs, struct cfs_key key, struct path *p);	/* 1 found, 0 p is where it would go */
int tree_get(struct cfs *fs, struct cfs_key key, struct item *it);	/* -ENOENT */
int tree_insert(struct cfs *fs, struct cfs_key key, const void *val, uint32_t len);	/* -EEXIST */
int tree_update(struct cfs *fs, struct cfs_key key, const void *val, uint32_t len);	/* same length */
int tree_delete(struct cfs *fs, struct cfs_key key);
int iter_seek(struct cfs *fs, struct cfs_key key, struct path *p);	/* to the first item >= key */
int iter_next(struct cfs *fs, struct path *p);
int iter_prev(struct cfs *fs, struct path *p);	/* -ENOENT: there is none */
bool iter_item(struct path *p, struct item *it);	/* false: at the end */

/* alloc.c */
int alloc_load(struct cfs *fs);		/* index blocks, at mount */
void alloc_free_all(struct cfs *fs);
int alloc_run(struct cfs *fs, uint64_t goal, uint32_t want, uint64_t *blk, uint32_t *got);
int alloc_meta(struct cfs *fs, uint64_t *blk);
int alloc_release(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen);
int alloc_write(struct cfs *fs, struct cfs_super *sb);	/* dirty bitmaps and indexes, at commit */
void alloc_committed(struct cfs *fs);
bool alloc_fixed(uint64_t nblocks, uint64_t blk);	/* superblocks, indexes, bitmaps, boot block */
uint64_t alloc_data_start(uint64_t nblocks);
uint64_t bitmap_block(uint32_t nidx, uint64_t g, uint32_t slot);
uint32_t fs_ngroups(uint64_t nblocks);

/* txn.c */
#define TXN_FREEING	1u	/* may use the emergency reserve: frees space in the end */
#define TXN_CREDIT	2u	/* `data` pages were reserved */
int txn_begin(struct cfs *fs, uint32_t muts, uint32_t data, uint32_t flags);	/* muts: tree changes */
int txn_fail(struct cfs *fs, int err);	/* a change was cut short: read-only from now on */
int txn_commit(struct cfs *fs);
uint64_t txn_avail(const struct cfs *fs);	/* blocks that new data may take, pending ones included */

/* super.c */
int super_read(const struct cfs_io *io, struct cfs_super *sb, int *bad_copies);
bool super_valid(const struct cfs_super *sb, const struct cfs_io *io);
int super_write(struct cfs *fs, struct cfs_super *sb);

/* inode.c */
int inode_save(struct cfs_inode *ip);			/* attributes to the tree, within a transaction */
int inode_insert(struct cfs *fs, uint64_t ino, const struct cfs_attr *a);
void inode_load(struct cfs_attr *a, const struct cfs_dinode *d);
int inode_orphan_add(struct cfs_inode *ip);
int inode_orphan_del(struct cfs *fs, uint64_t ino);
int inode_drop_link(struct cfs_inode *ip);		/* one name is gone, within a transaction */
void inode_free_all(struct cfs *fs);
struct cfs_inode *inode_cached(struct cfs *fs, uint64_t ino);

/* file.c */
int file_trim(struct cfs_inode *ip, uint64_t first, bool *more);	/* one step of freeing pages >= first */

void fs_log(struct cfs *fs, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
