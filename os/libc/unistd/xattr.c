/* SPDX-License-Identifier: MIT */
/* xattr.c: extended attributes: file systems have none. */
#include <errno.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

ssize_t getxattr(const char *path, const char *name, void *buf, size_t len)
{
	return __ret(((void)path, (void)name, (void)buf, (void)len, -EOPNOTSUPP));
}

ssize_t lgetxattr(const char *path, const char *name, void *buf, size_t len)
{
	return __ret(((void)path, (void)name, (void)buf, (void)len, -EOPNOTSUPP));
}

ssize_t fgetxattr(int fd, const char *name, void *buf, size_t len)
{
	return __ret(((void)fd, (void)name, (void)buf, (void)len, -EOPNOTSUPP));
}

ssize_t listxattr(const char *path, char *buf, size_t len)
{
	return __ret(((void)path, (void)buf, (void)len, -EOPNOTSUPP));
}

ssize_t llistxattr(const char *path, char *buf, size_t len)
{
	return __ret(((void)path, (void)buf, (void)len, -EOPNOTSUPP));
}

ssize_t flistxattr(int fd, char *buf, size_t len)
{
	return __ret(((void)fd, (void)buf, (void)len, -EOPNOTSUPP));
}

int setxattr(const char *path, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(((void)path, (void)name, (void)buf, (void)len, (void)flags, -EOPNOTSUPP));
}

int lsetxattr(const char *path, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(((void)path, (void)name, (void)buf, (void)len, (void)flags, -EOPNOTSUPP));
}

int fsetxattr(int fd, const char *name, const void *buf, size_t len, int flags)
{
	return __ret(((void)fd, (void)name, (void)buf, (void)len, (void)flags, -EOPNOTSUPP));
}

int removexattr(const char *path, const char *name)
{
	return __ret(((void)path, (void)name, -EOPNOTSUPP));
}

int lremovexattr(const char *path, const char *name)
{
	return __ret(((void)path, (void)name, -EOPNOTSUPP));
}

int fremovexattr(int fd, const char *name)
{
	return __ret(((void)fd, (void)name, -EOPNOTSUPP));
}
