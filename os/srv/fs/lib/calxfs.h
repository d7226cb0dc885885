/* SPDX-License-Identifier: MIT */
/*
 * calxfs as a library: a file system on a block device that the caller describes.
 *
 * Single threaded: one call at a time for one struct cfs. Every function that can fail returns 0 (or a
 * count) or a negative errno. Changes are durable after cfs_sync; a crash leaves the state of
 * some moment at or after the last cfs_sync, always between two calls, never within one
 * (cfs_write of more than CFS_EXT_MAX pages and cfs_truncate count as several).
 */
#ifndef CALXFS_H
#define CALXFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CFS_PAGE	4096u
#define CFS_NAMELEN	255u

struct cfs;
struct cfs_inode;

struct cfs_time {
	int64_t sec;
	uint32_t nsec;
};

/* What the library needs from outside. Blocks are 4096 bytes; functions return 0 or -errno. */
struct cfs_io {
	void *ctx;
	uint64_t nblocks;
	int (*read)(void *ctx, uint64_t blk, uint32_t n, void *buf);
	int (*write)(void *ctx, uint64_t blk, uint32_t n, const void *buf);
	int (*flush)(void *ctx);		/* everything written before is durable when it returns */
	/* Waits for the commit on its way and calls cfs_commit_end. NULL: cfs_commit_start is not used. */
	void (*settle)(void *ctx);
	void *(*alloc)(void *ctx, size_t n);	/* as malloc */
	void (*free)(void *ctx, void *p);
	void (*now)(void *ctx, struct cfs_time *t);
	void (*log)(void *ctx, const char *line);	/* damage and other news; may be NULL */
	void (*changed)(struct cfs_inode *ip);	/* attributes of one that is shown; clears that */
};

/*
 * Encryption with a known key; sodium.c makes one. seal and open work in place on n bytes, with a nonce of 24
 * bytes and a tag of 16 that also proves the ad bytes; open: 0 or -EIO. Called from any thread.
 */
struct cfs_crypt {
	void (*seal)(const struct cfs_crypt *c, void *buf, size_t n, const void *ad, size_t adlen,
		     const uint8_t *nonce, uint8_t *tag);
	int (*open)(const struct cfs_crypt *c, void *buf, size_t n, const void *ad, size_t adlen,
		    const uint8_t *nonce, const uint8_t *tag);
	void (*random)(void *buf, size_t n);
	uint8_t key[32];
	uint8_t info[128];	/* struct cfs_cryptinfo: the wrapped key, for the superblock */
};

struct cfs_mkfs_opt {
	uint8_t uuid[16];
	const char *label;
	uint32_t mode;		/* of the root directory; 0: 0755 */
	bool single;		/* metadata are not kept twice */
	const struct cfs_crypt *crypt;
};

#define CFS_RDONLY	1u	/* never writes, does not even clean orphans */
#define CFS_NOVERIFY	2u	/* ignores wrong checksums of metadata (fuzzing, rescue) */
#define CFS_ORPHANS	4u	/* files without a name stay until cfs_clean: somebody may still have them open */

struct cfs_mount_opt {
	uint32_t flags;
	uint32_t cache_nodes;	/* limit of the metadata cache in blocks; 0: 1024 */
	const struct cfs_crypt *crypt;	/* outlives the mount; an encrypted one without it: -ENOKEY */
};

enum { CFS_ATIME, CFS_MTIME, CFS_CTIME, CFS_BTIME };

struct cfs_attr {
	uint32_t mode, nlink, uid, gid;
	uint64_t size, blocks, rdev, parent;
	struct cfs_time time[4];
	uint64_t gen;
	uint64_t flags;
};

/* A file in memory. The caller may read ino and a, use priv and set shown; only the library writes the rest. */
struct cfs_inode {
	uint64_t ino;
	struct cfs_attr a;
	void *priv;
	struct cfs *fs;
	uint32_t refs;
	bool dead;			/* its items are gone; only the memory is left */
	bool nameable;			/* has no name, and may be given one */
	bool shown;			/* io.changed is to be called when attributes change */
	struct cfs_inode *hnext;
	struct cfs_inode *prev, *next;	/* list of unreferenced inodes */
};

