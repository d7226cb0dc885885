/* SPDX-License-Identifier: MIT */
/* statvfs.c: statfs and statvfs. */
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int statfs(const char *path, struct statfs *st)
{
	return __ret(plat_statfs(path, st));
}

int fstatfs(int fd, struct statfs *st)
{
	return __ret(plat_fstatfs(fd, st));
}

static int convert(int err, const struct statfs *in, struct statvfs *out)
{
	if (err < 0)
		return __ret(err);
	memset(out, 0, sizeof(*out));
	out->f_bsize = in->f_bsize;
	out->f_frsize = in->f_frsize ? in->f_frsize : in->f_bsize;
	out->f_blocks = in->f_blocks;
	out->f_bfree = in->f_bfree;
	out->f_bavail = in->f_bavail;
	out->f_files = in->f_files;
	out->f_ffree = in->f_ffree;
	out->f_favail = in->f_ffree;
	memcpy(&out->f_fsid, &in->f_fsid, sizeof(in->f_fsid) < sizeof(out->f_fsid)
		? sizeof(in->f_fsid) : sizeof(out->f_fsid));
	out->f_flag = in->f_flags;
	out->f_namemax = in->f_namelen;
	return 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict st)
{
	struct statfs fs;

	return convert(plat_statfs(path, &fs), &fs, st);
}

int fstatvfs(int fd, struct statvfs *st)
{
	struct statfs fs;

	return convert(plat_fstatfs(fd, &fs), &fs, st);
}
