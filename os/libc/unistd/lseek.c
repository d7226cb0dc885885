/* SPDX-License-Identifier: MIT */
/* lseek.c: lseek. */
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

off_t lseek(int fd, off_t off, int whence)
{
	return __ret(plat_lseek(fd, off, whence));
}
