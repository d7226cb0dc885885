/* SPDX-License-Identifier: MIT */
/* posix_devctl: a request to a device; the requests are those of ioctl. */
#include <devctl.h>
#include <errno.h>
#include <sys/ioctl.h>

int posix_devctl(int fd, int command, void *restrict data, size_t n, int *restrict info)
{
	int e = errno, r;

	/* Requests that tell their size are held to it. */
	size_t size = (unsigned)command >> 16 & 0x3fff;
	if ((unsigned)command >> 30 && size && n < size)
		return EINVAL;
	r = ioctl(fd, (unsigned)command, data);
	if (r < 0) {
		r = errno == ENOTTY || errno == ENOSYS ? ENOTTY : errno;
		errno = e;
		return r;
	}
	if (info)
		*info = r;
	return 0;
}
