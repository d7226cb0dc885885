/* SPDX-License-Identifier: MIT */
/* truncate.c: truncate, ftruncate. */
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int truncate(const char *path, off_t len)
{
	return __ret(plat_truncate(path, len));
}

int ftruncate(int fd, off_t len)
{
	return __ret(plat_ftruncate(fd, len));
}
