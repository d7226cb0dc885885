/* SPDX-License-Identifier: MIT */
/* xattr.c: extended attributes. */
#include <fcntl.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

ssize_t getxattr(const char *path, const char *name, void *buf, size_t len)
{
	return __ret(plat_getxattr(-1, path, 0, name, buf, len));
}

ssize_t lgetxattr(const char *path, const char *name, void *buf, size_t len)
{
	return __ret(plat_getxattr(-1, path, AT_SYMLINK_NOFOLLOW, name, buf, len));
}

ssize_t fgetxattr(int fd, const char *name, void *buf, size_t len)
{
	return __ret(plat_getxattr(fd, 0, 0, name, buf, len));
}

ssize_t listxattr(const char *path, char *buf, size_t len)
{
	return __ret(plat_listxattr(-1, path, 0, buf, len));
}

ssize_t llistxattr(const char *path, char *buf, size_t len)
{
	return __ret(plat_listxattr(-1, path, AT_SYMLINK_NOFOLLOW, buf, len));
}

ssize_t flistxattr(int fd, char *buf, size_t len)
{
	return __ret(plat_listxattr(fd, 0, 0, buf, len));
}

int setxattr(const char *path, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(plat_setxattr(-1, path, 0, name, buf, len, flags));
}

int lsetxattr(const char *path, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(plat_setxattr(-1, path, AT_SYMLINK_NOFOLLOW, name, buf, len, flags));
}

int fsetxattr(int fd, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(plat_setxattr(fd, 0, 0, name, buf, len, flags));
}

int removexattr(const char *path, const char *name)
{
	return __ret(plat_removexattr(-1, path, 0, name));
}

int lremovexattr(const char *path, const char *name)
{
	return __ret(plat_removexattr(-1, path, AT_SYMLINK_NOFOLLOW, name));
}

int fremovexattr(int fd, const char *name)
{
	return __ret(plat_removexattr(fd, 0, 0, name));
}
