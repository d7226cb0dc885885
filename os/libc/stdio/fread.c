/* SPDX-License-Identifier: MIT */
/* fread, fwrite, getw, putw. */
#include "stdio_impl.h"

size_t fread_unlocked(void *p, size_t size, size_t n, FILE *f)
{
	size_t len = size * n;
	if (!len)
		return 0;
	size_t r = __freadx(p, len, f);
	return r == len ? n : r / size;
}

size_t fwrite_unlocked(const void *p, size_t size, size_t n, FILE *f)
{
	size_t len = size * n;
	if (!len)
		return 0;
	size_t r = __fwritex(p, len, f);
	return r == len ? n : r / size;
}

size_t fread(void *restrict p, size_t size, size_t n, FILE *restrict f)
{
	int locked = __flock(f);
	n = fread_unlocked(p, size, n, f);
	__funlock(f, locked);
	return n;
}

size_t fwrite(const void *restrict p, size_t size, size_t n, FILE *restrict f)
{
	int locked = __flock(f);
	n = fwrite_unlocked(p, size, n, f);
	__funlock(f, locked);
	return n;
}

int getw(FILE *f)
{
	int v;
	return fread(&v, sizeof(v), 1, f) ? v : EOF;
}

int putw(int v, FILE *f)
{
	return fwrite(&v, sizeof(v), 1, f) ? 0 : EOF;
}
