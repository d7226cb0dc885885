/* SPDX-License-Identifier: MIT */
/*
 * The table through which pkg changes a file system. Reading needs no table. A test puts a table
 * of its own in its place, which records what is done, and then looks at every state that a crash
 * could leave (tests/pkg/crash). All return 0 (open: fd, write: bytes) or -errno.
 */
#ifndef FSOPS_H
#define FSOPS_H

#include <stddef.h>
#include <sys/types.h>

struct fsops {
	int (*open)(int dir, const char *path, int flags, unsigned mode);	/* for writing */
	ssize_t (*write)(int fd, const void *data, size_t n);
	int (*truncate)(int fd, off_t n);
	int (*mkdir)(int dir, const char *path, unsigned mode);
	int (*rename)(int from_dir, const char *from, int to_dir, const char *to);
	int (*unlink)(int dir, const char *path, int flags);
	int (*link)(int from_dir, const char *from, int to_dir, const char *to);
	int (*symlink)(const char *target, int dir, const char *path);
	int (*chmod)(int dir, const char *path, unsigned mode);
	int (*fchmod)(int fd, unsigned mode);
	int (*chown)(int dir, const char *path, uid_t uid, gid_t gid);	/* links: themselves */
	int (*setxattr)(int fd, const char *name, const void *value, size_t n);
	int (*removexattr)(int fd, const char *name);
	int (*fsync)(int fd);
	int (*syncfs)(int fd);
};

extern const struct fsops *fs;

/* Writes all of it. */
int write_all(int fd, const void *data, size_t n);

#endif
