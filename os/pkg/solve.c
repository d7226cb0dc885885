/* SPDX-License-Identifier: MIT */
/* Filling the solver's pool (solve.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solve.h"

static int
flags_of(const char *op)
{
	int f = 0;

	for (; *op; op++)
		f |= *op == '<' ? REL_LT : *op == '>' ? REL_GT : REL_EQ;
	return f;
}

static Id
relation_id(Pool *pool, const struct cpk_dep *d, const char *name)
{
	return pool_rel2id(pool, pool_str2id(pool, name, 1), pool_str2id(pool, d->version, 1),
			flags_of(d->op), 1);
}

/* The name under which versions of d are asked for and provided: see solve.h. */
static Id
versioned_id(Pool *pool, const struct cpk_dep *d)
{
	char name[CPK_MAX_NAME + 2];

	snprintf(name, sizeof(name), "=%s", d->name);
	return relation_id(pool, d, name);
}

Id
dep_id(Pool *pool, const char *text)
{
	struct cpk_dep d;

	if (cpk_dep_parse(&d, text))
		return 0;
	return *d.op ? versioned_id(pool, &d) : pool_str2id(pool, d.name, 1);
}

const char *
dep_text(Pool *pool, Id dep)
{
	const char *s = pool_dep2str(pool, dep);

	return *s == '=' ? s + 1 : s;
}

bool
version_matches(const struct cpk_dep *d, const char *version)
{
	int c;

	if (!*d->op)
		return true;
	c = cpk_version_cmp(version, d->version);
	return (c < 0 && strchr(d->op, '<')) || (c > 0 && strchr(d->op, '>')) ||
		(c == 0 && strchr(d->op, '='));
}

static Offset
add_list(Solvable *s, Offset at, const struct cpk_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		Id id = dep_id(s->repo->pool, l->v[i]);

		if (id)
			at = repo_addid_dep(s->repo, at, id, 0);
	}
	return at;
}

/*
 * A name that is provided in a version is provided in both ways; what is replaced is named, not
 * provided.
 */
static Offset
add_name(Solvable *s, Offset at, const char *text, bool provided)
{
	Pool *pool = s->repo->pool;
	struct cpk_dep d;

	if (cpk_dep_parse(&d, text))
		return at;
	if (!provided && *d.op)
		return repo_addid_dep(s->repo, at, relation_id(pool, &d, d.name), 0);
	at = repo_addid_dep(s->repo, at, pool_str2id(pool, d.name, 1), 0);
	return *d.op ? repo_addid_dep(s->repo, at, versioned_id(pool, &d), 0) : at;
}

/* What solvables are made of, from an index or from a manifest. */
struct lists {
	const struct cpk_list *depends, *provides, *conflicts, *replaces;
};

static void
fill(Solvable *s, const char *name, const char *evr, const char *arch, const struct lists *l)
{
	char self[CPK_MAX_NAME + CPK_MAX_VERSION + 16];
	Pool *pool = s->repo->pool;
	size_t i;

	s->name = pool_str2id(pool, name, 1);
	s->evr = pool_str2id(pool, evr, 1);
	s->arch = pool_str2id(pool, strcmp(arch, "any") ? arch : "noarch", 1);
	/* libsolv wants NAME = EVR of everyone */
	s->provides = repo_addid_dep(s->repo, s->provides,
			pool_rel2id(pool, s->name, s->evr, REL_EQ, 1), 0);
	snprintf(self, sizeof(self), "%s = %s", name, evr);
	s->provides = add_name(s, s->provides, self, true);
	for (i = 0; i < l->provides->n; i++)
		s->provides = add_name(s, s->provides, l->provides->v[i], true);
	s->requires = add_list(s, s->requires, l->depends);
	s->conflicts = add_list(s, s->conflicts, l->conflicts);
	for (i = 0; i < l->replaces->n; i++)
		s->obsoletes = add_name(s, s->obsoletes, l->replaces->v[i], false);
}

static struct origin *
note(struct solving *g, Id p)
{
	if (p >= g->norigin) {
		int n = 2 * p + 1024;
		struct origin *o = realloc(g->origin, (size_t)n * sizeof(*o));

		if (!o)
			abort();	/* as libsolv itself does without memory */
		memset(o + g->norigin, 0, (size_t)(n - g->norigin) * sizeof(*o));
		g->origin = o;
		g->norigin = n;
	}
	return &g->origin[p];
}

const struct origin *
origin_of(const struct solving *g, Id p)
{
	static const struct origin none;

	return p >= 0 && p < g->norigin ? &g->origin[p] : &none;
}

/* Pins and the world's versions leave only those versions to the solver. */
static bool
allowed(const struct solving *g, const struct cpk_package *p)
{
	const char *pin = relation_of(&g->k->pins, p->name);
	const char *want = g->world ? relation_of(g->world, p->name) : NULL;
	struct cpk_dep d;

	if (pin && cpk_dep_parse(&d, pin) == 0 && !version_matches(&d, p->version))
		return false;
	return !want || cpk_dep_parse(&d, want) || version_matches(&d, p->version);
}

static void
add_available(struct solving *g, const struct repo *repo)
{
	Repo *r = repo_create(g->pool, repo->name);
	size_t i;

	r->priority = repo->priority;
	for (i = 0; i < repo->index.n; i++) {
		const struct cpk_package *p = &repo->index.v[i];
		struct lists l = { &p->depends, &p->provides, &p->conflicts, &p->replaces };
		struct origin *o;
		Id id;

		if (!allowed(g, p))
			continue;
		id = repo_add_solvable(r);
		o = note(g, id);
		fill(pool_id2solvable(g->pool, id), p->name, p->version, p->arch, &l);
		o->repo = repo;
		o->p = p;
	}
}

static void
add_installed(struct solving *g)
{
	Repo *r = repo_create(g->pool, "installed");
	size_t i;

	pool_set_installed(g->pool, r);
	for (i = 0; i < g->k->ninst; i++) {
		const struct cpk_manifest *m = &g->k->inst[i].m;
		struct lists l = { &m->depends, &m->provides, &m->conflicts, &m->replaces };
		char evr[CPK_MAX_VERSION + 16];
		Id id = repo_add_solvable(r);

		snprintf(evr, sizeof(evr), "%s-%u", m->version, m->release);
		fill(pool_id2solvable(g->pool, id), m->name, evr, m->arch, &l);
		note(g, id)->inst = &g->k->inst[i];
	}
}

void
solving_begin(struct solving *g, struct pkg *k, const struct cpk_list *world, bool installed)
{
	size_t i;

	memset(g, 0, sizeof(*g));
	g->k = k;
	g->pool = pool_create();
	g->world = world;
	queue_init(&g->jobs);
	pool_setdisttype(g->pool, DISTTYPE_RPM);
	pool_setarchpolicy(g->pool, k->arch);
	if (installed)
		add_installed(g);
	for (i = 0; i < k->nrepos; i++)
		if (k->repos[i].known)
			add_available(g, &k->repos[i]);
	pool_createwhatprovides(g->pool);
}

void
solving_end(struct solving *g)
{
	queue_free(&g->jobs);
	pool_free(g->pool);
	free(g->origin);
}
