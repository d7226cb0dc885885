/* SPDX-License-Identifier: MIT */
/* The table of owners of paths (owners.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "owners.h"

int
owners_begin(struct owners *o, size_t rows, bool fold)
{
	memset(o, 0, sizeof(*o));
	for (o->cap = 64; o->cap < 2 * rows; o->cap *= 2)
		;
	o->fold = fold;
	o->v = calloc(o->cap, sizeof(*o->v));
	return o->v ? 0 : -ENOMEM;
}

static size_t
hash(const struct owners *o, const char *path)
{
	uint64_t h = 14695981039346656037u;

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (o->fold && c >= 'A' && c <= 'Z')
			c |= 32;
		h = (h ^ c) * 1099511628211u;
	}
	return (size_t)(h ^ h >> 29);
}

static struct owner *
slot(const struct owners *o, const char *path)
{
	size_t i = hash(o, path) & (o->cap - 1);

	while (o->v[i].f && (o->fold ? strcasecmp(o->v[i].f->path, path) :
			strcmp(o->v[i].f->path, path)))
		i = (i + 1) & (o->cap - 1);
	return &o->v[i];
}

const struct cpk_file *
owners_add(struct owners *o, const struct cpk_manifest *m, const struct owner **other)
{
	const struct cpk_file *clash = NULL;
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		const struct cpk_file *f = &m->files[i];
		struct owner *at = slot(o, f->path);

		if (!at->f) {
			at->m = m;
			at->f = f;
		} else if (f->type != 'd' || at->f->type != 'd' || strcmp(at->f->path, f->path)) {
			if (!clash)
				*other = at;
			clash = clash ? clash : f;
		}
	}
	return clash;
}

const struct owner *
owners_find(const struct owners *o, const char *path)
{
	const struct owner *at = o->cap ? slot(o, path) : NULL;

	return at && at->f ? at : NULL;
}

void
owners_free(struct owners *o)
{
	free(o->v);
	memset(o, 0, sizeof(*o));
}
