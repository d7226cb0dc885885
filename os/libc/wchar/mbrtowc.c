/* SPDX-License-Identifier: MIT */
/* mbrtowc, mbrlen, mbsinit, wcrtomb: one character at a time. */
#include <wchar.h>
#include <errno.h>
#include <stdint.h>
#include "locale_impl.h"
#include "utf8.h"

#define STATE(ps) ((ps)->__state)
#define VALUE(ps) ((ps)->__value)

/*
 * State in the middle of a character: how many bytes are missing (low 2 bits), and how many the
 * character has (the next 3 bits); value: the bits seen. 0 is the initial state.
 */
static int begin(unsigned char c, mbstate_t *ps)
{
	if (c - 0xc2 < 0x1eu) {
		STATE(ps) = 1 | 2 << 2;
		VALUE(ps) = c & 31;
	} else if (c - 0xe0 < 16u) {
		STATE(ps) = 2 | 3 << 2;
		VALUE(ps) = c & 15;
	} else if (c - 0xf0 < 5u) {
		STATE(ps) = 3 | 4 << 2;
		VALUE(ps) = c & 7;
	} else {
		return -1;
	}
	return 0;
}

/* Takes one more byte; bytes that could only make a wrong character are refused at once. */
static int more(unsigned char c, mbstate_t *ps)
{
	unsigned len = STATE(ps) >> 2, left = STATE(ps) & 3;
	if (c >> 6 != 2)
		return -1;
	unsigned v = VALUE(ps) << 6 | (c & 63);
	if (left + 1 == len && len > 2) {
		if (len == 3 ? v < 0x20 || v - (0xd800 >> 6) < 0x20 : v < 0x10 || v >= 0x110)
			return -1;
	}
	VALUE(ps) = v;
	STATE(ps) = (left - 1) | len << 2;
	return 0;
}

static size_t bad(mbstate_t *ps)
{
	STATE(ps) = 0;
	errno = EILSEQ;
	return -1;
}

static size_t utf8(wchar_t *out, const unsigned char *s, size_t n, mbstate_t *ps)
{
	size_t i = 0;
	if (!n)
		return -2;
	if (!STATE(ps)) {
		if (*s < 0x80) {
			*out = *s;
			return !!*s;
		}
		if (begin(s[i++], ps) < 0)
			return bad(ps);
	}
	while (STATE(ps) & 3) {
		if (i == n)
			return -2;
		if (more(s[i++], ps) < 0)
			return bad(ps);
	}
	*out = VALUE(ps);
	STATE(ps) = 0;
	return i;
}

size_t mbrtowc(wchar_t *restrict out, const char *restrict s, size_t n, mbstate_t *restrict ps)
{
	static mbstate_t own;
	wchar_t dummy;
	if (!ps)
		ps = &own;
	if (s && n && (unsigned char)*s < 128 && !STATE(ps)) {
		if (out)
			*out = *s;
		return !!*s;
	}
	if (!s) {
		s = "";
		n = 1;
		out = NULL;
		if (STATE(ps))
			return bad(ps);
	}
	if (!out)
		out = &dummy;
	if (__is_utf8())
		return utf8(out, (const void *)s, n, ps);
	if (!n)
		return -2;
	*out = (unsigned char)*s < 128 ? *s : BYTE_BASE + (unsigned char)*s;
	return !!*s;
}

size_t mbrlen(const char *restrict s, size_t n, mbstate_t *restrict ps)
{
	static mbstate_t own;
	return mbrtowc(NULL, s, n, ps ? ps : &own);
}

int mbsinit(const mbstate_t *ps)
{
	return !ps || !STATE(ps);
}

size_t wcrtomb(char *restrict s, wchar_t c, mbstate_t *restrict ps)
{
	(void)ps;
	if (!s)
		return 1;
	if ((unsigned)c < 128) {
		*s = c;
		return 1;
	}
	if (__is_utf8()) {
		size_t n = __utf8_put(s, c);
		if (n)
			return n;
	} else if (IS_BYTE_CHAR(c)) {
		*s = c;
		return 1;
	}
	errno = EILSEQ;
	return -1;
}
