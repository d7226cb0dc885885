/* SPDX-License-Identifier: MIT */
/* mkdir.c: mkdir, mkfifo, mknod. */
#include <fcntl.h>
#include <sys/stat.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int mkdir(const char *path, mode_t mode)
{
	return __ret(plat_mkdirat(AT_FDCWD, path, mode));
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return __ret(plat_mkdirat(dirfd, path, mode));
}

int mkfifo(const char *path, mode_t mode)
{
	return __ret(plat_mknodat(AT_FDCWD, path, mode | S_IFIFO, 0));
}

int mkfifoat(int dirfd, const char *path, mode_t mode)
{
	return __ret(plat_mknodat(dirfd, path, mode | S_IFIFO, 0));
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
	return __ret(plat_mknodat(AT_FDCWD, path, mode, dev));
}

int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
	return __ret(plat_mknodat(dirfd, path, mode, dev));
}
