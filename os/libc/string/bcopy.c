/* SPDX-License-Identifier: MIT */
/* bcopy, bzero. */
#include <strings.h>
#include <string.h>

void bcopy(const void *s, void *d, size_t n)
{
	memmove(d, s, n);
}

void bzero(void *d, size_t n)
{
	memset(d, 0, n);
}
