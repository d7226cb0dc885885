/* SPDX-License-Identifier: MIT */
/*
 * Message catalogues of gettext: a head of 32-bit words in the order of bytes of who made it, then two
 * tables of {length, offset}, the messages sorted and their translations. A message with a plural is
 * "one\0many", its translation the forms with NULs between; the translation of "" holds charset and
 * plural expression. Files in other sets than UTF-8 are converted as a whole when they are opened.
 */
#include <byteswap.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lock.h"
#include "mo.h"

#define MAGIC 0x950412deu
#define LARGEST (64 << 20)

struct mo {
	struct mo *next;
	const unsigned char *base;	/* NULL: there is no such file, or it is damaged */
	size_t size;
	int swap;
	uint32_t count, from, to;	/* offsets of the tables */
	char **utf8;			/* translations by index, when they had to be converted */
	long forms;
	const char *plural;		/* NULL: as in English */
	char path[];
};

static uint32_t word(const struct mo *mo, size_t at)
{
	uint32_t v;
	memcpy(&v, mo->base + at, 4);
	return mo->swap ? bswap_32(v) : v;
}

/* Entry i of the table at `table`, its length in *len; NULL when it lies outside of the file. */
static const char *text(const struct mo *mo, uint32_t table, uint32_t i, size_t *len)
{
	size_t n = word(mo, table + 8 * (size_t)i), at = word(mo, table + 8 * (size_t)i + 4);
	if (at >= mo->size || n >= mo->size - at || mo->base[at + n])
		return NULL;
	*len = n;
	return (const char *)mo->base + at;
}

static int sane(struct mo *mo)
{
	if (mo->size < 28)
		return 0;
	mo->swap = 0;
	if (word(mo, 0) != MAGIC)
		mo->swap = 1;
	if (word(mo, 0) != MAGIC || word(mo, 4) >> 16 > 1)
		return 0;
	mo->count = word(mo, 8);
	mo->from = word(mo, 12);
	mo->to = word(mo, 16);
	return mo->count <= mo->size / 16 && mo->from <= mo->size - 8 * (size_t)mo->count &&
		mo->to <= mo->size - 8 * (size_t)mo->count;
}

/* One translation, its forms' NULs included, in UTF-8; NULL when it cannot be said so. */
static char *convert(iconv_t cd, const char *s, size_t n)
{
	size_t room = 4 * n + 8, left = room - 1, in = n;
	char *d = calloc(1, room), *p = d, *q = (char *)s;

	if (d && iconv(cd, &q, &in, &p, &left) == (size_t)-1) {
		free(d);
		d = NULL;
	}
	return d;
}

static void to_utf8(struct mo *mo, const char *set)
{
	iconv_t cd = iconv_open("UTF-8", set);
	size_t n;

	if (cd == (iconv_t)-1 || !(mo->utf8 = calloc(mo->count, sizeof(char *)))) {
		if (cd != (iconv_t)-1)
			iconv_close(cd);
		mo->base = NULL;
		return;
	}
	for (uint32_t i = 0; i < mo->count; i++) {
		const char *s = text(mo, mo->to, i, &n);
		mo->utf8[i] = s ? convert(cd, s, n) : NULL;
	}
	iconv_close(cd);
}

/* The value of a line of the head, as far as the characters of end; NULL when there is none. */
static const char *field(const char *head, const char *name, const char *end, size_t *len)
{
	const char *s = strcasestr(head, name);
	if (!s)
		return NULL;
	s += strlen(name);
	*len = strcspn(s, end);
	return s;
}

static void read_head(struct mo *mo)
{
	const struct mo_query q = { "", NULL, 1 };
	const char *head = __mo_find(mo, &q), *s;
	char set[32];
	size_t n;

	if (!head)
		return;
	if ((s = field(head, "nplurals=", ";\n", &n))) {
		mo->forms = strtol(s, NULL, 10);
		mo->plural = field(s, "plural=", ";\n", &n);
		if (mo->plural && __plural(mo->plural, 1) < 0)
			mo->plural = NULL;
	}
	s = field(head, "charset=", " \t\n", &n);
	if (!s || n >= sizeof(set) || (n == 5 && !strncasecmp(s, "UTF-8", 5)))
		return;
	memcpy(set, s, n);
	set[n] = 0;
	if (strcmp(set, "CHARSET") && strcasecmp(set, "US-ASCII"))
		to_utf8(mo, set);
}

static void load(struct mo *mo, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= LARGEST && st.st_size > 0)
		p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return;
	mo->base = p;
	mo->size = st.st_size;
	if (sane(mo)) {
		read_head(mo);
	} else {
		mo->base = NULL;
		munmap(p, mo->size);
	}
}

const struct mo *__mo_open(const char *path)
{
	static struct lock mo_lock;
	static struct mo *list;
	struct mo *mo;

	lock(&mo_lock);
	for (mo = list; mo && strcmp(mo->path, path); mo = mo->next)
		;
	if (!mo && (mo = calloc(1, sizeof(*mo) + strlen(path) + 1))) {
		strcpy(mo->path, path);
		load(mo, path);
		mo->next = list;
		list = mo;
	}
	unlock(&mo_lock);
	return mo && mo->base ? mo : NULL;
}

/* Form k of a translation of n bytes; the first when it has not so many. */
static const char *form(const char *s, size_t n, long k)
{
	const char *p = s, *end = s + n;
	while (k-- > 0) {
		p += strlen(p) + 1;
		if (p > end)
			return s;
	}
	return *p ? p : s;
}

static long which(const struct mo *mo, unsigned long n)
{
	long k = mo->plural ? __plural(mo->plural, n) : n != 1;
	return k < 0 || (mo->forms && k >= mo->forms) ? 0 : k;
}

const char *__mo_find(const struct mo *mo, const struct mo_query *q)
{
	uint32_t low = 0, high = mo->count;
	size_t n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const char *s = text(mo, mo->from, mid, &n);
		int c = s ? strcmp(q->one, s) : 1;
		if (!s)
			return NULL;
		if (c) {
			*(c < 0 ? &high : &low) = c < 0 ? mid : mid + 1;
			continue;
		}
		s = text(mo, mo->to, mid, &n);
		if (s && mo->utf8 && (s = mo->utf8[mid]))
			n = n * 4 + 7;
		return !s ? NULL : q->many ? form(s, n, which(mo, q->n)) : s;
	}
	return NULL;
}
