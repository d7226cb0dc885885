/* SPDX-License-Identifier: MIT */
/* access.c: access and its relatives. */
#include <fcntl.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int access(const char *path, int mode)
{
	return __ret(plat_faccessat(AT_FDCWD, path, mode, 0));
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	return __ret(plat_faccessat(dirfd, path, mode, flags));
}

int eaccess(const char *path, int mode)
{
	return __ret(plat_faccessat(AT_FDCWD, path, mode, AT_EACCESS));
}

int euidaccess(const char *path, int mode)
{
	return __ret(plat_faccessat(AT_FDCWD, path, mode, AT_EACCESS));
}
