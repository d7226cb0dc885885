/* SPDX-License-Identifier: MIT */
/*
 * Members of a pax archive, as write.c makes them: ustar headers, and extended ones before those
 * whose names, links or attributes do not fit. Anything else is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "local.h"
#include "tar.h"

#define BLOCK	512
#define MAX_PAX	(1u << 20)
_Static_assert(BLOCK <= CPK_PIECE, "a header is seen in one piece");

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], owner[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "the header of ustar");

static int
refuse(struct cpk_member *m, const char *why)
{
	m->why = why;
	return -EBADMSG;
}

/* Octal digits, ended by a space, a NUL or the field; -1 when it is something else. */
static int64_t
octal(const char *s, size_t n)
{
	int64_t v = 0;
	size_t i = 0;

	for (; i < n && s[i] >= '0' && s[i] <= '7'; i++)
		v = v << 3 | (s[i] - '0');
	return i && (i == n || s[i] == ' ' || s[i] == '\0') ? v : -1;
}

static int
sum_ok(const struct header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		sum += i >= offsetof(struct header, sum) && i < offsetof(struct header, type) ? ' ' : p[i];
	return octal(h->sum, sizeof(h->sum)) == sum;
}

static int
all_zero(const void *p, size_t n)
{
	const unsigned char *s = p;

	while (n && !*s)
		s++, n--;
	return n == 0;
}

/* A value of an extended header into a string of ours; NULs and what is too long are refused. */
static int
set_string(char *to, size_t size, const char *s, size_t n)
{
	if (n >= size || memchr(s, '\0', n))
		return -EBADMSG;
	memcpy(to, s, n);
	to[n] = '\0';
	return 0;
}

static int
set_size(struct cpk_member *m, const char *s, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9' || v > INT64_MAX / 10 - 9)
			return -EBADMSG;
		v = v * 10 + (uint64_t)(s[i] - '0');
	}
	m->size = v;
	return n ? 0 : -EBADMSG;
}

/* What replaces a field of the header that follows. Other keys say nothing that counts here. */
static int
pax_key(struct cpk_member *m, const char *key, const char *value, size_t n)
{
	if (strcmp(key, "path") == 0)
		return set_string(m->path, sizeof(m->path), value, n);
	if (strcmp(key, "linkpath") == 0)
		return set_string(m->link, sizeof(m->link), value, n);
	if (strcmp(key, "uname") == 0)
		return set_string(m->owner, sizeof(m->owner), value, n);
	if (strcmp(key, "gname") == 0)
		return set_string(m->group, sizeof(m->group), value, n);
	return strcmp(key, "size") ? 0 : set_size(m, value, n);
}

int
cpk_pax_record(const char **s, const char *end, char key[CPK_PAX_KEY], const char **value, size_t *n)
{
	const char *p = *s, *eq;
	size_t len = 0;

	if (p == end)
		return 0;
	for (; p < end && *p >= '0' && *p <= '9' && len <= MAX_PAX; p++)
		len = len * 10 + (size_t)(*p - '0');
	if (p == *s || p == end || *p++ != ' ' || len > (size_t)(end - *s) || *s + len <= p ||
	    (*s)[len - 1] != '\n')
		return -EBADMSG;
	eq = memchr(p, '=', (size_t)(*s + len - p));
	if (!eq || set_string(key, CPK_PAX_KEY, p, (size_t)(eq - p)))
		return -EBADMSG;
	*value = eq + 1;
	*n = (size_t)(*s + len - 1 - *value);
	*s += len;
	return 1;
}

