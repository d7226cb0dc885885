/* SPDX-License-Identifier: MIT */
/* xattr.c: extended attributes, on Linux. */
#include "sys.h"

long plat_getxattr(int fd, const char *path, int at, const char *name, void *buf, size_t len)
{
	if (!path)
		return sys(SYS_fgetxattr, fd, name, buf, len);
	return sys(at ? SYS_lgetxattr : SYS_getxattr, path, name, buf, len);
}

long plat_listxattr(int fd, const char *path, int at, char *buf, size_t len)
{
	if (!path)
		return sys(SYS_flistxattr, fd, buf, len);
	return sys(at ? SYS_llistxattr : SYS_listxattr, path, buf, len);
}

int plat_setxattr(int fd, const char *path, int at, const char *name, const void *buf, size_t len, int flags)
{
	if (!path)
		return sys(SYS_fsetxattr, fd, name, buf, len, flags);
	return sys(at ? SYS_lsetxattr : SYS_setxattr, path, name, buf, len, flags);
}

int plat_removexattr(int fd, const char *path, int at, const char *name)
{
	if (!path)
		return sys(SYS_fremovexattr, fd, name);
	return sys(at ? SYS_lremovexattr : SYS_removexattr, path, name);
}
