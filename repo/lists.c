/* SPDX-License-Identifier: MIT */
/*
 * What clients ask for now and then: files.zst, the files of every package (index(5)), for questions
 * about packages that are not installed. A signed target beside the index; packages that it has
 * already are not read again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

#define PATH	4096
#define HEAD	"calx-files 1\n\n"
#define BLOCK	(8 + 2 * CPK_HASH + 1)	/* "package HASH\n" */

/* The blocks of a list by their hashes, sorted. */
struct block {
	char hex[CPK_HEX];
	const char *s;
	size_t n;			/* with the empty line */
};

struct blocks {
	struct block *v;
	size_t n;
};

static int
by_hex(const void *a, const void *b)
{
	return strcmp(((const struct block *)a)->hex, ((const struct block *)b)->hex);
}

static int
split(const char *text, size_t len, struct blocks *out)
{
	size_t at = sizeof(HEAD) - 1, cap = 0;

	memset(out, 0, sizeof(*out));
	if (len < at || memcmp(text, HEAD, at))
		return -EBADMSG;
	while (at < len) {
		const char *s = text + at, *end = strstr(s, "\n\n");
		struct block *v = out->v;

		if (!end || strncmp(s, "package ", 8) || (size_t)(end - s) < BLOCK - 1)
			return -EBADMSG;
		if (out->n == cap) {
			cap = cap ? 2 * cap : 256;
			v = realloc(v, cap * sizeof(*v));
			if (!v)
				return -ENOMEM;
			out->v = v;
		}
		v += out->n++;
		memcpy(v->hex, s + 8, CPK_HEX - 1);
		v->hex[CPK_HEX - 1] = '\0';
		v->s = s;
		v->n = (size_t)(end + 2 - s);
		at += v->n;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_hex);
	return 0;
}

static void
put_files(struct cpk_buf *b, const char *hex, const struct cpk_manifest *m)
{
	size_t i;

	cpk_buf_fmt(b, "package %s\n", hex);
	for (i = 0; i < m->nfiles; i++)
		if (m->files[i].type != 'd') {
			cpk_buf_escaped(b, m->files[i].path);
			cpk_buf_str(b, "\n");
		}
	cpk_buf_str(b, "\n");
}

/* The block of one package: that of before, or from its file; a file that is not here has none. */
static void
put_package(const struct store *s, const struct blocks *old, const struct cpk_package *p,
		struct cpk_buf *b)
{
	struct cpk_reader *r;
	struct cpk_error err;
	struct block key, *known = NULL;
	char path[PATH];

	cpk_hex(p->hash, key.hex);
	if (old->n)
		known = bsearch(&key, old->v, old->n, sizeof(key), by_hex);
	if (known) {
		cpk_buf_add(b, known->s, known->n);
		return;
	}
	store_path(path, sizeof(path), s->dir, p->hash);
	if (cpk_open(&r, path, &err))
		return;
	put_files(b, key.hex, cpk_reader_manifest(r));
	cpk_close(r);
}

int
lists_print(const struct store *s, const char *old, size_t nold, char **text, size_t *len)
{
	struct cpk_buf b = { 0 };
	struct blocks known = { 0 };
	size_t i;
	int r = old ? split(old, nold, &known) : 0;

	if (r == -ENOMEM)
		return r;
	if (r)
		known.n = 0;		/* damaged: all is read anew */
	cpk_buf_str(&b, HEAD);
	for (i = 0; i < s->index.n; i++)
		put_package(s, &known, &s->index.v[i], &b);
	free(known.v);
	*text = b.s;
	*len = b.n;
	return b.bad ? -ENOMEM : 0;
}

int
lists_write(struct store *s, struct cpk_error *err)
{
	char *old = NULL, *text = NULL;
	size_t nold = 0, len = 0;
	int r = store_text(s, "files.zst", &old, &nold, err);

	if (r == -ENOENT || r == -EBADMSG)	/* never made, or damaged: made anew */
		r = 0;
	if (!r)
		r = lists_print(s, old, nold, &text, &len);
	if (!r && (!old || len != nold || memcmp(old, text, len)))
		r = store_put_text(s, "files.zst", text, len, err);
	free(old);
	free(text);
	return r;
}

int
lists_check(const struct store *s)
{
	char *signed_text = NULL, *text = NULL;
	struct cpk_error err;
	size_t n = 0, len = 0;
	int r = store_text(s, "files.zst", &signed_text, &n, &err);

	if (r == -ENOENT)
		return 0;		/* of a repository made before there was such a list */
	if (r)
		return complain("%s", err.text);
	r = lists_print(s, NULL, 0, &text, &len);
	if (!r && (len != n || memcmp(text, signed_text, n)))
		r = (complain("%s: files.zst does not list what the packages have", s->dir), TUF_TAMPERED);
	free(text);
	free(signed_text);
	return r < 0 ? complain("out of memory") : r;
}
