/* SPDX-License-Identifier: MIT */
/* UTF-16 and UTF-32 characters. */
#include <uchar.h>
#include <wchar.h>
#include <errno.h>

size_t mbrtoc32(char32_t *restrict out, const char *restrict s, size_t n, mbstate_t *restrict ps)
{
	static mbstate_t own;
	wchar_t c = 0;
	if (!ps)
		ps = &own;
	if (!s)
		return mbrtoc32(NULL, "", 1, ps);
	size_t r = mbrtowc(&c, s, n, ps);
	if (r <= 4 && out)
		*out = c;
	return r;
}

size_t c32rtomb(char *restrict s, char32_t c, mbstate_t *restrict ps)
{
	return wcrtomb(s, c, ps);
}

/* A pending low surrogate waits in the value, with the state's high bit set. */
#define PENDING 0x80000000u

size_t mbrtoc16(char16_t *restrict out, const char *restrict s, size_t n, mbstate_t *restrict ps)
{
	static mbstate_t own;
	wchar_t c = 0;
	if (!ps)
		ps = &own;
	if (!s)
		return mbrtoc16(NULL, "", 1, ps);
	if (ps->__state & PENDING) {
		if (out)
			*out = ps->__value;
		ps->__state = 0;
		return -3;
	}
	size_t r = mbrtowc(&c, s, n, ps);
	if (r > 4)
		return r;
	if (c >= 0x10000) {
		ps->__state = PENDING;
		ps->__value = 0xdc00 | (c & 0x3ff);
		c = 0xd7c0 + (c >> 10);
	}
	if (out)
		*out = c;
	return r;
}

size_t c16rtomb(char *restrict s, char16_t c, mbstate_t *restrict ps)
{
	static mbstate_t own;
	if (!ps)
		ps = &own;
	if (!s) {
		ps->__state = 0;
		return 1;
	}
	if (!ps->__state && c - 0xd800u < 0x400) {
		ps->__state = PENDING;
		ps->__value = (c - 0xd7c0u) << 10;
		return 0;
	}
	wchar_t w = c;
	if (ps->__state) {
		w = ps->__value + (c - 0xdc00u);
		ps->__state = 0;
		if (c - 0xdc00u >= 0x400) {
			errno = EILSEQ;
			return -1;
		}
	}
	return wcrtomb(s, w, NULL);
}
