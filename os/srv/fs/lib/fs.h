/* SPDX-License-Identifier: MIT */
/* Inside calxfs: the state of a mounted file system and the calls between the library's files. */
#ifndef CALXFS_FS_H
#define CALXFS_FS_H

#include <errno.h>
#include <string.h>

#include "calxfs.h"
#include "format.h"

/*
 * A tree node in memory; buf is its on-disk form, in clear. A dirty node was written in this transaction
 * (head gen == fs->gen) and has its final address, but its checksum in the parent is only set at commit.
 * One that a commit on its way writes is kept: the disk does not have it yet.
 * Nodes are freed by node_trim alone, between operations: a pointer is good until the operation ends.
 */
struct node {
	uint64_t blk, twin;		/* twin 0: there is no second copy */
	bool dirty, writing;
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
	uint64_t *sealed;	/* what the commit on its way writes, or NULL */
	bool dirty, bad;
	uint32_t slot, disk_free;
	uint32_t nfree;		/* zero bits in busy */
	uint32_t maxrun;	/* no longer run is free: an upper bound */
	uint64_t csum;
};

/* A root of the tree. */
struct tree {
	struct cfs_ptr root;
	uint32_t height;
};

#define NODE_HASH	4096u
#define INODE_HASH	1024u
#define INODE_KEEP	512u	/* unreferenced inodes kept in memory */

/* The name looked up last and its place (struct entry): who walks to a name and then changes it asks twice. */
struct found {
	uint64_t dir;		/* 0: none. Every change of the tree that may move names makes it so */
	struct cfs_key key;
	uint64_t ino;
	uint8_t type, n;
	char name[CFS_NAME_MAX];
};

struct cfs {
	struct cfs_io io;
	const struct cfs_crypt *crypt;	/* NULL: not encrypted */
	uint8_t nonce[16];	/* encrypted: of the running transaction */
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
	uint64_t data_goal, meta_goal, twin_goal;
	uint32_t copies;	/* of each node: 1 or 2 */
	uint64_t nrefs;		/* items of type CFS_T_REF */
	struct cfs_commit *commit;	/* on its way to the disk, or NULL */

	/* Snapshots: ascending by gen. Views of them are file systems of their own, with base != NULL. */
	struct snap *snap;
	uint32_t nsnaps;
	uint64_t snap_gen;	/* what was written up to here is the parent snapshot's too */
	bool snaps_changed;
	struct cfs_ptr *list;	/* blocks of the list on the disk */
	uint32_t nlist;
	struct cfs *base;
	uint64_t view_of;	/* view: gen of its snapshot */
	uint32_t nactive;	/* view: references to inodes, and misses on their way */

