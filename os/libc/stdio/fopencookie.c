/* SPDX-License-Identifier: MIT */
/* fopencookie, funopen: streams over the program's own functions. */
#include <errno.h>
#include <limits.h>
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

/* BSD's form of it: what it is told lies in a cookie of its own. */
struct bsd {
	void *arg;
	int (*read)(void *, char *, int);
	int (*write)(void *, const char *, int);
	off_t (*seek)(void *, off_t, int);
	int (*close)(void *);
};

static ssize_t bsd_read(void *p, char *buf, size_t n)
{
	struct bsd *b = p;
	return b->read(b->arg, buf, n > INT_MAX ? INT_MAX : n);
}

static ssize_t bsd_write(void *p, const char *buf, size_t n)
{
	struct bsd *b = p;
	return b->write(b->arg, buf, n > INT_MAX ? INT_MAX : n);
}

static int bsd_seek(void *p, off_t *off, int whence)
{
	struct bsd *b = p;
	off_t r = b->seek(b->arg, *off, whence);
	if (r < 0)
		return -1;
	*off = r;
	return 0;
}

static int bsd_close(void *p)
{
	struct bsd *b = p;
	int r = b->close ? b->close(b->arg) : 0;
	free(b);
	return r;
}

FILE *funopen(const void *arg, int (*rd)(void *, char *, int), int (*wr)(void *, const char *, int),
	off_t (*seek)(void *, off_t, int), int (*cl)(void *))
{
	struct bsd *b = malloc(sizeof(*b));
	cookie_io_functions_t io = { rd ? bsd_read : NULL, wr ? bsd_write : NULL, seek ? bsd_seek : NULL, bsd_close };
	if (!b)
		return NULL;
	if (!rd && !wr) {
		free(b);
		errno = EINVAL;
		return NULL;
	}
	*b = (struct bsd){ (void *)arg, rd, wr, seek, cl };
	FILE *f = fopencookie(b, !wr ? "r" : !rd ? "w" : "r+", io);
	if (!f)
		free(b);
	return f;
}
