/* SPDX-License-Identifier: MIT */
/* read.c: read and its relatives. */
#include <unistd.h>
#include <sys/uio.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

ssize_t read(int fd, void *buf, size_t len)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_read(fd, buf, len));
}

ssize_t pread(int fd, void *buf, size_t len, off_t off)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_pread(fd, buf, len, off));
}

ssize_t readv(int fd, const struct iovec *iov, int count)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_readv(fd, iov, count));
}

ssize_t preadv(int fd, const struct iovec *iov, int count, off_t off)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_preadv(fd, iov, count, off));
}
