/* SPDX-License-Identifier: MIT */
/* chdir.c: chdir, fchdir, chroot. */
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int chdir(const char *path)
{
	return __ret(plat_chdir(path));
}

int fchdir(int fd)
{
	return __ret(plat_fchdir(fd));
}

int chroot(const char *path)
{
	return __ret(plat_chroot(path));
}
