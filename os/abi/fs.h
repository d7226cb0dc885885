/* SPDX-License-Identifier: MIT */
/*
 * What the file server does beyond files: requests of ioctl(2) on any open directory of it (calxfs(1) makes
 * them). All but the listing are root's.
 */
#ifndef ABI_FS_H
#define ABI_FS_H

#include <stdint.h>
#include <sys/ioctl.h>

struct fs_snapshot {
	uint64_t gen;		/* in: of the one before, 0 at first */
	uint64_t parent;	/* the snapshot it grew from, or 0 */
	int64_t sec;
	char name[256];
};
#define FS_SNAPSHOT_NEXT	_IOWR('C', 1, struct fs_snapshot)	/* -ENOENT: there are no more */
#define FS_SNAPSHOT_ROLLBACK	_IOW('C', 2, struct fs_snapshot)	/* by name; at the next mount */

enum fs_scrub_state { SCRUB_NEVER, SCRUB_RUNS, SCRUB_DONE, SCRUB_STOPPED, SCRUB_FAILED };
struct fs_scrub {
	uint32_t state;
	int32_t error;		/* SCRUB_FAILED: errno */
	uint64_t blocks, total, repaired, errors;	/* read, about so many in all; as in calxfs.h */
};
#define FS_SCRUB_START	_IO('C', 3)			/* -EBUSY: one runs */
#define FS_SCRUB_STOP	_IO('C', 4)
#define FS_SCRUB_LOOK	_IOR('C', 5, struct fs_scrub)

struct fs_damage {
	uint32_t index;		/* in: from 0 on */
	uint32_t known;		/* its path is */
	uint64_t ino, page;
	char path[4096];
};
#define FS_SCRUB_DAMAGE	_IOWR('C', 6, struct fs_damage)	/* of the last scrub, when it is done; -ENOENT: there is no more */

#endif
