/* SPDX-License-Identifier: MIT */
/* chown.c: chown and its relatives. */
#include <fcntl.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int chown(const char *path, uid_t uid, gid_t gid)
{
	return __ret(plat_fchownat(AT_FDCWD, path, uid, gid, 0));
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return __ret(plat_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW));
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return __ret(plat_fchown(fd, uid, gid));
}

int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	return __ret(plat_fchownat(dirfd, path, uid, gid, flags));
}
