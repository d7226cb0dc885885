/* SPDX-License-Identifier: MIT */
/* fgetc, getc, getchar, ungetc. */
#include "stdio_impl.h"

int fgetc(FILE *f)
{
	if (!__threaded)
		return __getc(f);
	int locked = __flock(f), c = __getc(f);
	__funlock(f, locked);
	return c;
}

int getc(FILE *f)
{
	return fgetc(f);
}

int getchar(void)
{
	return fgetc(&__stdin);
}

int fgetc_unlocked(FILE *f)
{
	return __getc(f);
}

int getc_unlocked(FILE *f)
{
	return __getc(f);
}

int getchar_unlocked(void)
{
	return __getc(&__stdin);
}

int ungetc(int c, FILE *f)
{
	if (c == EOF)
		return EOF;
	int locked = __flock(f);
	if (f->flags & F_EOF) {
		f->flags &= ~F_EOF;
		f->rpos = f->rend = f->buf;
	}
	if (__toread(f) < 0 || f->rpos <= f->buf - UNGET)
		c = EOF;
	else if (*--f->rpos != (unsigned char)c)
		*f->rpos = c;	/* never written when it is what was read: the buffer may be a constant */
	__funlock(f, locked);
	return c == EOF ? EOF : (unsigned char)c;
}
