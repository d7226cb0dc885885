/* SPDX-License-Identifier: MIT */
/* stat.c: stat and its relatives. */
#include <fcntl.h>
#include <sys/stat.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int stat(const char *restrict path, struct stat *restrict st)
{
	return __ret(plat_fstatat(AT_FDCWD, path, st, 0));
}

int lstat(const char *restrict path, struct stat *restrict st)
{
	return __ret(plat_fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW));
}

int fstat(int fd, struct stat *st)
{
	return __ret(plat_fstat(fd, st));
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	return __ret(plat_fstatat(dirfd, path, st, flags));
}
