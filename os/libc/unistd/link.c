/* SPDX-License-Identifier: MIT */
/* link.c: link, symlink, readlink, unlink, rmdir, rename. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int link(const char *old, const char *new)
{
	return __ret(plat_linkat(AT_FDCWD, old, AT_FDCWD, new, 0));
}

int linkat(int olddir, const char *old, int newdir, const char *new, int flags)
{
	return __ret(plat_linkat(olddir, old, newdir, new, flags));
}

int symlink(const char *target, const char *path)
{
	return __ret(plat_symlinkat(target, AT_FDCWD, path));
}

int symlinkat(const char *target, int dirfd, const char *path)
{
	return __ret(plat_symlinkat(target, dirfd, path));
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t len)
{
	return __ret(plat_readlinkat(AT_FDCWD, path, buf, len));
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t len)
{
	return __ret(plat_readlinkat(dirfd, path, buf, len));
}

int unlink(const char *path)
{
	return __ret(plat_unlinkat(AT_FDCWD, path, 0));
}

int unlinkat(int dirfd, const char *path, int flags)
{
	return __ret(plat_unlinkat(dirfd, path, flags));
}

int rmdir(const char *path)
{
	return __ret(plat_unlinkat(AT_FDCWD, path, AT_REMOVEDIR));
}
