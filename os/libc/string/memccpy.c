/* SPDX-License-Identifier: MIT */
/* memccpy. */
#include <string.h>

void *memccpy(void *restrict dest, const void *restrict src, int c, size_t n)
{
	const char *hit = memchr(src, c, n);
	if (!hit) {
		memcpy(dest, src, n);
		return NULL;
	}
	return mempcpy(dest, src, hit - (const char *)src + 1);
}
