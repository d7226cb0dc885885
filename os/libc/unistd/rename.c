/* SPDX-License-Identifier: MIT */
/* rename.c: rename, renameat, renameat2. */
#include <fcntl.h>
#include <stdio.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int rename(const char *old, const char *new)
{
	return __ret(plat_renameat2(AT_FDCWD, old, AT_FDCWD, new, 0));
}

int renameat(int olddir, const char *old, int newdir, const char *new)
{
	return __ret(plat_renameat2(olddir, old, newdir, new, 0));
}

int renameat2(int olddir, const char *old, int newdir, const char *new, unsigned flags)
{
	return __ret(plat_renameat2(olddir, old, newdir, new, flags));
}
