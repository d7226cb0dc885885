/* SPDX-License-Identifier: MIT */
/* setvbuf and its old forms. */
#include <stdlib.h>
#include "stdio_impl.h"

int setvbuf(FILE *restrict f, char *restrict buf, int type, size_t size)
{
	if (type != _IOFBF && type != _IOLBF && type != _IONBF)
		return -1;
	if (f->flags & F_WRITING)
		__flush(f);
	f->flags &= ~(F_LINE | F_NOBUF | F_TTYCHECK);
	if (type == _IONBF) {
		f->flags |= F_NOBUF;
	} else {
		if (type == _IOLBF)
			f->flags |= F_LINE;
		if (f->rpos == f->rend && (size > f->size || (buf && size > UNGET))) {
			char *b = buf && size > UNGET ? buf : malloc(size + UNGET);
			size_t n = b == buf ? size - UNGET : size;
			if (b) {
				if (f->flags & F_OWNBUF)
					free(f->buf - UNGET);
				f->flags &= ~F_OWNBUF;
				if (b != buf)
					f->flags |= F_OWNBUF;
				f->buf = f->rpos = f->rend = (unsigned char *)b + UNGET;
				f->size = n;
			}
		}
	}
	if (f->flags & F_WRITING) {
		f->wbase = f->wpos = f->buf;
		f->wend = f->flags & (F_LINE | F_NOBUF) ? f->wbase : f->buf + f->size;
	}
	return 0;
}

void setbuf(FILE *restrict f, char *restrict buf)
{
	setvbuf(f, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void setbuffer(FILE *f, char *buf, size_t size)
{
	setvbuf(f, buf, buf ? _IOFBF : _IONBF, size);
}

void setlinebuf(FILE *f)
{
	setvbuf(f, NULL, _IOLBF, 0);
}
