/* SPDX-License-Identifier: MIT */
/* fmemopen: a stream over a block of memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "stdio_impl.h"

struct mem {
	unsigned char *buf, *own;
	size_t pos, len, size;
	int append;
};

static long m_read(FILE *f, void *buf, size_t n)
{
	struct mem *m = f->cookie;
	size_t left = m->pos < m->len ? m->len - m->pos : 0;
	n = n < left ? n : left;
	memcpy(buf, m->buf + m->pos, n);
	m->pos += n;
	return n;
}

static long m_write(FILE *f, const void *buf, size_t n)
{
	struct mem *m = f->cookie;
	if (m->append)
		m->pos = m->len;
	size_t room = m->pos < m->size ? m->size - m->pos : 0;
	if (!room)
		return -ENOSPC;
	n = n < room ? n : room;
	memcpy(m->buf + m->pos, buf, n);
	m->pos += n;
	if (m->pos > m->len) {
		m->len = m->pos;
		if (m->len < m->size)
			m->buf[m->len] = 0;
		else if (!(f->flags & F_READ) && m->size)
			m->buf[m->size - 1] = 0;
	}
	return n;
}

static long m_seek(FILE *f, long off, int whence)
{
	struct mem *m = f->cookie;
	long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (long)m->pos : (long)m->len;
	if (off < -base || off > (long)m->size - base)
		return -EINVAL;
	return m->pos = base + off;
}

static int m_close(FILE *f)
{
	struct mem *m = f->cookie;
	free(m->own);
	free(m);
	return 0;
}

FILE *fmemopen(void *restrict buf, size_t size, const char *restrict mode)
{
	unsigned flags;
	if (__fmode(mode, &flags) < 0)
		return NULL;
	FILE *f = __file_new(BUFSIZ);
	struct mem *m = calloc(1, sizeof(*m));
	if (!f || !m || (!buf && !(buf = m->own = calloc(1, size ? size : 1)))) {
		free(f);
		free(m);
		return NULL;
	}
	m->buf = buf;
	m->size = size;
	if (*mode == 'r')
		m->len = size;
	else if (*mode == 'a')
		m->len = m->pos = strnlen(buf, size);
	else if (size)
		m->buf[0] = 0;
	m->append = *mode == 'a';
	f->cookie = m;
	f->flags = flags;
	f->read = m_read;
	f->write = m_write;
	f->seek = m_seek;
	f->close = m_close;
	__file_add(f);
	return f;
}
