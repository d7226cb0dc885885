/* SPDX-License-Identifier: MIT */
/*
 * Roots for tests on this host: packages of finished builds and all that these need, by
 * the relations in their manifests, as pkg(1) would install them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cook.h"

struct installed {
	struct port *p;
	char *package;
	struct list provides, depends;
	int in;				/* it is laid out */
};

struct root {
	struct cook *c;
	const struct target *t;
	struct installed *v;
	size_t n;
	const char *to;
	char **why;
};

/* "NAME FILE" of meta's package lines. */
static int
read_package(struct root *ro, struct port *p, const char *line)
{
	const char *file = strchr(line, ' ') + 1;
	char *path = cook_path(ro->c, "store/%s/%s", p->key, file);
	struct cpk_reader *r;
	const struct cpk_manifest *m;
	struct installed *in;
	struct cpk_error err;
	size_t i;

	if (cpk_open(&r, path, &err) < 0) {
		*ro->why = xdup(err.text);
		free(path);
		return -1;
	}
	m = cpk_reader_manifest(r);
	ro->v = xgrow(ro->v, (ro->n + 1) * sizeof(*ro->v));
	in = &ro->v[ro->n++];
	*in = (struct installed){ .p = p, .package = xdup(m->name) };
	for (i = 0; i < m->provides.n; i++)
		list_add(&in->provides, m->provides.v[i]);
	for (i = 0; i < m->depends.n; i++)
		list_add(&in->depends, m->depends.v[i]);
	cpk_close(r);
	free(path);
	return 0;
}

/* All packages that are there for the target. */
static int
read_packages(struct root *ro)
{
	size_t i, k;
	int r = 0;

	for (i = 0; r == 0 && i < ro->c->nports; i++) {
		struct port *p = &ro->c->port[i];
		struct list lines = { 0 };

		if (p->target != ro->t || p->state != PORT_DONE || p->r->arch == ARCH_HOST)
			continue;
		store_meta_all(ro->c, p->key, "package", &lines);
		for (k = 0; r == 0 && k < lines.n; k++)
			r = read_package(ro, p, lines.v[k]);
		cpk_list_free(&lines);
	}
	return r;
}

static int
gives(const struct installed *in, const char *name)
{
	size_t i, n = strlen(name);

	if (strcmp(in->package, name) == 0)
		return 1;
	for (i = 0; i < in->provides.n; i++)
		if (strncmp(in->provides.v[i], name, n) == 0 &&
		    (!in->provides.v[i][n] || in->provides.v[i][n] == ' '))
			return 1;
	return 0;
}

/* One that is in already goes before others that would do as well. */
static struct installed *
find(struct root *ro, const char *name)
{
	struct installed *found = NULL;
	size_t i;

	for (i = 0; i < ro->n; i++)
		if (gives(&ro->v[i], name) && (!found || (ro->v[i].in && !found->in)))
			found = &ro->v[i];
	return found;
}

static int
not_for_target(const struct root *ro, const char *name)
{
	struct port *maker = graph_maker(ro->c, &target_first, name);

	return maker && list_has(&ro->t->without, maker->plain);
}

static int
lay(struct root *ro, const char *from)
{
	char clash[PATH_MAX] = "";
	int r = merge_tree(from, ro->to, 1, clash);

	if (r < 0)
		*ro->why = fmt("%s: %s", *clash ? clash : from, strerror(-r));
	return r < 0 ? -1 : 0;
}

static int
add(struct root *ro, const char *relation, const char *whose)
{
	struct installed *in;
	struct cpk_dep d;
	char *from;
	size_t i;
	int r;

	if (cpk_dep_parse(&d, relation) < 0 || not_for_target(ro, d.name))
		return 0;
	in = find(ro, d.name);
	if (!in) {
		*ro->why = fmt("%s needs %s, which nothing that is built for %s gives", whose, d.name,
				ro->t->name);
		return -1;
	}
	if (in->in)
		return 0;
	in->in = 1;
	from = cook_path(ro->c, "store/%s/out/%s", in->p->key, in->package);
	r = lay(ro, from);
	free(from);
	for (i = 0; r == 0 && i < in->depends.n; i++)
		r = add(ro, in->depends.v[i], in->package);
	return r;
}

int
root_make(struct cook *c, const struct target *t, const struct list *names, const char *to,
		char **why)
{
	struct root ro = { .c = c, .t = t, .to = to, .why = why };
	int r = read_packages(&ro);
	size_t i;

	if (r == 0 && t->skeleton) {
		char *from = fmt("%s/%s", c->root, t->skeleton);

		r = merge_tree(from, to, 0, NULL);
		free(from);
	}
	for (i = 0; r == 0 && i < t->root.n; i++)
		r = add(&ro, t->root.v[i], "the root of tests");
	/* The first is what is tested; a word of the test that only looks like a program is not missed. */
	for (i = 0; r == 0 && i < names->n; i++)
		if (i == 0 || find(&ro, names->v[i]))
			r = add(&ro, names->v[i], "the test");
	for (i = 0; i < ro.n; i++) {
		free(ro.v[i].package);
		cpk_list_free(&ro.v[i].provides);
		cpk_list_free(&ro.v[i].depends);
	}
	free(ro.v);
	return r;
}
