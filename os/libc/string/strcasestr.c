/* SPDX-License-Identifier: MIT */
/* strcasestr. */
#include <string.h>

char *strcasestr(const char *h, const char *n)
{
	size_t l = strlen(n);
	for (; ; h++) {
		if (!strncasecmp(h, n, l))
			return (char *)h;
		if (!*h)
			return NULL;
	}
}
