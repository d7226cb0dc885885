/* SPDX-License-Identifier: MIT */
/* strlcpy, strlcat. */
#include <string.h>

size_t strlcpy(char *restrict d, const char *restrict s, size_t size)
{
	size_t n = strlen(s);
	if (size) {
		size_t l = n < size ? n : size - 1;
		memcpy(d, s, l);
		d[l] = 0;
	}
	return n;
}

size_t strlcat(char *restrict d, const char *restrict s, size_t size)
{
	size_t l = strnlen(d, size);
	if (l == size)
		return l + strlen(s);
	return l + strlcpy(d + l, s, size - l);
}
