/* SPDX-License-Identifier: MIT */
/* fseek, ftell, rewind, fgetpos, fsetpos. */
#include <errno.h>
#include "stdio_impl.h"

int __fseek(FILE *f, long off, int whence)
{
	if ((unsigned)whence > SEEK_END + 2) {
		errno = EINVAL;
		return -1;
	}
	if (f->flags & F_WRITING && __flush(f) < 0)
		return -1;
	if (whence == SEEK_CUR)
		off -= f->rend - f->rpos;
	long r = f->seek ? f->seek(f, off, whence) : -ESPIPE;
	if (r < 0) {
		errno = -r;
		return -1;
	}
	f->rpos = f->rend = f->buf;
	f->wbase = f->wpos = f->wend = NULL;
	f->flags &= ~(F_EOF | F_READING | F_WRITING);
	return 0;
}

long __ftell(FILE *f)
{
	int end = f->flags & F_APPEND && f->wpos > f->wbase;
	long r = f->seek ? f->seek(f, 0, end ? SEEK_END : SEEK_CUR) : -ESPIPE;
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return r - (f->rend - f->rpos) + (f->wpos - f->wbase);
}

int fseeko(FILE *f, off_t off, int whence)
{
	int locked = __flock(f), r = __fseek(f, off, whence);
	__funlock(f, locked);
	return r;
}

int fseek(FILE *f, long off, int whence)
{
	return fseeko(f, off, whence);
}

off_t ftello(FILE *f)
{
	int locked = __flock(f);
	long r = __ftell(f);
	__funlock(f, locked);
	return r;
}

long ftell(FILE *f)
{
	return ftello(f);
}

void rewind(FILE *f)
{
	int locked = __flock(f);
	__fseek(f, 0, SEEK_SET);
	f->flags &= ~F_ERR;
	__funlock(f, locked);
}

int fgetpos(FILE *restrict f, fpos_t *restrict pos)
{
	off_t off = ftello(f);
	if (off < 0)
		return -1;
	pos->__off = off;
	return 0;
}

int fsetpos(FILE *f, const fpos_t *pos)
{
	return fseeko(f, pos->__off, SEEK_SET);
}
