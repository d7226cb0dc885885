/* SPDX-License-Identifier: MIT */
/* pkg why, provides, installable: questions about relations between packages. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "out.h"
#include "solve.h"

/* How each installed package was reached from the world: who needs it, and by which relation. */
struct reach {
	Id *from, *dep;
	Queue todo;
};

static void
reach_requires(struct solving *g, struct reach *w, Id s)
{
	Solvable *v = pool_id2solvable(g->pool, s);
	Id *dp, p, *pp;

	if (!v->requires)
		return;
	for (dp = v->repo->idarraydata + v->requires; *dp; dp++)
		for (pp = pool_whatprovides_ptr(g->pool, *dp); (p = *pp); pp++)
			if (origin_of(g, p)->inst && !w->from[p]) {
				w->from[p] = s;
				w->dep[p] = *dp;
				queue_push(&w->todo, p);
			}
}

static void
print_chain(struct solving *g, struct reach *w, Id s)
{
	const struct pkg *k = g->k;

	if (w->from[s] != s)
		print_chain(g, w, w->from[s]);
	out_str(k, "package", w->from[s] == s ? origin_of(g, s)->inst->m.name :
			origin_of(g, w->from[s])->inst->m.name);
	out_str(k, "reason", w->from[s] == s ? "asked for" : "needs");
	if (w->from[s] != s) {
		out_str(k, "relation", dep_text(g->pool, w->dep[s]));
		out_more(k, "needs", origin_of(g, s)->inst->m.name);
	}
	out_row(k);
}

/* Shortest chains first: the world, then what it needs, and so on. */
static void
reach_all(struct solving *g, struct reach *w)
{
	Id p;

	queue_init(&w->todo);
	for (p = 1; p < g->pool->nsolvables; p++)
		if (origin_of(g, p)->inst && origin_of(g, p)->inst->world) {
			w->from[p] = p;
			queue_push(&w->todo, p);
		}
	while (w->todo.count)
		reach_requires(g, w, queue_shift(&w->todo));
	queue_free(&w->todo);
}

int
cmd_why(struct pkg *k, int argc, char **argv)
{
	struct reach w = { 0 };
	struct solving g;
	int a, r;
	Id p;

	if (argc < 2)
		return fail(ST_USAGE, "why takes names of installed packages");
	r = db_open(k, false);
	if (r)
		return r;
	solving_begin(&g, k, NULL, true);
	w.from = calloc((size_t)g.pool->nsolvables, sizeof(Id));
	w.dep = calloc((size_t)g.pool->nsolvables, sizeof(Id));
	if (w.from && w.dep)
		reach_all(&g, &w);
	out_begin(k);
	for (a = 1; a < argc; a++) {
		const struct installed *inst = db_find(k, argv[a]);

		for (p = 1; inst && p < g.pool->nsolvables && origin_of(&g, p)->inst != inst; p++)
			;
		if (!inst)
			r = fail(ST_SOLVE, "%s: is not installed", argv[a]);
		else if (w.from[p])
			print_chain(&g, &w, p);
		else
			r = fail(ST_SOLVE, "%s: nobody asked for it and nobody needs it; 'pkg autoremove'"
					" removes it", argv[a]);
	}
	out_end(k);
	free(w.from);
	free(w.dep);
	solving_end(&g);
	return r;
}

/* "so:libz.so.1" answers to itself and to "libz.so.1"; patterns are as in a shell. */
static bool
answers(const char *pattern, const char *relation)
{
	const char *colon;
	struct cpk_dep d;

	if (cpk_dep_parse(&d, relation))
		return false;
	colon = strchr(d.name, ':');
	return fnmatch(pattern, d.name, 0) == 0 || (colon && fnmatch(pattern, colon + 1, 0) == 0);
}

static bool
print_provider(const struct pkg *k, const char *pattern, const char *name, const char *version,
		const struct cpk_list *provides)
{
	const char *what = answers(pattern, name) ? name : NULL;
	const struct installed *inst = db_find(k, name);
	size_t i;

	for (i = 0; !what && i < provides->n; i++)
		if (answers(pattern, provides->v[i]))
			what = provides->v[i];
	if (!what)
		return false;
	out_str(k, "name", name);
	out_str(k, "version", version);
	out_str(k, "provides", what);
	out_flag(k, "installed", inst != NULL);
	out_text(k, "%s", inst ? " [installed]" : "");
	out_row(k);
	return true;
}

