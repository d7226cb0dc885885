/* SPDX-License-Identifier: MIT */
/* mbrtoc8, c8rtomb: UTF-8 a byte at a time, whatever the locale's own encoding is. */
#include <errno.h>
#include <stdint.h>
#include <uchar.h>
#include <wchar.h>
#include "utf8.h"

/*
 * mbrtoc8 with bytes left over: PENDING and their number in the state, the bytes in the value, the
 * next one lowest. c8rtomb in the middle: missing bytes and the length's index in the state, the bits
 * so far in the value. mbrtowc's own states are small numbers.
 */
#define PENDING 0x80000000u
#define LEFT(ps) ((ps)->__state >> 24 & 7)

size_t mbrtoc8(unsigned char *restrict out, const char *restrict s, size_t n, mbstate_t *restrict ps)
{
	static mbstate_t own;
	wchar_t c = 0;
	char buf[8];

	if (!ps)
		ps = &own;
	if (!s)
		return mbrtoc8(NULL, "", 1, ps);
	if (ps->__state & PENDING) {
		if (out)
			*out = ps->__value;
		ps->__value >>= 8;
		ps->__state = LEFT(ps) > 1 ? (LEFT(ps) - 1) << 24 | PENDING : 0;
		return -3;
	}
	size_t r = mbrtowc(&c, s, n, ps);
	if (r > 4)
		return r;
	int k = __utf8_put(buf, c);
	if (out)
		*out = buf[0];
	if (k > 1) {
		ps->__value = 0;
		for (int i = k - 1; i > 0; i--)
			ps->__value = ps->__value << 8 | (unsigned char)buf[i];
		ps->__state = (unsigned)(k - 1) << 24 | PENDING;
	}
	return r;
}

size_t c8rtomb(char *restrict s, unsigned char c, mbstate_t *restrict ps)
{
	static mbstate_t own;

	if (!ps)
		ps = &own;
	if (!s) {
		ps->__state = 0;
		return 1;
	}
	if (!LEFT(ps)) {
		int more = c < 0x80 ? 0 : c < 0xc2 ? -1 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : -1;
		if (more == 0)
			return wcrtomb(s, c, NULL);
		if (more > 0) {
			ps->__value = c & (0x3f >> more);
			ps->__state = (unsigned)more << 24 | (unsigned)more << 1;
			return 0;
		}
	} else if ((c & 0xc0) == 0x80) {
		static const uint32_t min[] = { 0, 0x80, 0x800, 0x10000 };
		unsigned total = ps->__state >> 1 & 3, left = LEFT(ps) - 1;
		wchar_t w = ps->__value = ps->__value << 6 | (c & 0x3f);
		ps->__state = left ? left << 24 | total << 1 : 0;
		if (left)
			return 0;
		if ((uint32_t)w >= min[total])
			return wcrtomb(s, w, NULL);
	}
	ps->__state = 0;
	errno = EILSEQ;
	return -1;
}
