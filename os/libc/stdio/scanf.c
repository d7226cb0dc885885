/* SPDX-License-Identifier: MIT */
/* The faces of scanf for bytes. */
#include <stdarg.h>
#include <string.h>
#include "stdio_impl.h"

int vfscanf(FILE *restrict f, const char *restrict fmt, va_list ap)
{
	int locked = __flock(f), r = __scanf_core(f, fmt, ap, 0);
	__funlock(f, locked);
	return r;
}

int vscanf(const char *restrict fmt, va_list ap)
{
	return vfscanf(stdin, fmt, ap);
}

int fscanf(FILE *restrict f, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfscanf(f, fmt, ap);
	va_end(ap);
	return r;
}

int scanf(const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfscanf(stdin, fmt, ap);
	va_end(ap);
	return r;
}

static long at_end(FILE *f, void *buf, size_t n)
{
	(void)f;
	(void)buf;
	(void)n;
	return 0;
}

int vsscanf(const char *restrict s, const char *restrict fmt, va_list ap)
{
	/* The stream's buffer is the string; what ungetc puts back is what was there. */
	FILE f = { .flags = F_READ | F_READING | F_NOLOCK, .fd = -1, .read = at_end };
	f.buf = f.rpos = (unsigned char *)s;
	f.rend = f.rpos + strlen(s);
	return __scanf_core(&f, fmt, ap, 0);
}

int sscanf(const char *restrict s, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vsscanf(s, fmt, ap);
	va_end(ap);
	return r;
}
