/* SPDX-License-Identifier: MIT */
/* The first difference of two installed trees: which file, and where in it. */
#include <ar.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_image.h"
#include "job.h"
#include "repro.h"

struct comparison {
	const char *a, *b;
	char *found;			/* the first difference, fresh */
};

/* --- inside a file --- */

static char *
different_section(const char *a, const char *b)
{
	struct elf_image x, y;
	struct elf_section s, t;
	char *where = NULL;
	unsigned i;

	if (!elf_image_open(&x, a))
		return NULL;
	if (!elf_image_open(&y, b)) {
		elf_image_close(&x);
		return NULL;
	}
	for (i = 0; !where && elf_image_section(&x, i, &s); i++) {
		if (!elf_image_section(&y, i, &t) || strcmp(s.name, t.name) != 0)
			where = fmt("section %s is only in one", *s.name ? s.name : "0");
		else if (s.h.sh_size != t.h.sh_size)
			where = fmt("section %s has %llu bytes or %llu", s.name,
				(unsigned long long)s.h.sh_size, (unsigned long long)t.h.sh_size);
		else if (s.data && t.data && memcmp(s.data, t.data, s.h.sh_size) != 0)
			where = fmt("section %s", s.name);
	}
	elf_image_close(&x);
	elf_image_close(&y);
	return where;
}

/* The member of an archive that holds byte `off`. */
static char *
archive_member(const char *p, size_t n, size_t off)
{
	const struct ar_hdr *h;
	size_t at = SARMAG, size;

	if (n < SARMAG || memcmp(p, ARMAG, SARMAG) != 0)
		return NULL;
	for (; at + sizeof(*h) <= n; at += sizeof(*h) + size + (size & 1)) {
		h = (const struct ar_hdr *)(const void *)(p + at);
		size = strtoul(h->ar_size, NULL, 10);
		if (off < at + sizeof(*h) + size)
			return fmt("member %.*s", (int)strcspn(h->ar_name, "/ "), h->ar_name);
	}
	return NULL;
}

static char *
different_byte(const char *a, const char *b)
{
	size_t n = 0, m = 0, i, line = 1;
	char *x = read_file(a, &n), *y = read_file(b, &m), *where;
	int text = 1;

	for (i = 0; x && y && i < n && i < m && x[i] == y[i]; i++) {
		line += x[i] == '\n';
		text &= x[i] != '\0';
	}
	where = x ? archive_member(x, n, i) : NULL;
	if (!where)
		where = text ? fmt("line %zu", line) : fmt("byte %zu", i);
	free(x);
	free(y);
	return where;
}

/* NULL when the files are equal. */
static char *
different_content(const char *a, const char *b)
{
	size_t n = 0, m = 0;
	char *x = read_file(a, &n), *y = read_file(b, &m), *where = NULL;
	int same = x && y && n == m && memcmp(x, y, n) == 0;

	free(x);
	free(y);
	if (!same)
		where = different_section(a, b);
	if (!same && !where)
		where = different_byte(a, b);
	return where;
}

/* --- trees --- */

static char *
different_link(const char *a, const char *b)
{
	char s[4096] = "", t[4096] = "";

	if (readlink(a, s, sizeof(s) - 1) < 0 || readlink(b, t, sizeof(t) - 1) < 0 || strcmp(s, t) != 0)
		return fmt("points to %s or %s", s, t);
	return NULL;
}

static char *
different(const char *a, const char *b)
{
	struct stat x, y;

	if (lstat(a, &x) < 0 || lstat(b, &y) < 0)
		return xdup("is only in one");
	if (x.st_mode != y.st_mode)
		return fmt("has mode %o or %o", (unsigned)x.st_mode, (unsigned)y.st_mode);
	if (S_ISLNK(x.st_mode))
		return different_link(a, b);
	return S_ISREG(x.st_mode) ? different_content(a, b) : NULL;
}

static int
compare_path(const char *path, const char *name, void *arg)
{
	struct comparison *k = arg;
	char *other = fmt("%s/%s", k->b, name), *where = different(path, other);

	if (where)
		k->found = fmt("%s: %s", name, where);
	free(where);
	free(other);
	return k->found != NULL;
}

static int
is_missing(const char *path, const char *name, void *arg)
{
	struct comparison *k = arg;
	char *other = fmt("%s/%s", k->a, name);

	(void)path;
	if (!exists(other))
		k->found = fmt("%s: is only in one", name);
	free(other);
	return k->found != NULL;
}

char *
diff_trees(const char *a, const char *b)
{
	struct comparison k = { .a = a, .b = b };

	tree_walk(a, compare_path, &k);
	if (!k.found)
		tree_walk(b, is_missing, &k);
	return k.found;
}