int
cmd_provides(struct pkg *k, int argc, char **argv)
{
	char version[CPK_MAX_VERSION + 16];
	size_t i, j, n = 0;
	int a, r;

	if (argc < 2)
		return fail(ST_USAGE, "provides takes names of programs, libraries or packages");
	r = open_indexes(k);
	if (r)
		return r;
	out_begin(k);
	for (a = 1; a < argc; a++) {
		const char *slash = strchr(argv[a], '/'), *last = strrchr(argv[a], '/');
		const char *pattern = last ? last + 1 : argv[a];

		if (slash == argv[a] && (r = provides_path(k, argv[a] + 1, &n)))
			break;
		for (i = 0; !n && i < k->nrepos; i++)
			for (j = 0; j < k->repos[i].index.n; j++) {
				const struct cpk_package *p = &k->repos[i].index.v[j];

				n += print_provider(k, pattern, p->name, p->version, &p->provides);
			}
		for (i = 0; !n && i < k->ninst; i++) {
			const struct cpk_manifest *m = &k->inst[i].m;

			snprintf(version, sizeof(version), "%s-%u", m->version, m->release);
			n += print_provider(k, pattern, m->name, version, &m->provides);
		}
	}
	out_end(k);
	return r ? r : n ? 0 : fail(ST_SOLVE, "nothing provides it");
}

/*
 * Which packages of the repositories could be installed on an empty system. All that come together
 * in one solution can: so many are tried at once, weakly, and only what is left singly.
 */
#define BATCH	64

static void
mark_solution(Solver *s, unsigned char *can)
{
	Queue q;
	int i;

	queue_init(&q);
	solver_get_decisionqueue(s, &q);
	for (i = 0; i < q.count; i++)
		if (q.elements[i] > 0)
			can[q.elements[i]] = 1;
	queue_free(&q);
}

static void
try_these(struct solving *g, const Id *v, int n, unsigned char *can)
{
	Solver *s = solver_create(g->pool);
	Queue jobs;
	int i;

	queue_init(&jobs);
	for (i = 0; i < n; i++)
		queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE | (n > 1 ? SOLVER_WEAK : 0), v[i]);
	solver_set_flag(s, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	if (solver_solve(s, &jobs) == 0)
		mark_solution(s, can);
	queue_free(&jobs);
	solver_free(s);
}

/* Tries all that are not known to be installable, size at a time. */
static void
try_all(struct solving *g, int size, unsigned char *can)
{
	Id batch[BATCH], p;
	int n = 0;

	for (p = 1; p < g->pool->nsolvables; p++) {
		if (origin_of(g, p)->p && !can[p])
			batch[n++] = p;
		if (n == size || (n && p == g->pool->nsolvables - 1)) {
			try_these(g, batch, n, can);
			n = 0;
		}
	}
}

unsigned char *
find_installable(struct solving *g)
{
	unsigned char *can = calloc((size_t)g->pool->nsolvables + 1, 1);

	if (!can)
		abort();
	try_all(g, BATCH, can);
	try_all(g, BATCH / 8, can);
	try_all(g, 1, can);
	return can;
}

int
cmd_installable(struct pkg *k, int argc, char **argv)
{
	unsigned char *can;
	struct solving g;
	size_t bad = 0;
	int r = open_indexes(k), a;
	Id p;

	if (r)
		return r;
	solving_begin(&g, k, NULL, false);
	can = find_installable(&g);
	out_begin(k);
	for (p = 1; p < g.pool->nsolvables; p++) {
		const struct cpk_package *pack = origin_of(&g, p)->p;
		bool wanted = argc == 1;

		for (a = 1; pack && a < argc; a++)
			wanted |= fnmatch(argv[a], pack->name, 0) == 0;
		if (!pack || !wanted)
			continue;
		out_str(k, "name", pack->name);
		out_str(k, "version", pack->version);
		out_str(k, "verdict", can[p] ? "installable" : "broken");
		out_row(k);
		bad += !can[p];
	}
	out_end(k);
	free(can);
	solving_end(&g);
	return bad ? fail(ST_DIFFERS, "%zu package%s cannot be installed", bad, bad == 1 ? "" : "s") : 0;
}
