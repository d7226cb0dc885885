/* SPDX-License-Identifier: MIT */
/* fsync.c: fsync, fdatasync, sync, syncfs. */
#include <unistd.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int fsync(int fd)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_fsync(fd));
}

int fdatasync(int fd)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_fdatasync(fd));
}

void sync(void)
{
	plat_sync();
}

int syncfs(int fd)
{
	return __ret(plat_syncfs(fd));
}
