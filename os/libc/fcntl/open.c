/* SPDX-License-Identifier: MIT */
/* open.c: open, openat, creat. */
#include <fcntl.h>
#include <stdarg.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int creat(const char *path, mode_t mode)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode));
}

int openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode = 0;
	int old;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	old = __cp_enter();
	return __cp_leave(old, plat_openat(dirfd, path, flags, mode));
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return openat(AT_FDCWD, path, flags, mode);
}
