/* SPDX-License-Identifier: MIT */
/*
 * Message catalogues of XSI, as gencat makes them. All numbers are 32 bits, the highest byte first:
 *	magic, number of sets, size behind this head, where the messages and where the texts begin
 *	per set: its number, how many messages it has, the first of them
 *	per message: its number, its length with the NUL, where its text begins
 * What begins somewhere counts from behind the head (20 bytes); sets and messages are sorted.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <nl_types.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "libc.h"
#include "locale_impl.h"

#define MAGIC 0xff88ff89u
#define HEAD 20

struct catalogue { const unsigned char *base; size_t size; };

static uint32_t word(const struct catalogue *c, size_t at)
{
	uint32_t v = 0;
	if (at + 4 <= c->size)
		memcpy(&v, c->base + at, 4);
	return be32toh(v);
}

static struct catalogue *map(const char *path)
{
	struct catalogue c = { MAP_FAILED, 0 }, *r;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && st.st_size >= HEAD)
		c.base = mmap(NULL, c.size = st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (c.base == MAP_FAILED) {
		errno = ENOENT;
		return NULL;
	}
	if (word(&c, 0) == MAGIC && word(&c, 8) == c.size - HEAD && (r = malloc(sizeof(*r)))) {
		*r = c;
		return r;
	}
	munmap((void *)c.base, c.size);
	errno = ENOENT;
	return NULL;
}

/* A piece of NLSPATH with its %-marks filled in; 0 when it is too long. */
static int fill(char *d, size_t n, const char *s, size_t len, const char *name, const char *locale)
{
	size_t lang = strcspn(locale, "_.@"), terr = strcspn(locale, ".@"), l, i = 0;
	const char *dot = strchr(locale, '.'), *p;

	for (const char *end = s + len; s < end; s++) {
		p = s;
		l = 1;
		if (*s == '%' && s + 1 < end) {
			switch (*++s) {
			case 'N': p = name, l = strlen(p); break;
			case 'L': p = locale, l = strlen(p); break;
			case 'l': p = locale, l = lang; break;
			case 't': p = locale + lang + 1, l = terr > lang ? terr - lang - 1 : 0; break;
			case 'c': p = dot ? dot + 1 : "", l = strcspn(p, "@"); break;
			default: p = s;
			}
		}
		if (i + l >= n)
			return 0;
		memcpy(d + i, p, l);
		i += l;
	}
	d[i] = 0;
	return 1;
}

nl_catd catopen(const char *name, int flag)
{
	const char *path = __libc.secure ? NULL : getenv("NLSPATH");
	const char *locale = flag == NL_CAT_LOCALE ? __cur_locale()->name[LC_MESSAGES] : getenv("LANG");
	char file[PATH_MAX];
	struct catalogue *c = NULL;

	if (strchr(name, '/'))
		return (c = map(name)) ? (nl_catd)c : (nl_catd)-1;
	if (!path || !*path)
		path = "/usr/share/locale/%L/%N.cat:/usr/share/locale/%l/%N.cat";
	if (!locale || strchr(locale, '/'))
		locale = "C";
	for (size_t n; !c && *path; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		/* An empty piece is the name itself. */
		if (fill(file, sizeof(file), n ? path : "%N", n ? n : 2, name, locale))
			c = map(file);
	}
	if (!c)
		errno = ENOENT;
	return c ? (nl_catd)c : (nl_catd)-1;
}

/* Where among count sorted records of 12 bytes at `at` the one numbered id lies; 0: nowhere. */
static size_t search(const struct catalogue *c, size_t at, size_t count, uint32_t id)
{
	for (size_t low = 0; low < count; ) {
		size_t mid = low + (count - low) / 2;
		uint32_t v = word(c, at + 12 * mid);
		if (v == id)
			return at + 12 * mid;
		*(v < id ? &low : &count) = v < id ? mid + 1 : mid;
	}
	return 0;
}

char *catgets(nl_catd cat, int set, int id, const char *text)
{
	const struct catalogue *c = cat;
	size_t at, len, where;

	if (cat == (nl_catd)-1) {
		errno = EBADF;
		return (char *)text;
	}
	at = search(c, HEAD, word(c, 4), set);
	if (at)
		at = search(c, HEAD + (size_t)word(c, 12) + 12 * (size_t)word(c, at + 8), word(c, at + 4), id);
	if (!at) {
		errno = ENOMSG;
		return (char *)text;
	}
	len = word(c, at + 4);
	where = HEAD + (size_t)word(c, 16) + word(c, at + 8);
	if (where >= c->size || len > c->size - where || !memchr(c->base + where, 0, c->size - where)) {
		errno = EBADMSG;
		return (char *)text;
	}
	return (char *)c->base + where;
}

int catclose(nl_catd cat)
{
	struct catalogue *c = cat;

	if (cat == (nl_catd)-1 || !cat) {
		errno = EBADF;
		return -1;
	}
	munmap((void *)c->base, c->size);
	free(c);
	return 0;
}
