/* SPDX-License-Identifier: MIT */
/* feof, ferror, clearerr, fileno. */
#include <errno.h>
#include "stdio_impl.h"

int feof_unlocked(FILE *f)
{
	return !!(f->flags & F_EOF);
}

int ferror_unlocked(FILE *f)
{
	return !!(f->flags & F_ERR);
}

void clearerr_unlocked(FILE *f)
{
	f->flags &= ~(F_EOF | F_ERR);
}

int fileno_unlocked(FILE *f)
{
	if (f->fd < 0)
		errno = EBADF;
	return f->fd;
}

int feof(FILE *f)
{
	return !!(f->flags & F_EOF);
}

int ferror(FILE *f)
{
	return !!(f->flags & F_ERR);
}

void clearerr(FILE *f)
{
	int locked = __flock(f);
	f->flags &= ~(F_EOF | F_ERR);
	__funlock(f, locked);
}

int fileno(FILE *f)
{
	return fileno_unlocked(f);
}
