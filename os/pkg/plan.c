/* SPDX-License-Identifier: MIT */
/* From what the user asks to what changes: libsolv decides, and explain.c says why it cannot. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solve.h"

/* "NAME@REPOSITORY": any version of that repository. */
static int
job_from(struct solving *g, const char *text, const char *at)
{
	Queue found;
	Id p;

	queue_init(&found);
	for (p = 1; p < g->pool->nsolvables; p++) {
		const struct origin *o = origin_of(g, p);

		if (o->repo && strcmp(o->repo->name, at + 1) == 0 &&
		    strlen(o->p->name) == (size_t)(at - text) &&
		    memcmp(o->p->name, text, (size_t)(at - text)) == 0)
			queue_push(&found, p);
	}
	if (!found.count) {
		queue_free(&found);
		return fail(ST_SOLVE, "%.*s: no such package in repository '%s'", (int)(at - text), text,
				at + 1);
	}
	queue_push2(&g->jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_ONE_OF,
			pool_queuetowhatprovides(g->pool, &found));
	queue_free(&found);
	g->downgrade = true;
	return 0;
}

/* The name exists, but in versions that a pin or the world file excludes. */
static int
none_allowed(struct solving *g, const char *text)
{
	const char *pin;
	struct cpk_dep d;
	size_t i, j;

	if (cpk_dep_parse(&d, text))
		return fail(ST_SOLVE, "%s: is not 'NAME', 'NAME OP VERSION' or 'NAME@REPOSITORY'", text);
	pin = relation_of(&g->k->pins, d.name);
	if (pin)
		return fail(ST_SOLVE, "%s: is held by the pin '%s'; 'pkg unpin %s' lifts it", text, pin,
				d.name);
	for (i = 0; i < g->k->nrepos; i++)
		for (j = 0; j < g->k->repos[i].index.n; j++)
			if (strcmp(g->k->repos[i].index.v[j].name, d.name) == 0)
				return fail(ST_SOLVE, "%s: no such version; %s is in repository %s", text,
						g->k->repos[i].index.v[j].version, g->k->repos[i].name);
	return fail(ST_SOLVE, "%s: no such package; 'pkg search' looks for one", text);
}

static int
job_install(struct solving *g, const char *text)
{
	const char *at = strchr(text, '@');
	Id dep = at ? 0 : dep_id(g->pool, text);

	if (at)
		return job_from(g, text, at);
	if (!dep || !*pool_whatprovides_ptr(g->pool, dep))
		return none_allowed(g, text);
	g->downgrade |= strpbrk(text, "<=") != NULL;
	queue_push2(&g->jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, dep);
	return 0;
}

static int
job_remove(struct solving *g, const char *name)
{
	if (!db_find(g->k, name))
		return fail(ST_SOLVE, "%s: is not installed", name);
	queue_push2(&g->jobs, SOLVER_ERASE | SOLVER_SOLVABLE_NAME | SOLVER_CLEANDEPS,
			pool_str2id(g->pool, name, 1));
	return 0;
}

/* The world file is the user's: what he wrote into it comes with the next upgrade. */
static void
job_world(struct solving *g)
{
	size_t i;

	queue_push2(&g->jobs, SOLVER_UPDATE | SOLVER_SOLVABLE_ALL, 0);
	for (i = 0; i < g->world->n; i++) {
		Id dep = dep_id(g->pool, g->world->v[i]);

		if (*pool_whatprovides_ptr(g->pool, dep))
			queue_push2(&g->jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, dep);
		else
			complain("%s: the world file asks for it, and no repository has it",
					g->world->v[i]);
	}
}

