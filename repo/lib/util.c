/* SPDX-License-Identifier: MIT */
/* Errors, strings, lists and hashes of the package format library. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"

int
cpk_fail(struct cpk_error *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

static int
buf_room(struct cpk_buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	char *s;

	if (b->bad)
		return 0;
	if (n < b->cap - b->n && b->cap)
		return 1;
	while (cap - b->n <= n)
		cap *= 2;
	s = realloc(b->s, cap);
	if (!s) {
		b->bad = 1;
		return 0;
	}
	b->s = s;
	b->cap = cap;
	return 1;
}

void
cpk_buf_add(struct cpk_buf *b, const char *s, size_t n)
{
	if (!buf_room(b, n))
		return;
	memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
cpk_buf_str(struct cpk_buf *b, const char *s)
{
	cpk_buf_add(b, s, strlen(s));
}

void
cpk_buf_fmt(struct cpk_buf *b, const char *fmt, ...)
{
	char line[CPK_MAX_LINE];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line))
		b->bad = 1;
	else
		cpk_buf_add(b, line, (size_t)n);
}

void
cpk_buf_escaped(struct cpk_buf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c <= ' ' || c == '%' || c == 0x7f)
			cpk_buf_fmt(b, "%%%02X", c);
		else
			cpk_buf_add(b, s, 1);
	}
}

int
cpk_list_add(struct cpk_list *l, const char *s)
{
	char *copy, **v;

	if ((l->n & (l->n - 1)) == 0) {
		v = realloc(l->v, (l->n ? 2 * l->n : 1) * sizeof(*v));
		if (!v)
			return -ENOMEM;
		l->v = v;
	}
	copy = strdup(s);
	if (!copy)
		return -ENOMEM;
	l->v[l->n++] = copy;
	return 0;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
cpk_list_sort(struct cpk_list *l)
{
	size_t i, n = 0;

	if (!l->n)
		return;
	qsort(l->v, l->n, sizeof(*l->v), by_bytes);
	for (i = 0; i < l->n; i++) {
		if (n && strcmp(l->v[n - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	/* Growth goes by powers of two of n, so an allocation must fit the next one. */
	l->n = n;
	if (n) {
		size_t cap = 1;
		char **v;

		while (cap < n)
			cap *= 2;
		v = realloc(l->v, cap * sizeof(*v));
		if (v)
			l->v = v;
	}
}

void
cpk_list_free(struct cpk_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

int
cpk_init(void)
{
	/* libarchive converts names by the locale; paths of packages are UTF-8. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	return sodium_init() < 0 ? -EIO : 0;
}

void
cpk_hash(const void *data, size_t len, uint8_t out[CPK_HASH])
{
	crypto_generichash(out, CPK_HASH, data, len, NULL, 0);
}

int
cpk_hash_fd(int fd, uint8_t out[CPK_HASH], uint64_t *size)
{
	crypto_generichash_state st;
	unsigned char buf[65536];
	uint64_t total = 0;
	ssize_t n;

	crypto_generichash_init(&st, NULL, 0, CPK_HASH);
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		crypto_generichash_update(&st, buf, (size_t)n);
		total += (uint64_t)n;
	}
	crypto_generichash_final(&st, out, CPK_HASH);
	if (size)
		*size = total;
	return 0;
}

void
cpk_hex(const uint8_t hash[CPK_HASH], char hex[CPK_HEX])
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < CPK_HASH; i++) {
		hex[2 * i] = digit[hash[i] >> 4];
		hex[2 * i + 1] = digit[hash[i] & 15];
	}
	hex[2 * CPK_HASH] = '\0';
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
cpk_unhex(const char *hex, uint8_t hash[CPK_HASH])
{
	size_t i;

	if (strnlen(hex, CPK_HEX) != 2 * CPK_HASH)
		return -EINVAL;
	for (i = 0; i < CPK_HASH; i++) {
		int hi = nibble(hex[2 * i]), lo = nibble(hex[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -EINVAL;
		hash[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

int
cpk_file_read(int fd, size_t n, void **data)
{
	size_t got = 0;
	ssize_t c = 0;

	*data = malloc(n + 1);
	while (*data && got < n && (c = read(fd, (char *)*data + got, n - got)) > 0)
		got += (size_t)c;
	return !*data ? -ENOMEM : c < 0 ? -errno : got == n ? 0 : -EBADMSG;
}

int
cpk_file_size(int fd, size_t *n)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > SIZE_MAX / 2)
		return -EINVAL;
	*n = (size_t)st.st_size;
	return 0;
}

int
cpk_load(int fd, size_t max, void **data, size_t *n)
{
	int r = cpk_file_size(fd, n);

	*data = NULL;
	if (!r)
		r = *n > max ? -EFBIG : cpk_file_read(fd, *n, data);
	if (r)
		free(*data);
	close(fd);
	return r;
}
