/* SPDX-License-Identifier: MIT */
/* fputc, putc, putchar. */
#include "stdio_impl.h"

int fputc(int c, FILE *f)
{
	if (!__threaded)
		return __putc(c, f);
	int locked = __flock(f);
	c = __putc(c, f);
	__funlock(f, locked);
	return c;
}

int putc(int c, FILE *f)
{
	return fputc(c, f);
}

int putchar(int c)
{
	return fputc(c, &__stdout);
}

int fputc_unlocked(int c, FILE *f)
{
	return __putc(c, f);
}

int putc_unlocked(int c, FILE *f)
{
	return __putc(c, f);
}

int putchar_unlocked(int c)
{
	return __putc(c, &__stdout);
}
