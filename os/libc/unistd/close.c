/* SPDX-License-Identifier: MIT */
/* close.c: close, posix_close, close_range, closefrom. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <limits.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int close(int fd)
{
	int old = __cp_enter(), r = plat_close(fd);

	/* The descriptor is gone even when the call was interrupted. */
	return __cp_leave(old, r == -EINTR ? 0 : r);
}

int posix_close(int fd, int flags)
{
	(void)flags;
	return close(fd);
}

int close_range(unsigned first, unsigned last, int flags)
{
	int gap = 0;

	if (first > last || flags & ~CLOSE_RANGE_CLOEXEC) {
		errno = EINVAL;
		return -1;
	}
	/* Descriptors are dense: after a long gap there are none. */
	for (unsigned fd = first; fd <= last && fd < INT_MAX && gap < 4096; fd++) {
		int r = flags ? plat_fcntl(fd, F_SETFD, FD_CLOEXEC) : plat_close(fd);
		gap = r == -EBADF ? gap + 1 : 0;
	}
	return 0;
}

void closefrom(int fd)
{
	close_range(fd < 0 ? 0 : fd, -1u, 0);
}
