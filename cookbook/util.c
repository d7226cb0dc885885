/* SPDX-License-Identifier: MIT */
/* Memory, strings and messages. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "util.h"

static void
say(const char *format, va_list ap)
{
	fflush(stdout);
	fputs("cook: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
}

void
warn_(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
}

void
die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
	exit(1);
}

void
misuse(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
	exit(2);
}

void *
xalloc(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		die("out of memory");
	return p;
}

void *
xgrow(void *p, size_t n)
{
	p = realloc(p, n);
	if (!p)
		die("out of memory");
	return p;
}

char *
xdup(const char *s)
{
	char *p = strdup(s);

	if (!p)
		die("out of memory");
	return p;
}

char *
vfmt(const char *format, va_list ap)
{
	va_list again;
	size_t n;
	char *s;
	int r;

	va_copy(again, ap);
	r = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (r < 0)
		die("cannot format a text");
	n = (size_t)r + 1;
	s = xalloc(n);
	vsnprintf(s, n, format, ap);
	return s;
}

char *
fmt(const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = vfmt(format, ap);
	va_end(ap);
	return s;
}

void
list_add(struct list *l, const char *s)
{
	if (cpk_list_add(l, s) < 0)
		die("out of memory");
}

void
list_take(struct list *l, char *s)
{
	list_add(l, s);
	free(s);
}

int
list_has(const struct list *l, const char *s)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return 1;
	return 0;
}

void
buf_add(struct buf *b, const char *s, size_t n)
{
	if (b->n + n + 1 > b->cap) {
		b->cap = 2 * (b->n + n + 64);
		b->s = xgrow(b->s, b->cap);
	}
	memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_fmt(struct buf *b, const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = vfmt(format, ap);
	va_end(ap);
	buf_str(b, s);
	free(s);
}

void
buf_quote(struct buf *b, const char *s)
{
	buf_str(b, "'");
	for (; *s; s++) {
		if (*s == '\'')
			buf_str(b, "'\\''");
		else
			buf_add(b, s, 1);
	}
	buf_str(b, "'");
}

int
wait_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}
