/* SPDX-License-Identifier: MIT */
/* fclose, fcloseall. */
#include <stdlib.h>
#include "stdio_impl.h"
#include "ret.h"

int fclose(FILE *f)
{
	int r = fflush(f), locked = __flock(f);
	if (!(f->flags & F_STATIC))
		__file_remove(f);
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
