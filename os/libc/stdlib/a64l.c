/* SPDX-License-Identifier: MIT */
/* a64l, l64a. */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

long a64l(const char *s)
{
	uint32_t v = 0;
	const char *d;
	for (int i = 0; i < 36 && *s && (d = strchr(digits, *s)); i += 6, s++)
		v |= (uint32_t)((uint64_t)(d - digits) << i);
	return (int32_t)v;
}

char *l64a(long l)
{
	static char buf[7];
	uint32_t v = l;
	char *p = buf;
	for (; v; v >>= 6)
		*p++ = digits[v & 63];
	*p = 0;
	return buf;
}
