/* SPDX-License-Identifier: MIT */
/* Wide printf and scanf: the format becomes UTF-8 for the engines shared with the others. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "stdio_impl.h"
#include "utf8.h"

/* The format in UTF-8; NULL: no memory, or no character. */
static char *narrow(const wchar_t *s)
{
	char *t = malloc(wcslen(s) * 4 + 1), *p = t;
	if (!t)
		return NULL;
	for (; *s; s++) {
		size_t n = __utf8_put(p, *s);
		if (!n) {
			free(t);
			errno = EILSEQ;
			return NULL;
		}
		p += n;
	}
	*p = 0;
	return t;
}

/* Decodes the UTF-8 that the engine wrote, which is known to be right. */
static unsigned decode(const unsigned char **pp)
{
	const unsigned char *p = *pp;
	unsigned c = *p++;
	if (c >= 0xc0) {
		int n = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		for (c &= 0x3f >> n; n; n--)
			c = c << 6 | (*p++ & 63);
	}
	*pp = p;
	return c;
}

/* The whole output as UTF-8 in memory; its length in *len; returns the number of characters. */
static int format(char **out, size_t *len, const wchar_t *fmt, va_list ap)
{
	char *t = narrow(fmt);
	FILE *m = t ? open_memstream(out, len) : NULL;
	int r = -1;
	if (m) {
		r = __printf_core(m, t, ap, 1);
		if (fclose(m) < 0)
			r = -1;
		if (r < 0)
			free(*out);
	}
	free(t);
	return r;
}

int vfwprintf(FILE *restrict f, const wchar_t *restrict fmt, va_list ap)
{
	char *s;
	size_t len;
	int n = format(&s, &len, fmt, ap);
	if (n < 0)
		return -1;
	int locked = __flock(f);
	const unsigned char *p = (unsigned char *)s, *end = p + len;
	while (p < end)
		if (__fputwc(decode(&p), f) == WEOF) {
			n = -1;
			break;
		}
	__funlock(f, locked);
	free(s);
	return n;
}

int vwprintf(const wchar_t *restrict fmt, va_list ap)
{
	return vfwprintf(stdout, fmt, ap);
}

int fwprintf(FILE *restrict f, const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfwprintf(f, fmt, ap);
	va_end(ap);
	return r;
}

int wprintf(const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfwprintf(stdout, fmt, ap);
	va_end(ap);
	return r;
}

int vswprintf(wchar_t *restrict d, size_t size, const wchar_t *restrict fmt, va_list ap)
{
	char *s;
	size_t len, i = 0;
	int n = format(&s, &len, fmt, ap);
	if (n < 0)
		return -1;
	const unsigned char *p = (unsigned char *)s, *end = p + len;
	while (p < end && i + 1 < size)
		d[i++] = decode(&p);
	if (size)
		d[i] = 0;
	free(s);
	if ((size_t)n >= size) {
		errno = EOVERFLOW;
		return -1;
	}
	return n;
}

int swprintf(wchar_t *restrict d, size_t size, const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vswprintf(d, size, fmt, ap);
	va_end(ap);
	return r;
}

int vfwscanf(FILE *restrict f, const wchar_t *restrict fmt, va_list ap)
{
	char *t = narrow(fmt);
	if (!t)
		return EOF;
	int locked = __flock(f), r = __scanf_core(f, t, ap, 1);
	__funlock(f, locked);
	free(t);
	return r;
}

int vwscanf(const wchar_t *restrict fmt, va_list ap)
{
	return vfwscanf(stdin, fmt, ap);
}

int fwscanf(FILE *restrict f, const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfwscanf(f, fmt, ap);
	va_end(ap);
	return r;
}

int wscanf(const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vfwscanf(stdin, fmt, ap);
	va_end(ap);
	return r;
}

int vswscanf(const wchar_t *restrict s, const wchar_t *restrict fmt, va_list ap)
{
	size_t n = wcslen(s) * 4 + 1;
	char *t = malloc(n);
	const wchar_t *p = s;
	mbstate_t st = { 0 };
	int r = EOF;
	if (!t)
		return EOF;
	/* Up to the first character that the locale does not have. */
	size_t k = wcsrtombs(t, &p, n, &st);
	if (k == (size_t)-1) {
		k = 0;
		for (const wchar_t *q = s; q < p; q++)
			k += wcrtomb(t + k, *q, &st);
	}
	FILE *f = fmemopen(t, k ? k : 1, "r");
	if (f) {
		if (!k)
			fgetc(f);
		r = vfwscanf(f, fmt, ap);
		fclose(f);
	}
	free(t);
	return r;
}

int swscanf(const wchar_t *restrict s, const wchar_t *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = vswscanf(s, fmt, ap);
	va_end(ap);
	return r;
}