/* Who and what for a new object. */
struct cfs_new {
	uint32_t mode;		/* with S_IFMT bits */
	uint32_t uid, gid;
	uint64_t rdev;
};

struct cfs_dent {
	uint64_t ino;
	uint64_t next;		/* cookie of the entry after this one */
	uint8_t type;		/* DT_* */
	uint8_t namelen;
	const char *name;	/* not terminated; valid until the callback returns */
};

struct cfs_statfs {
	uint64_t blocks, free, avail;	/* free: not in use; avail: what new data may take */
	uint64_t gen;
	uint64_t snapshots;
	bool encrypted, doubled;
	uint8_t uuid[16];
	char label[33];
};

/* The whole file system. */
int cfs_mkfs(const struct cfs_io *io, const struct cfs_mkfs_opt *opt);
int cfs_mount(const struct cfs_io *io, const struct cfs_mount_opt *opt, struct cfs **out);
int cfs_unmount(struct cfs *fs);	/* syncs, then frees everything, also on error */
void cfs_abandon(struct cfs *fs);	/* frees everything, writes nothing */
int cfs_sync(struct cfs *fs);		/* group commit: all that was done before is durable */
bool cfs_dirty(const struct cfs *fs);	/* would cfs_sync write? */
void cfs_statfs(struct cfs *fs, struct cfs_statfs *st);
bool cfs_readonly(const struct cfs *fs);
/* The first run of blocks >= *blk that are free now: its length, or 0; their contents will never be read. */
uint64_t cfs_free_run(const struct cfs *fs, uint64_t *blk);
/* What an encrypted file system needs for making its key: 128 bytes. 0, -ENODATA: it is not encrypted. */
int cfs_cryptinfo(const struct cfs_io *io, uint8_t info[128]);

/*
 * The same as cfs_sync in three steps, the second of which may run in another thread while others read and
 * change. start: *c NULL when there is nothing to do, -EBUSY while another is on its way. end always
 * follows, in the library's thread, and frees c.
 */
struct cfs_commit;
int cfs_commit_start(struct cfs *fs, struct cfs_commit **c);
int cfs_commit_write(struct cfs_commit *c);
int cfs_commit_end(struct cfs_commit *c);
bool cfs_committing(const struct cfs *fs);
uint64_t cfs_generation(const struct cfs *fs, bool durable);	/* of the running transaction, or the last durable one */

/*
 * Waiting elsewhere: while nowait is on, a call that needs a node which is not in memory returns -CFS_WAIT
 * and has changed nothing. Then take what it needs, read it in any thread, say that it is done (0,
 * or an error: the call will meet it too, with nowait off), and call again.
 */
#define CFS_WAIT	1001
struct cfs_miss {
	struct cfs *fs;
	struct { uint64_t blk, twin, gen, csum; } ptr;
	int level, err;
	void *node;
};
void cfs_nowait(struct cfs *fs, bool on);
int cfs_miss_take(struct cfs *fs, struct cfs_miss *m);
void cfs_miss_read(struct cfs_miss *m);
int cfs_miss_done(struct cfs_miss *m);

/*
 * Snapshots. They are also found as directories in ".snapshots" of the root, which no listing of the root
 * shows: making and removing one there makes and deletes a snapshot. All of this is durable at once.
 */
struct cfs_snapinfo {
	uint64_t gen, parent;
	struct cfs_time time;
	size_t namelen;
	const char *name;
};
int cfs_snapshot_create(struct cfs *fs, const char *name, size_t n);
int cfs_snapshot_delete(struct cfs *fs, const char *name, size_t n);	/* -EBUSY: in use, or two grew from it */
int cfs_snapshot_rollback(struct cfs *fs, const char *name, size_t n);	/* the next mount goes back to it */
int cfs_snapshot_list(struct cfs *fs, uint64_t after, struct cfs_snapinfo *out);	/* the next by gen; -ENOENT */
#define CFS_SNAPDIR_INO	1u
#define CFS_SNAPDIR	".snapshots"
uint64_t cfs_view_of(const struct cfs *fs);	/* generation of the snapshot it shows; 0: the present state */
int cfs_parent(struct cfs_inode *dir, struct cfs_inode **out);	/* of a directory, across views */

