/* SPDX-License-Identifier: MIT */
/* Printing manifests: the inverse of manifest.c and rows.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "local.h"

static void
put(struct cpk_buf *b, const char *key, const char *value)
{
	if (!value)
		return;
	cpk_buf_str(b, key);
	cpk_buf_add(b, " ", 1);
	cpk_buf_str(b, value);
	cpk_buf_add(b, "\n", 1);
}

static void
put_list(struct cpk_buf *b, const char *key, const struct cpk_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		put(b, key, l->v[i]);
}

static void
put_attr(struct cpk_buf *b, const struct cpk_attr *a)
{
	size_t i;

	cpk_buf_str(b, "+ ");
	cpk_buf_escaped(b, a->name);
	cpk_buf_str(b, " ");
	for (i = 0; i < a->len; i++)
		cpk_buf_fmt(b, "%02x", a->value[i]);
	cpk_buf_str(b, a->len ? "\n" : "-\n");
}

static void
put_row(struct cpk_buf *b, const struct cpk_file *f)
{
	char hex[CPK_HEX] = "-";
	size_t i;

	if (f->type == 'f')
		cpk_hex(f->hash, hex);
	cpk_buf_fmt(b, "%c %04o %s %s %llu %s ", f->type, f->mode, f->owner, f->group,
			(unsigned long long)f->size, hex);
	cpk_buf_escaped(b, f->path);
	if (f->link) {
		cpk_buf_add(b, " ", 1);
		cpk_buf_escaped(b, f->link);
	}
	cpk_buf_add(b, "\n", 1);
	for (i = 0; i < f->nattrs; i++)
		put_attr(b, &f->attrs[i]);
}

static void
put_files(struct cpk_buf *b, const struct cpk_manifest *m)
{
	size_t i;

	cpk_buf_fmt(b, "size %llu\nfiles %zu\n", (unsigned long long)m->size, m->nfiles);
	for (i = 0; i < m->nfiles; i++)
		put_row(b, &m->files[i]);
}

static int
finish(struct cpk_buf *b, char **text, size_t *len)
{
	if (b->bad) {
		free(b->s);
		return -ENOMEM;
	}
	*text = b->s;
	*len = b->n;
	return 0;
}

int
cpk_manifest_print(const struct cpk_manifest *m, char **text, size_t *len)
{
	struct cpk_buf b = { 0 };

	cpk_buf_fmt(&b, "cpk %d\n", CPK_FORMAT);
	put(&b, "name", m->name);
	put(&b, "version", m->version);
	cpk_buf_fmt(&b, "release %u\n", m->release);
	put(&b, "arch", m->arch);
	put(&b, "license", m->license);
	put(&b, "summary", m->summary);
	put(&b, "homepage", m->homepage);
	put(&b, "origin", m->origin);
	put(&b, "commit", m->commit);
	put_list(&b, "depends", &m->depends);
	put_list(&b, "provides", &m->provides);
	put_list(&b, "conflicts", &m->conflicts);
	put_list(&b, "replaces", &m->replaces);
	put_list(&b, "source", &m->sources);
	put_files(&b, m);
	return finish(&b, text, len);
}

int
cpk_manifest_print_content(const struct cpk_manifest *m, char **text, size_t *len)
{
	struct cpk_buf b = { 0 };

	put(&b, "name", m->name);
	put_list(&b, "depends", &m->depends);
	put_list(&b, "provides", &m->provides);
	put_list(&b, "conflicts", &m->conflicts);
	put_list(&b, "replaces", &m->replaces);
	put_files(&b, m);
	return finish(&b, text, len);
}
