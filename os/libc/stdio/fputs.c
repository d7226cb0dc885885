/* SPDX-License-Identifier: MIT */
/* fputs, puts. */
#include <string.h>
#include "stdio_impl.h"

int fputs_unlocked(const char *s, FILE *f)
{
	size_t n = strlen(s);
	return __fwritex(s, n, f) == n ? 0 : EOF;
}

int fputs(const char *restrict s, FILE *restrict f)
{
	int locked = __flock(f), r = fputs_unlocked(s, f);
	__funlock(f, locked);
	return r;
}

int puts(const char *s)
{
	FILE *f = &__stdout;
	int locked = __flock(f), r = fputs_unlocked(s, f);
	if (r >= 0 && __putc('\n', f) < 0)
		r = EOF;
	__funlock(f, locked);
	return r;
}