/* Inodes. cfs_iget and all functions with `out` give a reference that cfs_iput takes back. */
int cfs_iget(struct cfs *fs, uint64_t ino, struct cfs_inode **out);
struct cfs_inode *cfs_iref(struct cfs_inode *ip);
void cfs_iput(struct cfs_inode *ip);
int cfs_clean(struct cfs *fs);		/* frees files without a name that nobody has a reference to */
struct cfs_inode *cfs_root(struct cfs *fs);	/* a reference */

#define CFS_SET_MODE	0x01u	/* permission bits only */
#define CFS_SET_UID	0x02u
#define CFS_SET_GID	0x04u
#define CFS_SET_ATIME	0x08u
#define CFS_SET_MTIME	0x10u
#define CFS_SET_SIZE	0x20u	/* only to grow, or to correct within the last page; see cfs_truncate */
#define CFS_SET_CTIME	0x40u	/* else the change time becomes now, but for SET_ATIME alone */
#define CFS_SET_BTIME	0x80u

int cfs_setattr(struct cfs_inode *ip, uint32_t mask, const struct cfs_attr *a);
int cfs_truncate(struct cfs_inode *ip, uint64_t size);	/* frees what lies beyond, zeroes the tail */

/* Names: `n` bytes at `name`, without '/' or NUL, 1..255; "." and ".." are the caller's. */
int cfs_lookup(struct cfs_inode *dir, const char *name, size_t n, struct cfs_inode **out);
int cfs_find(struct cfs_inode *dir, const char *name, size_t n, uint64_t *ino);
int cfs_create(struct cfs_inode *dir, const char *name, size_t n, const struct cfs_new *what,
	       struct cfs_inode **out);		/* any type but symbolic links; out may be NULL */
int cfs_symlink(struct cfs_inode *dir, const char *name, size_t n, const struct cfs_new *what,
		const char *target, size_t len, struct cfs_inode **out);
/* A file without a name, gone with its last reference; cfs_link may name it once when `nameable`. */
int cfs_create_unnamed(struct cfs_inode *dir, const struct cfs_new *what, bool nameable, struct cfs_inode **out);
int cfs_link(struct cfs_inode *dir, const char *name, size_t n, struct cfs_inode *ip);
int cfs_unlink(struct cfs_inode *dir, const char *name, size_t n);
int cfs_rmdir(struct cfs_inode *dir, const char *name, size_t n);

#define CFS_RENAME_NOREPLACE	1u
#define CFS_RENAME_EXCHANGE	2u

int cfs_rename(struct cfs_inode *odir, const char *oname, size_t on,
	       struct cfs_inode *ndir, const char *nname, size_t nn, uint32_t flags);
int cfs_readlink(struct cfs_inode *ip, char *buf, size_t n);	/* -> bytes, not terminated */

/*
 * Calls fn for "." (cookie 0), ".." (cookie 1) and each entry from cookie on, until fn returns non-zero.
 * A cookie stays valid when other entries come and go. fn must not call into the library.
 */
int cfs_readdir(struct cfs_inode *dir, uint64_t cookie, int (*fn)(void *arg, const struct cfs_dent *d),
		void *arg);

/* Extended attributes: names of up to 255 bytes of any kind, values of up to 64 KiB. */
#define CFS_XATTR_CREATE	1u
#define CFS_XATTR_REPLACE	2u
int cfs_getxattr(struct cfs_inode *ip, const char *name, size_t n, void *buf, size_t size);	/* -> bytes; size 0 asks */
int cfs_setxattr(struct cfs_inode *ip, const char *name, size_t n, const void *val, size_t size, uint32_t flags);
int cfs_removexattr(struct cfs_inode *ip, const char *name, size_t n);
int cfs_listxattr(struct cfs_inode *ip, int (*fn)(void *arg, const char *name, size_t n), void *arg);

/* Data, in whole pages. Reading gives zeros for holes and -EIO where a checksum does not match. */
int cfs_read(struct cfs_inode *ip, uint64_t page, uint32_t npages, void *buf);
/*
 * Writes pages. In the same transaction the size grows to the end of what is written, but not beyond eof
 * (0: it does not change). With CFS_CREDIT it uses up reserved pages.
 */
