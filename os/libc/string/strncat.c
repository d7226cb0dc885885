/* SPDX-License-Identifier: MIT */
/* strncat. */
#include <string.h>

char *strncat(char *restrict d, const char *restrict s, size_t n)
{
	char *end = d + strlen(d);
	size_t l = strnlen(s, n);
	memcpy(end, s, l);
	end[l] = 0;
	return d;
}
