/* SPDX-License-Identifier: MIT */
/* mblen, mbtowc, wctomb, btowc, wctob: without a state of their own. */
#include <wchar.h>
#include <stdlib.h>
#include <stdio.h>
#include <errno.h>
#include "locale_impl.h"
#include "utf8.h"

int mbtowc(wchar_t *restrict out, const char *restrict s, size_t n)
{
	mbstate_t st = { 0 };
	if (!s)
		return 0;
	size_t r = mbrtowc(out, s, n, &st);
	if (r == (size_t)-2) {
		errno = EILSEQ;
		return -1;
	}
	return r;
}

int mblen(const char *s, size_t n)
{
	return mbtowc(NULL, s, n);
}

int wctomb(char *s, wchar_t c)
{
	return s ? (int)wcrtomb(s, c, NULL) : 0;
}

wint_t btowc(int c)
{
	unsigned char b = c;
	if (c == EOF)
		return WEOF;
	return b < 128 ? b : __is_utf8() ? WEOF : (wint_t)(BYTE_BASE + b);
}

int wctob(wint_t c)
{
	if (c < 128)
		return c;
	return !__is_utf8() && IS_BYTE_CHAR(c) ? (unsigned char)c : EOF;
}
