/* SPDX-License-Identifier: MIT */
/* The states of a stream: reading, writing, filling and flushing its buffer. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include "stdio_impl.h"
#include "plat.h"

int __ferr(FILE *f, long r)
{
	f->flags |= F_ERR;
	errno = -r;
	return EOF;
}

static void reset(FILE *f)
{
	f->rpos = f->rend = f->buf;
	f->wbase = f->wpos = f->wend = NULL;
	f->flags &= ~(F_READING | F_WRITING);
}

int __toread(FILE *f)
{
	if (f->flags & F_READING)
		return f->flags & F_EOF ? EOF : 0;
	if (f->flags & F_WRITING && __flush(f) < 0)
		return EOF;
	if (!(f->flags & F_READ))
		return __ferr(f, -EBADF);
	reset(f);
	f->flags |= F_READING;
	return f->flags & F_EOF ? EOF : 0;
}

int __towrite(FILE *f)
{
	if (f->flags & F_WRITING)
		return 0;
	if (!(f->flags & F_WRITE))
		return __ferr(f, -EBADF);
	/* What was read ahead was not read by the program: go back, where one can. */
	if (f->rpos < f->rend && f->seek)
		f->seek(f, f->rpos - f->rend, SEEK_CUR);
	reset(f);
	f->flags |= F_WRITING;
	if (f->flags & F_TTYCHECK) {
		struct winsize ws;
		f->flags &= ~F_TTYCHECK;
		if (plat_ioctl(f->fd, TIOCGWINSZ, &ws) >= 0)
			f->flags |= F_LINE;
	}
	f->wbase = f->wpos = f->buf;
	f->wend = f->flags & (F_LINE | F_NOBUF) ? f->wbase : f->buf + f->size;
	return 0;
}

/* Writes all n bytes; returns how many went out, with the error noted. */
static size_t write_all(FILE *f, const unsigned char *p, size_t n)
{
	size_t done = 0;
	while (done < n) {
		long r = f->write(f, p + done, n - done);
		if (r == -EINTR && !done)
			r = f->write(f, p + done, n - done);
		if (r <= 0) {
			__ferr(f, r ? r : -EIO);
			break;
		}
		done += r;
	}
	return done;
}

int __flush(FILE *f)
{
	size_t n = f->wpos - f->wbase;
	if (!n)
		return 0;
	f->wpos = f->wbase;
	size_t done = write_all(f, f->wbase, n);
	if (done == n)
		return 0;
	/* What could not be written is lost, as in most libraries: keeping it would fail at exit again. */
	return -1;
}

/* A terminal that is about to wait for a line shows the prompts first. */
static void flush_lines(void)
{
	FILE *o = &__stdout;
	if (o->flags & F_LINE && o->wpos > o->wbase) {
		int locked = __flock(o);
		__flush(o);
		__funlock(o, locked);
	}
}

int __underflow(FILE *f)
{
	if (__toread(f) < 0)
		return EOF;
	if (f->rpos < f->rend)
		return *f->rpos++;
	if (f->flags & (F_LINE | F_NOBUF) || f == &__stdin)
		flush_lines();
	long r = f->read(f, f->buf, f->flags & F_NOBUF || !f->size ? 1 : f->size);
	f->rpos = f->rend = f->buf;
	if (r <= 0) {
		if (r < 0)
			return __ferr(f, r);
		f->flags |= F_EOF;
		return EOF;
	}
	f->rend += r;
	return *f->rpos++;
}

int __overflow(FILE *f, int ch)
{
	unsigned char c = ch;
	return __fwritex(&c, 1, f) == 1 ? c : EOF;
}

/* Room is in the buffer up to its real end, whatever wend says. */
static size_t put_buffered(const unsigned char *p, size_t n, FILE *f)
{
	size_t room = f->buf + f->size - f->wpos;
	if (n > room) {
		if (__flush(f) < 0)
			return 0;
		if (n >= f->size)
			return write_all(f, p, n);
	}
	memcpy(f->wpos, p, n);
	f->wpos += n;
	return n;
}

size_t __fwritex(const void *ptr, size_t n, FILE *f)
{
	const unsigned char *p = ptr;
	if (f->wpos + n <= f->wend && f->wpos) {
		memcpy(f->wpos, p, n);
		f->wpos += n;
		return n;
	}
	if (f->flags & F_STRING) {
		size_t room = f->wend - f->wpos, k = n < room ? n : room;
		memcpy(f->wpos, p, k);
		f->wpos += k;
		return n;
	}
	if (!n || __towrite(f) < 0)
		return 0;
	if (f->flags & F_NOBUF) {
		if (__flush(f) < 0)
			return 0;
		return write_all(f, p, n);
	}
	if (f->flags & F_LINE) {
		const unsigned char *nl = memrchr(p, '\n', n);
		if (nl) {
			size_t head = nl + 1 - p, k = put_buffered(p, head, f);
			if (k < head || __flush(f) < 0)
				return k;
			return head + put_buffered(nl + 1, n - head, f);
		}
	}
	return put_buffered(p, n, f);
}

size_t __freadx(void *ptr, size_t n, FILE *f)
{
	unsigned char *p = ptr;
	size_t left = n;
	while (left) {
		size_t k = f->rend - f->rpos;
		if (k) {
			k = k < left ? k : left;
			memcpy(p, f->rpos, k);
			f->rpos += k;
		} else if (left >= f->size || f->flags & F_NOBUF) {
			if (__toread(f) < 0)
				break;
			long r = f->read(f, p, left);
			if (r <= 0) {
				if (r < 0)
					__ferr(f, r);
				else
					f->flags |= F_EOF;
				break;
			}
			k = r;
		} else {
			int c = __underflow(f);
			if (c < 0)
				break;
			*p = c;
			k = 1;
		}
		p += k;
		left -= k;
	}
	return n - left;
}
