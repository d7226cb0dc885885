/* SPDX-License-Identifier: MIT */
/* chmod.c: chmod and its relatives. */
#include <fcntl.h>
#include <sys/stat.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int chmod(const char *path, mode_t mode)
{
	return __ret(plat_fchmodat(AT_FDCWD, path, mode, 0));
}

int lchmod(const char *path, mode_t mode)
{
	return __ret(plat_fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW));
}

int fchmod(int fd, mode_t mode)
{
	return __ret(plat_fchmod(fd, mode));
}

int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	return __ret(plat_fchmodat(dirfd, path, mode, flags));
}
