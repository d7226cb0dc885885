/* SPDX-License-Identifier: MIT */
/* getdelim, getline. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include "stdio_impl.h"

/* Makes *s hold at least need bytes. */
static int grow(char **s, size_t *n, size_t need)
{
	if (*s && *n >= need)
		return 0;
	size_t size = need < 120 ? 120 : need + need / 2;
	char *t = realloc(*s, size);
	if (!t)
		return -1;
	*s = t;
	*n = size;
	return 0;
}

static ssize_t read_line(char **s, size_t *n, int delim, FILE *f)
{
	size_t len = 0;
	int done = 0;
	while (!done) {
		size_t k = f->rend - f->rpos;
		if (!k) {
			int c = __underflow(f);
			if (c < 0) {
				if (!len || !(f->flags & F_EOF))
					return -1;
				break;
			}
			f->rpos--;
			continue;
		}
		unsigned char *end = memchr(f->rpos, delim, k);
		if (end) {
			k = end + 1 - f->rpos;
			done = 1;
		}
		if (grow(s, n, len + k + 1) < 0) {
			f->flags |= F_ERR;
			return -1;
		}
		memcpy(*s + len, f->rpos, k);
		f->rpos += k;
		len += k;
	}
	(*s)[len] = 0;
	return len;
}

ssize_t getdelim(char **restrict s, size_t *restrict n, int delim, FILE *restrict f)
{
	if (!s || !n) {
		errno = EINVAL;
		return -1;
	}
	int locked = __flock(f);
	if (!*s)
		*n = 0;
	ssize_t r = read_line(s, n, delim, f);
	__funlock(f, locked);
	return r;
}

ssize_t getline(char **restrict s, size_t *restrict n, FILE *restrict f)
{
	return getdelim(s, n, '\n', f);
}

char *fgetln(FILE *f, size_t *len)
{
	size_t n = 0;
	if (f->line)
		n = malloc_usable_size(f->line);
	ssize_t r = getdelim(&f->line, &n, '\n', f);
	if (r < 0)
		return NULL;
	*len = r;
	return f->line;
}
