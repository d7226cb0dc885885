/* SPDX-License-Identifier: MIT */
/* fclose, fcloseall. */
#include <stdlib.h>
#include "stdio_impl.h"
#include "ret.h"

int fclose(FILE *f)
{
	int r = fflush(f), locked;
	/* The list's lock is never asked for while a stream's is held: fflush(NULL) does the reverse. */
	if (!(f->flags & F_STATIC))
		__file_remove(f);
	locked = __flock(f);
	if (f->close && __ret(f->close(f)) < 0)
		r = EOF;
	__funlock(f, locked);
	free(f->line);
	if (f->flags & F_OWNBUF)
		free(f->buf - UNGET);
	if (f->flags & F_STATIC) {
		f->flags = F_STATIC;
		f->fd = -1;
		f->close = NULL;
		f->rpos = f->rend = f->buf;
		f->wbase = f->wpos = f->wend = NULL;
		return r;
	}
	free(f);
	return r;
}

int fcloseall(void)
{
	while (__files)
		fclose(__files);
	return fflush(NULL);
}
