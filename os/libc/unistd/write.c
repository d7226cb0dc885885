/* SPDX-License-Identifier: MIT */
/* write.c: write and its relatives. */
#include <unistd.h>
#include <sys/uio.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

ssize_t write(int fd, const void *buf, size_t len)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_write(fd, buf, len));
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t off)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_pwrite(fd, buf, len, off));
}

ssize_t writev(int fd, const struct iovec *iov, int count)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_writev(fd, iov, count));
}

ssize_t pwritev(int fd, const struct iovec *iov, int count, off_t off)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_pwritev(fd, iov, count, off));
}