static int
make_jobs(struct solving *g, enum plan_verb verb, char **names, size_t n)
{
	struct cpk_dep d;
	size_t i;
	int r = 0;

	for (i = 0; i < g->world->n; i++)
		if (cpk_dep_parse(&d, g->world->v[i]) == 0)
			queue_push2(&g->jobs, SOLVER_USERINSTALLED | SOLVER_SOLVABLE_NAME,
					pool_str2id(g->pool, d.name, 1));
	if (verb == PLAN_UPGRADE && n == 0)
		job_world(g);
	for (i = 0; !r && i < n; i++) {
		if (verb == PLAN_REMOVE)
			r = job_remove(g, names[i]);
		else if (verb == PLAN_UPGRADE && !db_find(g->k, names[i]))
			r = fail(ST_SOLVE, "%s: is not installed", names[i]);
		else if (verb == PLAN_UPGRADE)
			queue_push2(&g->jobs, SOLVER_UPDATE | SOLVER_SOLVABLE_NAME,
					pool_str2id(g->pool, names[i], 1));
		else
			r = job_install(g, names[i]);
	}
	return r;
}

static const struct installed *
replaced(struct solving *g, Id p)
{
	return db_find(g->k, pool_id2str(g->pool, pool_id2solvable(g->pool, p)->name));
}

static int
make_room(struct plan *out, int steps)
{
	out->add = calloc((size_t)steps + 1, sizeof(*out->add));
	out->del = calloc((size_t)steps + 1, sizeof(*out->del));
	return out->add && out->del ? 0 : fail(ST_FAIL, "out of memory");
}

/* From libsolv's transaction to lists: what comes, and what goes without a successor. */
static int
collect(struct solving *g, Transaction *t, struct plan *out)
{
	int i, r = make_room(out, t->steps.count);

	for (i = 0; !r && i < t->steps.count; i++) {
		Id p = t->steps.elements[i];
		const struct origin *o = origin_of(g, p);

		if (o->p) {
			struct plan_item *a = &out->add[out->nadd++];

			a->p = o->p;
			a->repo = o->repo;
			a->old = replaced(g, p);
		} else if (o->inst) {
			out->del[out->ndel++] = o->inst;
		}
	}
	return r;
}

/* A removal whose name comes again in another version is no removal. */
static void
drop_replaced(struct plan *out)
{
	size_t i, j, n = 0;

	for (i = 0; i < out->ndel; i++) {
		bool again = false;

		for (j = 0; j < out->nadd; j++)
			again |= out->add[j].old == out->del[i];
		if (!again)
			out->del[n++] = out->del[i];
	}
	out->ndel = n;
}

/* What nobody asked for and nobody needs. */
static int
collect_unneeded(struct solving *g, Solver *s, struct plan *out)
{
	Queue q;
	int i, r;

	queue_init(&q);
	solver_get_unneeded(s, &q, 0);
	r = make_room(out, q.count);
	for (i = 0; !r && i < q.count; i++)
		if (origin_of(g, q.elements[i])->inst)
			out->del[out->ndel++] = origin_of(g, q.elements[i])->inst;
	queue_free(&q);
	return r;
}

static int
solve(struct solving *g, enum plan_verb verb, struct plan *out)
{
	Solver *s = solver_create(g->pool);
	Transaction *t;
	int r;

	solver_set_flag(s, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	solver_set_flag(s, SOLVER_FLAG_ALLOW_DOWNGRADE, g->downgrade);
	solver_set_flag(s, SOLVER_FLAG_ALLOW_VENDORCHANGE, 1);
	if (solver_solve(s, &g->jobs)) {
		r = explain(g->k, s);
	} else if (verb == PLAN_AUTOREMOVE) {
		r = collect_unneeded(g, s, out);
	} else {
		t = solver_create_transaction(s);
		transaction_order(t, 0);
		r = collect(g, t, out);
		drop_replaced(out);
		transaction_free(t);
	}
	solver_free(s);
	return r;
}

/* The name of the package that a request is for: itself, or who provides it. */
static const char *
name_for(struct solving *g, const struct cpk_dep *d)
{
	Id p, *pp = pool_whatprovides_ptr(g->pool, pool_str2id(g->pool, d->name, 1));

	if (cpk_name_ok(d->name))
		for (; (p = *pp); pp++)
			if (strcmp(pool_id2str(g->pool, pool_id2solvable(g->pool, p)->name), d->name) == 0)
				return d->name;
	pp = pool_whatprovides_ptr(g->pool, pool_str2id(g->pool, d->name, 1));
	return *pp ? pool_id2str(g->pool, pool_id2solvable(g->pool, *pp)->name) : NULL;
}

/* Requests for what is no package's name ("cmd:ls"): whoever came for it was asked for. */
static int
world_providers(struct solving *g, char **names, size_t n, struct plan *out)
{
	struct cpk_dep d;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *name;

		if (strchr(names[i], '@') || cpk_dep_parse(&d, names[i]) || relation_of(&out->world, d.name))
			continue;
		name = name_for(g, &d);
		if (name && !relation_of(&out->world, name) && relation_set(&out->world, name, name))
			return fail(ST_FAIL, "out of memory");
	}
	return 0;
}