#define CFS_CREDIT	1u
int cfs_write(struct cfs_inode *ip, uint64_t page, uint32_t npages, const void *buf, uint64_t eof,
	      uint32_t flags);
/*
 * cfs_read in two steps: what to read, and reading it, in any thread. Without a lock the second may find that
 * the blocks have other contents now: then -EIO, and cfs_read says what is true.
 */
#define CFS_PLAN	64u
struct cfs_piece {
	uint64_t blk;
	uint32_t at, n;		/* pages from plan.page on */
	uint8_t nonce[16];
};
struct cfs_plan {
	const struct cfs *fs;
	uint64_t ino, page;
	uint32_t npages, npieces;
	struct cfs_piece piece[CFS_PLAN];
	uint8_t sum[CFS_PLAN][16];
};
int cfs_map(struct cfs_inode *ip, uint64_t page, uint32_t npages, struct cfs_plan *plan);
int cfs_fetch(const struct cfs_plan *plan, void *buf);
int cfs_unmapped(struct cfs_inode *ip, uint64_t page, uint64_t npages, uint64_t *out);	/* how many have no block */
int cfs_reserve(struct cfs *fs, uint64_t npages);	/* -ENOSPC, or that many pages can be written later */
void cfs_unreserve(struct cfs *fs, uint64_t npages);
int cfs_punch(struct cfs_inode *ip, uint64_t page, uint64_t npages);	/* makes a hole */
int cfs_allocate(struct cfs_inode *ip, uint64_t page, uint64_t npages);	/* sets blocks aside for holes; they read as zeros */
/*
 * Pages [page, page + npages) of `from` appear at to_page of `to`, sharing their blocks; the size grows up to
 * eof. -EXDEV: from another file system or snapshot.
 */
int cfs_clone(struct cfs_inode *from, uint64_t page, struct cfs_inode *to, uint64_t to_page, uint64_t npages,
	      uint64_t eof);
/* The next page >= page with data (hole false) or without: for SEEK_DATA, SEEK_HOLE. -ENXIO: none. */
int cfs_seek(struct cfs_inode *ip, uint64_t page, bool hole, uint64_t *out);

/*
 * Reads everything, calls msg for each fault found; returns the number of faults or -errno. With `repair` it
 * writes again what is there twice, and the free map: such faults count as repaired. Else it writes nothing.
 */
struct cfs_check_opt {
	bool repair;
	bool data;		/* also read file data and check its checksums */
	uint32_t mount_flags;	/* CFS_NOVERIFY */
	const struct cfs_crypt *crypt;
	void (*msg)(void *arg, const char *line);
	void *arg;
};
struct cfs_check_stat {
	uint64_t inodes, dirs, files, nodes, data_blocks, used, errors, repaired;
};
int cfs_check(const struct cfs_io *io, const struct cfs_check_opt *opt, struct cfs_check_stat *st);

/*
 * Reads and verifies everything while the file system is in use, some blocks a step: 1: go on; 0: done; -errno.
 * What is bad and there twice is written again (repaired), unless the mount is read-only; all else counts as an
 * error. Between two steps anything may be called.
 */
struct cfs_scrub;
struct cfs_scrub_stat {
	uint64_t blocks, total;		/* read; about so many are in use */
	uint64_t repaired, errors;
};
int cfs_scrub_begin(struct cfs *fs, struct cfs_scrub **out);
int cfs_scrub_step(struct cfs_scrub *s, uint32_t blocks);
struct cfs_scrub_stat cfs_scrub_stat(const struct cfs_scrub *s);
/* Damaged file i, from 0 on (the first 64): its first bad page, and its path. -ENOENT: no more; -ENODATA: no name. */
int cfs_scrub_path(struct cfs_scrub *s, uint32_t i, uint64_t *page, char *buf, size_t size);
uint64_t cfs_scrub_inode(const struct cfs_scrub *s, uint32_t i);
void cfs_scrub_end(struct cfs_scrub *s);

uint64_t cfs_xxh64(const void *data, size_t n, uint64_t seed);

#endif
