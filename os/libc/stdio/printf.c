/* SPDX-License-Identifier: MIT */
/* The faces of printf for bytes. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "stdio_impl.h"

int vfprintf(FILE *restrict f, const char *restrict fmt, va_list ap)
{
	unsigned char tmp[512], *old = f->buf;
	size_t oldsize = f->size;
	int locked = __flock(f), r, nobuf = f->flags & F_NOBUF;
	if (nobuf && __towrite(f) == 0) {
		/* One write for one call: a buffer for its duration. */
		f->flags &= ~F_NOBUF;
		f->buf = f->wbase = f->wpos = tmp;
		f->size = sizeof(tmp);
		f->wend = tmp + sizeof(tmp);
	}
	r = __printf_core(f, fmt, ap, 0);
	if (nobuf && f->buf == tmp) {
		if (__flush(f) < 0)
			r = -1;
		f->buf = f->wbase = f->wpos = f->wend = f->rpos = f->rend = old;
		f->size = oldsize;
		f->flags |= F_NOBUF;
	}
	__funlock(f, locked);
	return r;
}

int vprintf(const char *restrict fmt, va_list ap)
{
	return vfprintf(stdout, fmt, ap);
}

int printf(const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfprintf(stdout, fmt, ap);
	va_end(ap);
	return r;
}

int fprintf(FILE *restrict f, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfprintf(f, fmt, ap);
	va_end(ap);
	return r;
}

int vdprintf(int fd, const char *restrict fmt, va_list ap)
{
	unsigned char buf[512];
	FILE f = { .flags = F_WRITE | F_NOLOCK, .fd = fd, .buf = buf, .size = sizeof(buf),
		.write = __fd_write };
	int r = __printf_core(&f, fmt, ap, 0);
	return __flush(&f) < 0 ? -1 : r;
}

int dprintf(int fd, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vdprintf(fd, fmt, ap);
	va_end(ap);
	return r;
}
