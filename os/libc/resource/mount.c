/* SPDX-License-Identifier: MIT */
/* mount.c: mount, umount. */
#include <sys/mount.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int mount(const char *src, const char *dir, const char *type, unsigned long flags, const void *data)
{
	return __ret(plat_mount(src, dir, type, flags, data));
}

int umount(const char *dir)
{
	return __ret(plat_umount2(dir, 0));
}

int umount2(const char *dir, int flags)
{
	return __ret(plat_umount2(dir, flags));
}
