/* SPDX-License-Identifier: MIT */
/* b64.c: base 64 (RFC 4648) as resolvers have always had it; white space in the text is skipped. */
#include <ctype.h>
#include <resolv.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The text's length, or -1 when it and its terminator have no room. */
int b64_ntop(const unsigned char *src, size_t n, char *to, size_t room)
{
	size_t at = 0;

	if (!room || (n + 2) / 3 > (room - 1) / 4)
		return -1;
	for (; n; src += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
		unsigned v = src[0] << 16 | (n > 1 ? src[1] << 8 : 0) | (n > 2 ? src[2] : 0);

		to[at++] = digits[v >> 18];
		to[at++] = digits[v >> 12 & 63];
		to[at++] = n > 1 ? digits[v >> 6 & 63] : '=';
		to[at++] = n > 2 ? digits[v & 63] : '=';
	}
	to[at] = 0;
	return at;
}

/* What may follow the digits of the last group: as many '=' as it lacks, and space. */
static int ends_well(const char *p, int have)
{
	int pads = 0;

	for (; *p; p++) {
		if (*p == '=')
			pads++;
		else if (!isspace((unsigned char)*p))
			return 0;
	}
	return have ? pads == 4 - have : !pads;
}

/* Bytes of the text, also when `to` is NULL; -1 when it is no base 64 or has no room. */
int b64_pton(const char *p, unsigned char *to, size_t room)
{
	unsigned v = 0;
	int have = 0;
	size_t at = 0;

	for (; *p && *p != '='; p++) {
		const char *d = strchr(digits, *p);

		if (isspace((unsigned char)*p))
			continue;
		if (!d)
			return -1;
		v = v << 6 | (d - digits);
		if (++have < 2)
			continue;
		if (to && at >= room)
			return -1;
		/* After digit 2, 3 and 4 a byte is whole, above 4, 2 and 0 bits that are left. */
		if (to)
			to[at] = v >> (8 - 2 * have);
		at++;
		have &= 3;
		v &= have ? (1u << (8 - 2 * have)) - 1 : 0;
	}
	if (have == 1 || v || !ends_well(p, have))
		return -1;
	return at;
}
