/* SPDX-License-Identifier: MIT */
/*
 * cook mirror: a folder with every source that a recipe pins, called by its sha256, from which
 * --sources DIR|URL builds without any other network.  SHA256SUMS is for sha256sum -c, index.tsv
 * says what each file is: sha256, bytes, recipe, where it came from.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "supply.h"

struct mirror {
	struct cook *c;
	const char *dir;
	struct list lines;		/* of index.tsv */
	struct list sums;		/* of SHA256SUMS */
	size_t copied;
	int bad;
};

static int
holds(const char *path, const char *sha256)
{
	char hex[65];

	return sha256_file(path, hex) == 0 && strcmp(hex, sha256) == 0;
}

static void
mirror_source(struct mirror *m, const struct recipe *r, size_t i)
{
	const char *sha256 = r->sha256.v[i];
	char *to = fmt("%s/%s", m->dir, sha256), *spec = source_expand(r, i), *from;
	struct stat st;
	int e = 0;

	if (!holds(to, sha256)) {
		from = source_get(m->c, r, i);
		e = from ? copy_file(from, to, 0644) : -ENOENT;
		if (from && e < 0)
			warn_("%s: %s", to, strerror(-e));
		m->copied += e == 0;
		free(from);
	}
	if (e == 0 && stat(to, &st) == 0) {
		list_take(&m->lines, fmt("%s\t%lld\t%s\t%s", sha256, (long long)st.st_size, r->dir, spec));
		list_take(&m->sums, fmt("%s  %s", sha256, sha256));
	}
	m->bad |= e < 0;
	free(spec);
	free(to);
}

static void
write_lines(struct mirror *m, struct list *lines, const char *name)
{
	char *path = fmt("%s/%s", m->dir, name);
	struct buf b = { 0 };
	size_t i;
	int r;

	cpk_list_sort(lines);
	buf_add(&b, "", 0);
	for (i = 0; i < lines->n; i++)
		buf_fmt(&b, "%s\n", lines->v[i]);
	r = write_file(path, b.s, b.n, 0644);
	if (r < 0)
		die("%s: %s", path, strerror(-r));
	free(b.s);
	free(path);
}

int
cmd_mirror(struct cook *c, int argc, char **argv)
{
	struct mirror m = { .c = c };
	size_t i, k;

	if (argc < 1)
		misuse("usage: cook mirror DIR [NAME...]");
	m.dir = argv[0];
	want_named(c, argc - 1, argv + 1);
	if (make_dirs(m.dir) < 0)
		die("%s: cannot make it", m.dir);
	for (i = 0; i < c->nports; i++)
		for (k = 0; c->port[i].wanted && c->port[i].r && k < c->port[i].r->source.n; k++)
			if (*c->port[i].r->sha256.v[k])
				mirror_source(&m, c->port[i].r, k);
	write_lines(&m, &m.lines, "index.tsv");
	write_lines(&m, &m.sums, "SHA256SUMS");
	printf("%zu sources in %s, %zu of them new\n", m.sums.n, m.dir, m.copied);
	cpk_list_free(&m.lines);
	cpk_list_free(&m.sums);
	return m.bad;
}