/* The world after the command: names are added or taken out; the newest wish for a name holds. */
static int
new_world(const struct pkg *k, enum plan_verb verb, char **names, size_t n, struct cpk_list *out)
{
	char name[CPK_MAX_NAME + 1];
	struct cpk_dep d;
	size_t i;

	for (i = 0; i < k->world.n; i++)
		if (cpk_list_add(out, k->world.v[i]))
			return fail(ST_FAIL, "out of memory");
	for (i = 0; i < n && (verb == PLAN_INSTALL || verb == PLAN_REMOVE); i++) {
		const char *at = strchr(names[i], '@');
		int r = 0;

		snprintf(name, sizeof(name), "%.*s", at ? (int)(at - names[i]) : CPK_MAX_NAME, names[i]);
		if (verb == PLAN_REMOVE)
			r = relation_set(out, names[i], NULL);
		else if (at && cpk_name_ok(name))
			r = relation_set(out, name, name);
		else if (!at && cpk_dep_parse(&d, names[i]) == 0 && cpk_name_ok(d.name))
			r = relation_set(out, d.name, names[i]);
		if (r)
			return fail(ST_FAIL, "out of memory");
	}
	return 0;
}

/* A package of the world that another one replaces is asked for under its new name. */
static int
world_successors(struct plan *p)
{
	struct cpk_dep d;
	size_t i, j, l;

	for (i = 0; i < p->ndel; i++)
		for (j = 0; j < p->nadd && relation_of(&p->world, p->del[i]->m.name); j++)
			for (l = 0; l < p->add[j].p->replaces.n; l++)
				if (cpk_dep_parse(&d, p->add[j].p->replaces.v[l]) == 0 &&
				    strcmp(d.name, p->del[i]->m.name) == 0 &&
				    (relation_set(&p->world, d.name, NULL) ||
				     relation_set(&p->world, p->add[j].p->name, p->add[j].p->name)))
					return fail(ST_FAIL, "out of memory");
	return 0;
}

/* Names of the world that no package has: taken back, an alias stands for its provider. */
static int
drop_aliases(struct solving *g, struct plan *p)
{
	struct cpk_dep d;
	size_t i;

	for (i = p->world.n; i-- > 0;) {
		const char *name;

		cpk_dep_parse(&d, p->world.v[i]);
		name = name_for(g, &d);
		if (name && strcmp(name, d.name) && (relation_set(&p->world, d.name, NULL) ||
		    (!relation_of(&p->world, name) && relation_set(&p->world, name, name))))
			return fail(ST_FAIL, "out of memory");
	}
	return 0;
}

int
plan_make(struct pkg *k, enum plan_verb verb, char **names, size_t n, struct plan *out)
{
	struct solving g;
	int r;

	memset(out, 0, sizeof(*out));
	r = new_world(k, verb, names, n, &out->world);
	if (r)
		return r;
	solving_begin(&g, k, &out->world, true);
	r = make_jobs(&g, verb, names, n);
	if (!r)
		r = solve(&g, verb, out);
	if (!r && verb == PLAN_INSTALL)
		r = world_providers(&g, names, n, out);
	if (!r && verb == PLAN_INSTALL)
		r = drop_aliases(&g, out);
	if (!r)
		r = world_successors(out);
	solving_end(&g);
	return r;
}

void
plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->nkept; i++) {
		cpk_manifest_free(&p->kept[i]);
		cpk_package_clear(&p->kept_p[i]);
	}
	free(p->kept);
	free(p->kept_p);
	cpk_list_free(&p->world);
	free(p->add);
	free(p->del);
	memset(p, 0, sizeof(*p));
}
