/* SPDX-License-Identifier: MIT */
/* open_memstream, open_wmemstream: output into memory that grows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "stdio_impl.h"
#include "utf8.h"

struct stream {
	char **out;
	size_t *outlen;
	char *buf;
	size_t pos, len, cap, unit;	/* in bytes; unit: of one character of the result */
	mbstate_t mb;
};

static int reserve(struct stream *s, size_t need)
{
	if (need + s->unit <= s->cap)
		return 0;
	size_t cap = s->cap * 2 > need + s->unit ? s->cap * 2 : need + s->unit;
	char *b = realloc(s->buf, cap);
	if (!b)
		return -1;
	memset(b + s->cap, 0, cap - s->cap);
	s->buf = b;
	s->cap = cap;
	return 0;
}

static int put(struct stream *s, const void *p, size_t n)
{
	if (reserve(s, s->pos + n) < 0)
		return -ENOMEM;
	memcpy(s->buf + s->pos, p, n);
	s->pos += n;
	if (s->pos > s->len) {
		s->len = s->pos;
		memset(s->buf + s->len, 0, s->unit);
	}
	return 0;
}

static void publish(struct stream *s)
{
	*s->out = s->buf;
	*s->outlen = (s->pos < s->len ? s->pos : s->len) / s->unit;
}

static long s_write(FILE *f, const void *buf, size_t n)
{
	struct stream *s = f->cookie;
	const char *p = buf;
	size_t left = n;
	int r = 0;
	if (s->unit == 1) {
		r = put(s, p, n);
	} else {
		while (left && !r) {
			wchar_t c;
			size_t k = mbrtowc(&c, p, left, &s->mb);
			if (k == (size_t)-1)
				return -EILSEQ;
			if (k == (size_t)-2)
				break;
			k += !k;
			r = put(s, &c, sizeof(c));
			p += k;
			left -= k;
		}
	}
	if (r < 0)
		return r;
	publish(s);
	return n;
}

static long s_seek(FILE *f, long off, int whence)
{
	struct stream *s = f->cookie;
	long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (long)s->pos : (long)s->len;
	base /= s->unit;
	if (off < -base || off > PTRDIFF_MAX / 4 - base)
		return -EINVAL;
	s->pos = (base + off) * s->unit;
	if (reserve(s, s->pos) < 0)
		return -ENOMEM;
	publish(s);
	return base + off;
}

static int s_close(FILE *f)
{
	struct stream *s = f->cookie;
	publish(s);
	free(s);
	return 0;
}

static FILE *open_stream(char **out, size_t *outlen, size_t unit)
{
	FILE *f = __file_new(BUFSIZ);
	struct stream *s = calloc(1, sizeof(*s));
	if (!f || !s || !(s->buf = calloc(1, 64))) {
		free(f);
		free(s);
		return NULL;
	}
	s->out = out;
	s->outlen = outlen;
	s->cap = 64;
	s->unit = unit;
	f->cookie = s;
	f->flags = F_WRITE;
	f->write = s_write;
	f->seek = s_seek;
	f->close = s_close;
	publish(s);
	__file_add(f);
	return f;
}

FILE *open_memstream(char **out, size_t *len)
{
	return open_stream(out, len, 1);
}

FILE *open_wmemstream(wchar_t **out, size_t *len)
{
	FILE *f = open_stream((char **)out, len, sizeof(wchar_t));
	if (f)
		fwide(f, 1);
	return f;
}
