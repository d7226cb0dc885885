/* SPDX-License-Identifier: MIT */
/* fopencookie: streams over the program's own functions. */
#include <errno.h>
#include <stdlib.h>
#include "stdio_impl.h"

struct cookie {
	void *arg;
	cookie_io_functions_t io;
};

static long c_read(FILE *f, void *buf, size_t n)
{
	struct cookie *c = f->cookie;
	if (!c->io.read)
		return 0;
	ssize_t r = c->io.read(c->arg, buf, n);
	return r < 0 ? -errno : r;
}

static long c_write(FILE *f, const void *buf, size_t n)
{
	struct cookie *c = f->cookie;
	if (!c->io.write)
		return n;
	ssize_t r = c->io.write(c->arg, buf, n);
	return r < 0 ? -errno : r;
}

static long c_seek(FILE *f, long off, int whence)
{
	struct cookie *c = f->cookie;
	if (!c->io.seek)
		return -ENOTSUP;
	return c->io.seek(c->arg, &off, whence) < 0 ? -errno : off;
}

static int c_close(FILE *f)
{
	struct cookie *c = f->cookie;
	int r = c->io.close ? c->io.close(c->arg) : 0;
	free(c);
	return r < 0 ? -errno : 0;
}

FILE *fopencookie(void *arg, const char *mode, cookie_io_functions_t io)
{
	unsigned flags;
	if (__fmode(mode, &flags) < 0)
		return NULL;
	FILE *f = __file_new(BUFSIZ);
	struct cookie *c = malloc(sizeof(*c));
	if (!f || !c) {
		free(f);
		free(c);
		return NULL;
	}
	c->arg = arg;
	c->io = io;
	f->cookie = c;
	f->flags = flags;
	f->read = c_read;
	f->write = c_write;
	f->seek = c_seek;
	f->close = c_close;
	__file_add(f);
	return f;
}
