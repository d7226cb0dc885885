/* SPDX-License-Identifier: MIT */
/* fcntl.c: fcntl, flock. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int flock(int fd, int op)
{
	return __ret(plat_flock(fd, op));
}

int fcntl(int fd, int cmd, ...)
{
	unsigned long arg;
	va_list ap;
	int old;

	va_start(ap, cmd);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	if (cmd != F_SETLKW)
		return __ret(plat_fcntl(fd, cmd, arg));
	old = __cp_enter();
	return __cp_leave(old, plat_fcntl(fd, cmd, arg));
}
