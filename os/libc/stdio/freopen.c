/* SPDX-License-Identifier: MIT */
/* freopen. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "stdio_impl.h"
#include "plat.h"
#include "ret.h"

/* Without a name only the way of opening changes, as far as the descriptor's mode allows. */
static int change_mode(FILE *f, int o)
{
	int have = __ret(plat_fcntl(f->fd, F_GETFL, 0));
	if (have < 0)
		return -1;
	if ((have & 3) != O_RDWR && (have & 3) != (o & 3)) {
		errno = EBADF;
		return -1;
	}
	if (o & O_CLOEXEC)
		plat_fcntl(f->fd, F_SETFD, FD_CLOEXEC);
	return __ret(plat_fcntl(f->fd, F_SETFL, (have & ~O_APPEND) | (o & O_APPEND)));
}

static int change_file(FILE *f, const char *path, int o)
{
	int fd = __ret(plat_openat(AT_FDCWD, path, o, 0666));
	if (fd < 0)
		return -1;
	if (f->fd < 0) {
		if (f->close)
			f->close(f);
		f->fd = fd;
	} else if (fd != f->fd) {
		int r = __ret(plat_dup3(fd, f->fd, o & O_CLOEXEC));
		plat_close(fd);
		return r < 0 ? -1 : 0;
	}
	return 0;
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f)
{
	unsigned flags;
	int o = __fmode(mode, &flags), locked = __flock(f);
	if (f->flags & F_WRITING)
		__flush(f);
	if (o < 0 || (path ? change_file(f, path, o) : change_mode(f, o)) < 0) {
		__funlock(f, locked);
		fclose(f);
		return NULL;
	}
	f->flags = (f->flags & (F_STATIC | F_OWNBUF | F_NOBUF | F_NOLOCK)) | flags | F_TTYCHECK;
	f->read = __fd_read;
	f->write = __fd_write;
	f->seek = __fd_seek;
	f->close = __fd_close;
	f->rpos = f->rend = f->buf;
	f->wbase = f->wpos = f->wend = NULL;
	f->orient = 0;
	__funlock(f, locked);
	return f;
}
