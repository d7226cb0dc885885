/* SPDX-License-Identifier: MIT */
/* Packages with their manifests, and who needs whom of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "supply.h"

static int
by_name(const void *a, const void *b)
{
	const struct bom_package *x = a, *y = b;

	return strcmp(x->m.name, y->m.name);
}

static struct bom_package *
grow(struct bom_set *s)
{
	s->v = xgrow(s->v, (s->n + 1) * sizeof(*s->v));
	memset(&s->v[s->n], 0, sizeof(*s->v));
	return &s->v[s->n++];
}

static void
add_file(struct bom_set *s, struct port *p, char *file)
{
	struct bom_package *b = grow(s);
	struct cpk_reader *r;
	struct cpk_error err;
	char *text;
	size_t len;

	if (cpk_open(&r, file, &err) < 0)
		die("%s", err.text);
	cpk_reader_take(r, &b->m, &text, &len);
	free(text);
	cpk_close(r);
	b->p = p;
	b->file = file;
}

static void
add_port(struct cook *c, struct bom_set *s, struct port *p)
{
	struct list packages = { 0 };
	size_t i;

	store_meta_all(c, p->key, "package", &packages);
	for (i = 0; i < packages.n; i++) {
		const char *file = strchr(packages.v[i], ' ');

		if (file && strcmp(file + 1, "-") != 0)
			add_file(s, p, cook_path(c, "store/%s/%s", p->key, file + 1));
	}
	cpk_list_free(&packages);
}

static void
sort(struct bom_set *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_name);
}

void
bom_add_built(struct cook *c, struct bom_set *s)
{
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (c->port[i].state == PORT_DONE && c->port[i].r->arch != ARCH_HOST &&
		    !strchr(c->port[i].name, '@'))
			add_port(c, s, &c->port[i]);
	sort(s);
}

static int
add_installed(struct cook *c, struct bom_set *s, const char *path)
{
	struct bom_package *b = grow(s);
	struct cpk_error err;
	size_t len;
	char *text = read_file(path, &len);
	int r;

	if (!text) {
		warn_("%s: %s", path, strerror(errno));
		return -1;
	}
	r = cpk_manifest_parse(&b->m, text, len, path, &err);
	free(text);
	if (r < 0) {
		warn_("%s", err.text);
		s->n--;
		return -1;
	}
	b->p = b->m.origin ? cook_find(c, strrchr(b->m.origin, '/') ?
			strrchr(b->m.origin, '/') + 1 : b->m.origin) : NULL;
	if (b->p && !b->p->r)
		b->p = NULL;
	b->in = 1;
	return 0;
}

int
bom_add_root(struct cook *c, struct bom_set *s, const char *root)
{
	char *dir = fmt("%s/var/lib/pkg/installed", root);
	struct list names = { 0 };
	size_t i;
	int r = list_dir(dir, &names);

	if (r < 0 || !names.n) {
		warn_("%s: no packages are installed there", dir);
		r = -1;
	}
	for (i = 0; r == 0 && i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		r = add_installed(c, s, path);
		free(path);
	}
	sort(s);
	cpk_list_free(&names);
	free(dir);
	return r;
}

struct bom_package *
bom_find(const struct bom_set *s, const char *name)
{
	struct bom_package want = { .m = { .name = (char *)name } };

	return s->n ? bsearch(&want, s->v, s->n, sizeof(*s->v), by_name) : NULL;
}

/* 1 when "NAME" or "NAME = VERSION" is about name. */
static int
provides(const struct cpk_manifest *m, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < m->provides.n; i++)
		if (strncmp(m->provides.v[i], name, n) == 0 &&
		    (!m->provides.v[i][n] || m->provides.v[i][n] == ' '))
			return 1;
	return 0;
}

struct bom_package *
bom_satisfy(const struct bom_set *s, const char *relation)
{
	struct bom_package *b;
	struct cpk_dep d;
	size_t i;

	if (cpk_dep_parse(&d, relation) < 0)
		return NULL;
	b = bom_find(s, d.name);
	for (i = 0; !b && i < s->n; i++)
		if (provides(&s->v[i].m, d.name))
			b = &s->v[i];
	return b;
}

void
bom_close(struct bom_set *s, struct bom_package *p)
{
	struct bom_package *d;
	size_t i;

	if (p->in)
		return;
	p->in = 1;
	for (i = 0; i < p->m.depends.n; i++) {
		d = bom_satisfy(s, p->m.depends.v[i]);
		if (d)
			bom_close(s, d);
		else
			warn_("%s: nothing built here satisfies '%s'", p->m.name, p->m.depends.v[i]);
	}
}

void
bom_free(struct bom_set *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		cpk_manifest_free(&s->v[i].m);
		free(s->v[i].file);
	}
	free(s->v);
	memset(s, 0, sizeof(*s));
}
