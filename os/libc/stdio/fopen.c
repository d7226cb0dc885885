/* SPDX-License-Identifier: MIT */
/* fopen, fdopen. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "stdio_impl.h"
#include "plat.h"
#include "ret.h"

int __fmode(const char *mode, unsigned *flags)
{
	int plus = strchr(mode, '+') != NULL, o;
	switch (*mode) {
	case 'r': o = 0; *flags = F_READ; break;
	case 'w': o = O_CREAT | O_TRUNC; *flags = F_WRITE; break;
	case 'a': o = O_CREAT | O_APPEND; *flags = F_WRITE | F_APPEND; break;
	default:
		errno = EINVAL;
		return -1;
	}
	if (plus)
		*flags |= F_READ | F_WRITE;
	o |= plus ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;
	if (strchr(mode, 'x'))
		o |= O_EXCL;
	if (strchr(mode, 'e'))
		o |= O_CLOEXEC;
	return o;
}

static FILE *open_fd(int fd, unsigned flags)
{
	FILE *f = __file_new(BUFSIZ);
	if (!f)
		return NULL;
	f->fd = fd;
	f->flags = flags;
	if (flags & F_WRITE)
		f->flags |= F_TTYCHECK;
	f->read = __fd_read;
	f->write = __fd_write;
	f->seek = __fd_seek;
	f->close = __fd_close;
	__file_add(f);
	return f;
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	unsigned flags;
	int o = __fmode(mode, &flags);
	if (o < 0)
		return NULL;
	int fd = __ret(plat_openat(AT_FDCWD, path, o, 0666));
	if (fd < 0)
		return NULL;
	FILE *f = open_fd(fd, flags);
	if (!f)
		plat_close(fd);
	/* Only devices can be terminals: other files are not asked. */
	else if (strncmp(path, "/dev/", 5))
		f->flags &= ~F_TTYCHECK;
	return f;
}

FILE *fdopen(int fd, const char *mode)
{
	unsigned flags;
	int o = __fmode(mode, &flags), have;
	if (o < 0 || (have = __ret(plat_fcntl(fd, F_GETFL, 0))) < 0)
		return NULL;
	if (((flags & F_READ) && (have & 3) == O_WRONLY) || ((flags & F_WRITE) && (have & 3) == O_RDONLY)) {
		errno = EINVAL;
		return NULL;
	}
	if (o & O_CLOEXEC)
		plat_fcntl(fd, F_SETFD, FD_CLOEXEC);
	if ((o & O_APPEND) && !(have & O_APPEND))
		plat_fcntl(fd, F_SETFL, have | O_APPEND);
	return open_fd(fd, flags);
}
