/* SPDX-License-Identifier: MIT */
/* statx.c: statx. */
#include <sys/stat.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int statx(int dirfd, const char *restrict path, int flags, unsigned mask, struct statx *restrict stx)
{
	return __ret(plat_statx(dirfd, path, flags, mask, stx));
}