	struct found found;
	bool nowait;		/* a node that is not here: -CFS_WAIT */
	struct cfs_miss miss;	/* which one */

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
int node_drop(struct cfs *fs, struct node *n);	/* frees its blocks and forgets it (n is invalid after) */
struct cfs_ptr node_ptr(const struct node *n);	/* without a checksum */
int node_read(const struct cfs *fs, const struct cfs_ptr *ptr, int level, void *buf, int copy);	/* 0: the first */
void node_written(struct cfs *fs);	/* the commit is on the disk */
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

/* Bytes of an extent item: its checksums (or a nonce and tags) follow the struct. */
static inline uint32_t ext_head(const struct cfs *fs)
{
	return (uint32_t)sizeof(struct cfs_extent) + (fs->crypt ? 16 : 0);
}

/* The extent in slot i of a leaf: its item in the node, and *e; NULL: another item. */
static inline const uint8_t *leaf_extent(struct node *n, int i, struct cfs_extent *e)
{
	const struct cfs_slot *s = &node_slot(n)[i];

	if (key_type(s->key) != CFS_T_EXTENT)
		return NULL;
	memcpy(e, n->buf + s->off, sizeof *e);
	return n->buf + s->off;
}

static inline uint32_t sum_size(const struct cfs *fs)
{
	return fs->crypt ? 16 : 8;
}

static inline uint32_t ext_size(const struct cfs *fs, const struct cfs_extent *e)
{
	return e->flags & CFS_EXT_UNWRITTEN ? (uint32_t)sizeof *e : ext_head(fs) + e->count * sum_size(fs);
}

static inline uint32_t ext_most(const struct cfs *fs)
{
	return fs->crypt ? CFS_EXT_TAGS : CFS_EXT_MAX;
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
bool bit_get(const uint64_t *map, uint64_t i);
int alloc_load(struct cfs *fs);		/* index blocks, at mount */
void alloc_free_all(struct cfs *fs);
int alloc_run(struct cfs *fs, uint64_t goal, uint32_t want, uint64_t *blk, uint32_t *got);
int alloc_meta(struct cfs *fs, uint64_t *blk, uint64_t *twin);	/* twin 0: this file system has none */
/* Frees blocks taken in transaction gen, unless a snapshot has them too. */
int alloc_release(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen);
int alloc_free(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen);	/* whatever snapshots have */
uint32_t alloc_dirty(const struct cfs *fs);		/* blocks that alloc_seal will add, at most */
int alloc_seal(struct cfs *fs, struct cfs_commit *c);	/* dirty bitmaps and indexes into the commit */
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
int txn_commit(struct cfs *fs);				/* waits; one on its way first */
uint64_t txn_avail(const struct cfs *fs);	/* blocks that new data may take, pending ones included */

/* commit.c */
struct cfs_commit {
	struct cfs *fs;
	struct cfs_super sb;
	uint32_t count, max, limit;	/* blocks; room for them; of those for nodes */
	uint64_t *blk;
	uint8_t *buf;		/* their contents, in this order */
	uint64_t npending;	/* freed blocks that become free with it */
	int err;
};
uint8_t *commit_add(struct cfs_commit *c, uint64_t blk);	/* room for the block's contents, or NULL */

/* snap.c */
struct snap {
	struct cfs_snap d;
	struct cfs *view;	/* NULL: not looked into */
};
int snaps_load(struct cfs *fs);
struct snap *snap_find(struct cfs *fs, const char *name, size_t n);
int snap_view(struct cfs *fs, struct snap *s, struct cfs **out);	/* a file system of its own, read-only */
int snaps_seal(struct cfs *fs, struct cfs_commit *c);	/* a changed list into the commit */
void snaps_free_all(struct cfs *fs);
int snaps_rollback(struct cfs *fs);			/* at mount: what the superblock asks for */

/* crypt.c: blocks of nodes between memory and disk. */
uint64_t node_seal(struct cfs *fs, const void *clear, void *out);	/* -> checksum */
int node_open(const struct cfs *fs, void *buf);

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

/* A walk over a tree that goes only where blocks are newer than `floor`; fn gets nodes and extents. */
struct prune {
	uint64_t floor;
	/* A node (e NULL) or data. Nodes: false leaves out what is below. */
	bool (*see)(void *arg, const struct cfs_ptr *ptr, const struct cfs_extent *e);
	void *arg;
};
int tree_walk(struct cfs *fs, struct tree t, const struct prune *w);

/* xattr.c */
int xattr_trim(struct cfs_inode *ip, int budget, bool *more);	/* one step of freeing all, within a transaction */

/* refs.c: data blocks with more than one user. */
int refs_release(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen);	/* one user less */
int refs_share(struct cfs *fs, uint64_t blk, uint32_t n);		/* one more */

/* extent.c: the map of a file. */
struct ext {
	uint64_t page;
	struct cfs_extent e;
	uint8_t tail[16 + CFS_EXT_MAX * 8];	/* as on the disk */
};
int ext_seek(struct cfs_inode *ip, uint64_t page, struct path *p, struct item *it);
int ext_next(struct cfs_inode *ip, struct path *p, struct item *it);
uint64_t ext_end(const struct item *it);
void ext_load(struct ext *x, const struct item *it);
int ext_insert(struct cfs_inode *ip, const struct ext *x);
int ext_part(struct cfs_inode *ip, const struct ext *x, uint32_t from, uint32_t to, struct ext *part);
int ext_add(struct cfs_inode *ip, const struct ext *x);		/* joins it to the one before if it can */
int ext_cut(struct cfs_inode *ip, const struct item *it, uint64_t first, uint64_t end, bool keep_blocks);
int ext_unmap(struct cfs_inode *ip, uint64_t first, uint64_t end, int budget, bool *more);
uint32_t ext_muts(const struct cfs *fs);	/* changes of the tree for one cut */
#define EXT_MUTS_MOST	10u

/* crypt.c */
int data_seal(struct cfs *fs, struct ext *x, const uint8_t *in, uint8_t *out);	/* fills in the checksums */
int data_open(const struct cfs *fs, const uint8_t *nonce, uint64_t blk, const uint8_t *sum, uint8_t *page);

/* file.c */
int file_write(struct cfs_inode *ip, uint64_t page, uint32_t npages, const uint8_t *buf, uint64_t eof, uint32_t txn);
int file_trim(struct cfs_inode *ip, uint64_t first, bool *more);	/* one step of freeing pages >= first */

void fs_log(struct cfs *fs, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
