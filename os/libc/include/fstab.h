/* SPDX-License-Identifier: MIT */
/* fstab.h: the table of file systems. */
#ifndef _FSTAB_H
#define _FSTAB_H

#include <features.h>

__BEGIN_DECLS

#define _PATH_FSTAB "/etc/fstab"
#define FSTAB "/etc/fstab"
#define FSTAB_RW "rw"
#define FSTAB_RQ "rq"
#define FSTAB_RO "ro"
#define FSTAB_SW "sw"
#define FSTAB_XX "xx"

struct fstab {
	char *fs_spec, *fs_file, *fs_vfstype, *fs_mntops;
	const char *fs_type;
	int fs_freq, fs_passno;
};

struct fstab *getfsent(void);
struct fstab *getfsspec(const char *);
struct fstab *getfsfile(const char *);
int setfsent(void);
void endfsent(void);

__END_DECLS

#endif
