/* SPDX-License-Identifier: MIT */
/* Blocks of wide characters. */
#include <wchar.h>
#include <string.h>

wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n)
{
	for (; n; n--, s++)
		if (*s == c)
			return (wchar_t *)s;
	return NULL;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (; n && *a == *b; a++, b++, n--)
		;
	return !n ? 0 : *a < *b ? -1 : 1;
}

wchar_t *wmemcpy(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	return memcpy(d, s, n * sizeof(*d));
}

wchar_t *wmempcpy(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	return (wchar_t *)memcpy(d, s, n * sizeof(*d)) + n;
}

wchar_t *wmemmove(wchar_t *d, const wchar_t *s, size_t n)
{
	return memmove(d, s, n * sizeof(*d));
}

wchar_t *wmemset(wchar_t *d, wchar_t c, size_t n)
{
	for (wchar_t *p = d; n; n--)
		*p++ = c;
	return d;
}
