/* SPDX-License-Identifier: MIT */
/* Encoding a character in UTF-8. */
#include "utf8.h"

size_t __utf8_put(char *s, unsigned c)
{
	if (c < 0x80) {
		s[0] = c;
		return 1;
	}
	if (c < 0x800) {
		s[0] = 0xc0 | c >> 6;
		s[1] = 0x80 | (c & 63);
		return 2;
	}
	if (c < 0x10000) {
		if (c - 0xd800 < 0x800)
			return 0;
		s[0] = 0xe0 | c >> 12;
		s[1] = 0x80 | (c >> 6 & 63);
		s[2] = 0x80 | (c & 63);
		return 3;
	}
	if (c >= 0x110000)
		return 0;
	s[0] = 0xf0 | c >> 18;
	s[1] = 0x80 | (c >> 12 & 63);
	s[2] = 0x80 | (c >> 6 & 63);
	s[3] = 0x80 | (c & 63);
	return 4;
}
