/* SPDX-License-Identifier: MIT */
/* sys/statfs.h: what a file system is, the Linux way. */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H

#include <features.h>

#define __NEED_fsblkcnt_t
#define __NEED_fsfilcnt_t
#include <bits/alltypes.h>

#include <sys/statvfs.h>

__BEGIN_DECLS

typedef struct { int __val[2]; } fsid_t;
struct statfs {
	unsigned long f_type, f_bsize;
	fsblkcnt_t f_blocks, f_bfree, f_bavail;
	fsfilcnt_t f_files, f_ffree;
	fsid_t f_fsid;
	unsigned long f_namelen, f_frsize, f_flags, f_spare[4];
};

int statfs(const char *, struct statfs *);
int fstatfs(int, struct statfs *);

#ifdef _LARGEFILE64_SOURCE
#define statfs64 statfs
#define fstatfs64 fstatfs
#endif

__END_DECLS

#endif
