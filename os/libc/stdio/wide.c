/* SPDX-License-Identifier: MIT */
/* Wide characters on streams, one at a time and by lines. */
#include <errno.h>
#include <string.h>
#include <wchar.h>
#include "stdio_impl.h"

int fwide(FILE *f, int mode)
{
	int locked = __flock(f);
	if (mode && !f->orient)
		f->orient = mode > 0 ? 1 : -1;
	mode = f->orient;
	__funlock(f, locked);
	return mode;
}

wint_t __fgetwc(FILE *f)
{
	mbstate_t st = { 0 };
	wchar_t w;
	f->orient = f->orient ? f->orient : 1;
	for (int first = 1; ; first = 0) {
		int c = __getc(f);
		if (c < 0) {
			if (first)
				return WEOF;
			errno = EILSEQ;
			break;
		}
		char b = c;
		size_t r = mbrtowc(&w, &b, 1, &st);
		if (r <= 1)
			return w;
		if (r == (size_t)-2)
			continue;
		/* A byte that cannot continue a character may begin the next one. */
		if (!first)
			f->rpos--;
		break;
	}
	f->flags |= F_ERR;
	return WEOF;
}

wint_t __fputwc(wchar_t c, FILE *f)
{
	char b[4];
	f->orient = f->orient ? f->orient : 1;
	size_t n = wcrtomb(b, c, NULL);
	if (n == (size_t)-1) {
		f->flags |= F_ERR;
		return WEOF;
	}
	return __fwritex(b, n, f) == n ? (wint_t)c : WEOF;
}

wint_t fgetwc_unlocked(FILE *f)
{
	return __fgetwc(f);
}

wint_t fputwc_unlocked(wchar_t c, FILE *f)
{
	return __fputwc(c, f);
}

wint_t fgetwc(FILE *f)
{
	int locked = __flock(f);
	wint_t c = __fgetwc(f);
	__funlock(f, locked);
	return c;
}

wint_t fputwc(wchar_t c, FILE *f)
{
	int locked = __flock(f);
	wint_t r = __fputwc(c, f);
	__funlock(f, locked);
	return r;
}

wint_t getwc(FILE *f)
{
	return fgetwc(f);
}

wint_t getwc_unlocked(FILE *f)
{
	return __fgetwc(f);
}

wint_t getwchar(void)
{
	return fgetwc(stdin);
}

wint_t getwchar_unlocked(void)
{
	return __fgetwc(stdin);
}

wint_t putwc(wchar_t c, FILE *f)
{
	return fputwc(c, f);
}

wint_t putwc_unlocked(wchar_t c, FILE *f)
{
	return __fputwc(c, f);
}

wint_t putwchar(wchar_t c)
{
	return fputwc(c, stdout);
}

wint_t putwchar_unlocked(wchar_t c)
{
	return __fputwc(c, stdout);
}

wint_t ungetwc(wint_t c, FILE *f)
{
	char b[4];
	size_t n = c == WEOF ? (size_t)-1 : wcrtomb(b, c, NULL);
	if (n == (size_t)-1)
		return WEOF;
	int locked = __flock(f);
	while (n && c != WEOF)
		if (ungetc((unsigned char)b[--n], f) == EOF)
			c = WEOF;
	__funlock(f, locked);
	return c;
}

wchar_t *fgetws_unlocked(wchar_t *s, int n, FILE *f)
{
	wchar_t *p = s;
	wint_t c = 0;
	if (n <= 0)
		return NULL;
	while (--n > 0 && c != '\n') {
		c = __fgetwc(f);
		if (c == WEOF) {
			if (p == s || f->flags & F_ERR)
				return NULL;
			break;
		}
		*p++ = c;
	}
	*p = 0;
	return s;
}

wchar_t *fgetws(wchar_t *restrict s, int n, FILE *restrict f)
{
	int locked = __flock(f);
	s = fgetws_unlocked(s, n, f);
	__funlock(f, locked);
	return s;
}

int fputws_unlocked(const wchar_t *s, FILE *f)
{
	for (; *s; s++)
		if (__fputwc(*s, f) == WEOF)
			return -1;
	return 0;
}

int fputws(const wchar_t *restrict s, FILE *restrict f)
{
	int locked = __flock(f), r = fputws_unlocked(s, f);
	__funlock(f, locked);
	return r;
}
