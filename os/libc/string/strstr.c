/* SPDX-License-Identifier: MIT */
/* strstr. */
#include <string.h>

char *strstr(const char *h, const char *n)
{
	size_t nl = strlen(n);
	if (!nl)
		return (char *)h;
	h = strchr(h, *n);
	return h && nl > 1 ? memmem(h, strlen(h), n, nl) : (char *)h;
}
