/* SPDX-License-Identifier: MIT */
/* swab. */
#include <unistd.h>

void swab(const void *restrict from, void *restrict to, ssize_t n)
{
	const char *s = from;
	char *d = to;
	for (; n > 1; n -= 2, s += 2, d += 2) {
		char a = s[0], b = s[1];
		d[0] = b;
		d[1] = a;
	}
}
