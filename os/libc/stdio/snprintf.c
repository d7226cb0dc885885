/* SPDX-License-Identifier: MIT */
/* The faces of printf that write to memory. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "stdio_impl.h"

int vsnprintf(char *restrict s, size_t n, const char *restrict fmt, va_list ap)
{
	FILE f = { 0 };	/* F_STRING: __fwritex keeps what fits in the caller's memory, drops the rest */
	char none[1];
	if (!n) {
		s = none;
		n = 1;
	}
	if (n > (size_t)INT_MAX + 1)
		n = (size_t)INT_MAX + 1;
	f.flags = F_WRITE | F_WRITING | F_NOLOCK | F_STRING;
	f.fd = -1;
	f.buf = f.wbase = f.wpos = (unsigned char *)s;
	f.size = n - 1;
	f.wend = f.wbase + n - 1;
	int r = __printf_core(&f, fmt, ap, 0);
	*f.wpos = 0;
	return r;
}

int snprintf(char *restrict s, size_t n, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vsnprintf(s, n, fmt, ap);
	va_end(ap);
	return r;
}

int vsprintf(char *restrict s, const char *restrict fmt, va_list ap)
{
	return vsnprintf(s, INT_MAX, fmt, ap);
}

int sprintf(char *restrict s, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vsprintf(s, fmt, ap);
	va_end(ap);
	return r;
}

int vasprintf(char **out, const char *fmt, va_list ap)
{
	char buf[256];
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(buf, sizeof(buf), fmt, again);
	va_end(again);
	*out = NULL;
	if (n < 0 || !(*out = malloc((size_t)n + 1)))
		return -1;
	if ((size_t)n < sizeof(buf))
		memcpy(*out, buf, n + 1);
	else
		vsnprintf(*out, (size_t)n + 1, fmt, ap);
	return n;
}

int asprintf(char **out, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vasprintf(out, fmt, ap);
	va_end(ap);
	return r;
}
