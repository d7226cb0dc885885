/* SPDX-License-Identifier: MIT */
/* Looking into streams: stdio_ext.h. */
#include <stdio_ext.h>
#include "stdio_impl.h"

size_t __fbufsize(FILE *f)
{
	return f->flags & F_NOBUF ? 0 : f->size;
}

int __freading(FILE *f)
{
	return !(f->flags & F_WRITE) || (f->flags & F_READING);
}

int __fwriting(FILE *f)
{
	return !(f->flags & F_READ) || (f->flags & F_WRITING);
}

int __freadable(FILE *f)
{
	return !!(f->flags & F_READ);
}

int __fwritable(FILE *f)
{
	return !!(f->flags & F_WRITE);
}

int __flbf(FILE *f)
{
	return !!(f->flags & F_LINE);
}

size_t __fpending(FILE *f)
{
	return f->wpos - f->wbase;
}

void _flushlbf(void)
{
	fflush(NULL);
}

int __fsetlocking(FILE *f, int how)
{
	int old = f->flags & F_NOLOCK ? FSETLOCKING_BYCALLER : FSETLOCKING_INTERNAL;
	if (how == FSETLOCKING_BYCALLER)
		f->flags |= F_NOLOCK;
	else if (how == FSETLOCKING_INTERNAL)
		f->flags &= ~F_NOLOCK;
	return old;
}

size_t __freadahead(FILE *f)
{
	return f->rend - f->rpos;
}

const char *__freadptr(FILE *f, size_t *n)
{
	if (f->rpos >= f->rend)
		return NULL;
	*n = f->rend - f->rpos;
	return (const char *)f->rpos;
}

void __freadptrinc(FILE *f, size_t n)
{
	f->rpos += n;
}

void __fseterr(FILE *f)
{
	f->flags |= F_ERR;
}
