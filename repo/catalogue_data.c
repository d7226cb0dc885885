/* SPDX-License-Identifier: MIT */
/* What the catalogue is made of: the index, manifests from the pool, cook's records. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

#define PATH 4096

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct cat_package *)a)->m.name, ((const struct cat_package *)b)->m.name);
}

static int
read_manifest(struct catalogue *c, const struct cpk_package *x, struct cpk_error *err)
{
	struct cat_package *p = &c->v[c->n];
	struct cpk_reader *r;
	char path[PATH], *text;
	const char *slash;
	size_t len;
	int e;

	store_path(path, sizeof(path), c->repo, x->hash);
	e = cpk_open(&r, path, err);
	if (e)
		return e;
	cpk_reader_take(r, &p->m, &text, &len);
	free(text);
	cpk_close(r);
	p->index = x;
	slash = p->m.origin ? strrchr(p->m.origin, '/') : NULL;
	/* It becomes a part of paths: of files that are read here, and of pages. */
	p->port = slash && cpk_name_ok(slash + 1) ? slash + 1 : p->m.name;
	c->n++;
	return 0;
}

static void
link_to(struct cat_package ***v, size_t *n, struct cat_package *p)
{
	struct cat_package **grown;
	size_t i;

	for (i = 0; i < *n; i++)
		if ((*v)[i] == p)
			return;
	grown = realloc(*v, (*n + 1) * sizeof(**v));
	if (!grown)
		return;
	*v = grown;
	grown[(*n)++] = p;
}

static void
link_all(struct catalogue *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++) {
		struct cat_package *p = &c->v[i], *d;

		for (k = 0; k < p->m.depends.n; k++) {
			d = cat_satisfy(c, p->m.depends.v[k]);
			if (!d || d == p)
				continue;
			link_to(&p->needs, &p->nneeds, d);
			link_to(&d->needed, &d->nneeded, p);
		}
	}
}

int
cat_load(struct catalogue *c, struct cpk_error *err)
{
	struct meta m = { .dir = c->repo };
	size_t i, n;
	int r = meta_load(&m, err);

	c->s.dir = c->repo;
	if (!r && !m.targets)
		r = cpk_fail(err, -ENOENT, "%s: nothing is published there", c->repo);
	c->s.targets = r ? NULL : json_incref(m.targets->doc);
	if (!r)
		r = store_read(&c->s, err);
	meta_free(&m);
	c->v = r ? NULL : calloc(c->s.index.n + 1, sizeof(*c->v));
	/* The index has the newest version of a name first. */
	for (i = 0; !r && i < c->s.index.n; i++)
		if (!i || strcmp(c->s.index.v[i].name, c->s.index.v[i - 1].name))
			r = read_manifest(c, &c->s.index.v[i], err);
	if (r)
		return r;
	qsort(c->v, c->n, sizeof(*c->v), by_name);
	link_all(c);
	c->tests = cat_text(c->cache, 1u << 24, &n, "tests.tsv");
	c->records = cat_text(c->cache, 1u << 24, &n, "records.tsv");
	return 0;
}

void
cat_free(struct catalogue *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		cpk_manifest_free(&c->v[i].m);
		free(c->v[i].needs);
		free(c->v[i].needed);
	}
	free(c->v);
	free(c->tests);
	free(c->records);
	store_free(&c->s);
	json_decref(c->s.targets);
}

struct cat_package *
cat_find(const struct catalogue *c, const char *name)
{
	struct cat_package want = { .m = { .name = (char *)name } };

	return bsearch(&want, c->v, c->n, sizeof(*c->v), by_name);
}

static int
provides(const struct cpk_manifest *m, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < m->provides.n; i++)
		if (!strncmp(m->provides.v[i], name, n) &&
		    (!m->provides.v[i][n] || m->provides.v[i][n] == ' '))
			return 1;
	return 0;
}

struct cat_package *
cat_satisfy(const struct catalogue *c, const char *relation)
{
	struct cat_package *p;
	struct cpk_dep d;
	size_t i;

	if (cpk_dep_parse(&d, relation))
		return NULL;
	p = cat_find(c, d.name);
	for (i = 0; !p && i < c->n; i++)
		if (provides(&c->v[i].m, d.name))
			p = &c->v[i];
	return p;
}

/* --- cook's records --- */

char *
cat_text(const char *below, size_t max, size_t *n, const char *format, ...)
{
	char name[PATH], path[PATH], *s = NULL;
	va_list ap;
	long size;
	FILE *f;

	if (!below)
		return NULL;
	va_start(ap, format);
	vsnprintf(name, sizeof(name), format, ap);
	va_end(ap);
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", below, name) >= sizeof(path) ||
	    !(f = fopen(path, "re")))
		return NULL;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	if (size > (long)max)
		fseek(f, size - (long)max, SEEK_SET);
	else
		rewind(f);
	s = size < 0 ? NULL : malloc(max < (size_t)size ? max + 1 : (size_t)size + 1);
	if (s) {
		*n = fread(s, 1, max < (size_t)size ? max : (size_t)size, f);
		s[*n] = '\0';
	}
	fclose(f);
	return s;
}

/* The field after "PORT\tKEY\t" in the last such line. */
char *
cat_test(const struct catalogue *c, const char *port)
{
	char *key, head[256], *line, *found = NULL;
	size_t n;

	key = cat_text(c->cache, 100, &n, "last/%s", port);
	if (!key || !c->tests) {
		free(key);
		return NULL;
	}
	key[strcspn(key, "\n")] = '\0';
	n = (size_t)snprintf(head, sizeof(head), "%s\t%s\t", port, key);
	for (line = c->tests; line && n < sizeof(head); line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, head, n)) {
			free(found);
			found = strndup(line + n, strcspn(line + n, "\n\t"));
		}
	}
	free(key);
	return found;
}

/* records.tsv: key, name, seconds, result, time. */
double
cat_seconds(const struct catalogue *c, const char *port)
{
	const char *line, *name;
	double seconds = 0, s;
	size_t n = strlen(port);
	char *end;

	for (line = c->records; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
		name = line + strcspn(line, "\t\n");
		if (*name != '\t' || strncmp(name + 1, port, n) || name[n + 1] != '\t')
			continue;
		s = strtod(name + n + 2, &end);
		if (!strncmp(end, "\tok\t", 4))
			seconds = s;
	}
	return seconds;
}
