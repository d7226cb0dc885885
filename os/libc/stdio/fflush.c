/* SPDX-License-Identifier: MIT */
/* fflush, fpurge. */
#include "stdio_impl.h"
#include <stdio_ext.h>

static int flush_one(FILE *f)
{
	int locked = __flock(f), r = 0;
	if (f->flags & F_WRITING) {
		r = __flush(f);
	} else if (f->rpos < f->rend && f->seek) {
		/* The file's offset becomes that of the stream. */
		if (f->seek(f, f->rpos - f->rend, SEEK_CUR) >= 0)
			f->rpos = f->rend = f->buf;
	}
	__funlock(f, locked);
	return r;
}

int fflush_unlocked(FILE *f)
{
	return fflush(f);
}

int fflush(FILE *f)
{
	int r = 0;
	if (f)
		return flush_one(f);
	r |= flush_one(&__stdout);
	r |= flush_one(&__stderr);
	lock(&__files_lock);
	for (f = __files; f; f = f->next)
		if (f->flags & F_WRITING && f->wpos > f->wbase)
			r |= flush_one(f);
	unlock(&__files_lock);
	return r;
}

void __fpurge(FILE *f)
{
	f->rpos = f->rend = f->buf;
	f->wpos = f->wbase;
}

int fpurge(FILE *f)
{
	__fpurge(f);
	return 0;
}
