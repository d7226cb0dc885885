/* SPDX-License-Identifier: MIT */
/* The host tool's shared parts. */
#ifndef CALXFS_TOOL_H
#define CALXFS_TOOL_H

#include <sys/types.h>

#include "../key/key.h"
#include "../lib/calxfs.h"

extern const char *tool_verb;

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void die_err(int err, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));	/* err: -errno */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

char *join_path(const char *dir, const char *name);	/* "dir/name", fresh */

void tool_io(struct cfs_io *io, int fd, uint64_t nblocks);	/* a block device on a file */
struct cfs *tool_mount(const char *image, uint32_t flags);	/* or dies */
void tool_unmount(struct cfs *fs);
extern bool tool_barriers;				/* flushes are the host's too; else all is synced at the end */
void tool_now(struct cfs_time *t);			/* SOURCE_DATE_EPOCH, else the clock */
int64_t tool_epoch(void);				/* SOURCE_DATE_EPOCH, or -1 */
struct cfs_inode *tool_walk(struct cfs *fs, const char *path);	/* without following symbolic links, or dies */
struct cfs_inode *tool_parent(struct cfs *fs, const char *path, const char **name);

/* tool_key gives NULL where nothing is encrypted, and dies without the passphrase. */
const struct cfs_crypt *tool_new_key(uint64_t mem);	/* mem: as key_new's */
const struct cfs_crypt *tool_key(const struct cfs_io *io);

#define COPY_PAGES	128u
extern unsigned char tool_buf[COPY_PAGES * CFS_PAGE];
void tool_copy_in(struct cfs_inode *ip, int fd, const char *name);	/* the whole file; sets the size */
void tool_copy_out(struct cfs_inode *ip, int fd, const char *name);

int cmd_mkfs(int argc, char **argv);
int cmd_populate(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_ls(int argc, char **argv);
int cmd_cat(int argc, char **argv);
int cmd_get(int argc, char **argv);
int cmd_put(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_mount(int argc, char **argv);
int cmd_scrub(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);

#endif