static int
read_pax(struct cpk_unzip *u, struct cpk_member *m, uint64_t size)
{
	char key[CPK_PAX_KEY];
	const unsigned char *p;
	const char *s, *value;
	size_t n, got = 0, whole = (size_t)((size + BLOCK - 1) / BLOCK * BLOCK);
	int r;

	if (m->pax || size > MAX_PAX)
		return refuse(m, "extended header repeated or too long");
	m->pax = malloc(whole + 1);
	if (!m->pax)
		return refuse(m, "out of memory");
	while (got < whole) {
		ssize_t have = cpk_unzip_ahead(u, 1, &p);

		if (have <= 0)
			return refuse(m, "cut short");
		n = (size_t)have < whole - got ? (size_t)have : whole - got;
		memcpy(m->pax + got, p, n);
		cpk_unzip_take(u, n);
		got += n;
	}
	m->npax = (size_t)size;
	for (s = m->pax; (r = cpk_pax_record(&s, m->pax + m->npax, key, &value, &n)) > 0;)
		if (pax_key(m, key, value, n))
			return refuse(m, "extended header is damaged");
	return r ? refuse(m, "extended header is damaged") : 0;
}

/* A field that need not end in NUL. */
static void
field(char *to, const char *from, size_t n)
{
	size_t len = strnlen(from, n);

	memcpy(to, from, len);
	to[len] = '\0';
}

static void
set_path(struct cpk_member *m, const struct header *h)
{
	size_t n = strnlen(h->prefix, sizeof(h->prefix));

	if (n) {
		field(m->path, h->prefix, sizeof(h->prefix));
		m->path[n++] = '/';
	}
	field(m->path + n, h->name, sizeof(h->name));
}

/* Fields of the header that no extended one has replaced. */
static int
set_fields(struct cpk_member *m, const struct header *h)
{
	int64_t mode = octal(h->mode, sizeof(h->mode)), size = octal(h->size, sizeof(h->size));

	if (mode < 0 || (size < 0 && !m->size))
		return refuse(m, "header is damaged");
	m->type = h->type ? h->type : '0';
	m->mode = (unsigned)mode & 07777;
	if (!m->size)
		m->size = (uint64_t)size;
	if (!*m->path)
		set_path(m, h);
	if (!*m->link)
		field(m->link, h->link, sizeof(h->link));
	if (!*m->owner)
		field(m->owner, h->owner, sizeof(h->owner));
	if (!*m->group)
		field(m->group, h->group, sizeof(h->group));
	return 1;
}

/* After the last member: zeros to the end of the data. */
static int
ending(struct cpk_unzip *u, struct cpk_member *m)
{
	const unsigned char *p;
	ssize_t n;

	while ((n = cpk_unzip_ahead(u, 1, &p)) > 0) {
		if (!all_zero(p, (size_t)n))
			return refuse(m, "something follows the end of the archive");
		cpk_unzip_take(u, (size_t)n);
	}
	return n < 0 ? refuse(m, "cannot be unpacked") : 0;
}

void
cpk_member_clear(struct cpk_member *m)
{
	free(m->pax);
	m->pax = NULL;
	m->npax = 0;
	m->size = 0;
	m->path[0] = m->link[0] = m->owner[0] = m->group[0] = '\0';
	m->why = NULL;
}

int
cpk_tar_next(struct cpk_unzip *u, struct cpk_member *m)
{
	const unsigned char *p;
	struct header h;
	int r = 0;

	cpk_member_clear(m);
	while (!r) {
		ssize_t n = cpk_unzip_ahead(u, BLOCK, &p);

		if (n < 0)
			return refuse(m, "cannot be unpacked");
		if (n < BLOCK)
			return refuse(m, "cut short");
		memcpy(&h, p, BLOCK);
		if (all_zero(&h, BLOCK))
			return m->pax ? refuse(m, "extended header of nothing") : ending(u, m);
		if (memcmp(h.magic, "ustar", 6) || !sum_ok(&h))
			return refuse(m, "is no tar archive, or damaged");
		cpk_unzip_take(u, BLOCK);
		r = h.type == 'x' ? read_pax(u, m, (uint64_t)octal(h.size, sizeof(h.size))) :
			set_fields(m, &h);
	}
	return r;
}
