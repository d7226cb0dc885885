/* SPDX-License-Identifier: MIT */
/* From what the user asks to what changes: libsolv decides, and says why when it cannot. */
#include <solv/pool.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/solver.h>
#include <solv/transaction.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkg.h"

/* Every solvable of ours, by its id: where it came from. */
struct origin {
	const struct repo *repo;
	const struct cpk_package *p;
	const struct installed *inst;
};

struct solving {
	struct pkg *k;
	Pool *pool;
	struct origin *origin;
	int norigin;
	Queue jobs;
};

static int
flags_of(const char *op)
{
	int f = 0;

	for (; *op; op++)
		f |= *op == '<' ? REL_LT : *op == '>' ? REL_GT : REL_EQ;
	return f;
}

static Id
dep_id(Pool *pool, const char *text)
{
	struct cpk_dep d;

	if (cpk_dep_parse(&d, text))
		return 0;
	if (!*d.op)
		return pool_str2id(pool, d.name, 1);
	return pool_rel2id(pool, pool_str2id(pool, d.name, 1), pool_str2id(pool, d.version, 1),
			flags_of(d.op), 1);
}

static Offset
add_list(Solvable *s, Offset at, const struct cpk_list *l, Id marker)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		Id id = dep_id(s->repo->pool, l->v[i]);

		if (id)
			at = repo_addid_dep(s->repo, at, id, marker);
	}
	return at;
}

static void
fill(Solvable *s, const char *name, const char *evr, const char *arch,
		const struct cpk_list *depends, const struct cpk_list *provides,
		const struct cpk_list *conflicts)
{
	Pool *pool = s->repo->pool;
	Id self;

	s->name = pool_str2id(pool, name, 1);
	s->evr = pool_str2id(pool, evr, 1);
	s->arch = pool_str2id(pool, strcmp(arch, "any") ? arch : "noarch", 1);
	self = pool_rel2id(pool, s->name, s->evr, REL_EQ, 1);
	s->provides = repo_addid_dep(s->repo, s->provides, self, 0);
	s->provides = add_list(s, s->provides, provides, 0);
	s->requires = add_list(s, s->requires, depends, 0);
	s->conflicts = add_list(s, s->conflicts, conflicts, 0);
}

static struct origin *
note(struct solving *g, Id p)
{
	if (p >= g->norigin) {
		int n = p + 1024;
		struct origin *o = realloc(g->origin, (size_t)n * sizeof(*o));

		if (!o)
			abort();	/* as libsolv itself does without memory */
		memset(o + g->norigin, 0, (size_t)(n - g->norigin) * sizeof(*o));
		g->origin = o;
		g->norigin = n;
	}
	return &g->origin[p];
}

static void
add_available(struct solving *g, const struct repo *repo)
{
	Repo *r = repo_create(g->pool, repo->name);
	size_t i;

	for (i = 0; i < repo->index.n; i++) {
		const struct cpk_package *p = &repo->index.v[i];
		Id id = repo_add_solvable(r);
		struct origin *o = note(g, id);

		fill(pool_id2solvable(g->pool, id), p->name, p->version, p->arch, &p->depends,
				&p->provides, &p->conflicts);
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
		char evr[CPK_MAX_VERSION + 16];
		Id id = repo_add_solvable(r);

		snprintf(evr, sizeof(evr), "%s-%u", m->version, m->release);
		fill(pool_id2solvable(g->pool, id), m->name, evr, m->arch, &m->depends,
				&m->provides, &m->conflicts);
		note(g, id)->inst = &g->k->inst[i];
	}
}

static void
pool_fill(struct solving *g)
{
	size_t i;

	pool_setdisttype(g->pool, DISTTYPE_RPM);
	pool_setarchpolicy(g->pool, g->k->arch);
	add_installed(g);
	for (i = 0; i < g->k->nrepos; i++)
		if (g->k->repos[i].known)
			add_available(g, &g->k->repos[i]);
	pool_addfileprovides(g->pool);
	pool_createwhatprovides(g->pool);
}

static int
job_install(struct solving *g, const char *text)
{
	Id dep = dep_id(g->pool, text), p, *pp;
	Queue *q = &g->jobs;

	if (!dep)
		return fail(ST_SOLVE, "%s: is not 'NAME' or 'NAME OP VERSION'", text);
	pp = pool_whatprovides_ptr(g->pool, dep);
	if (!(p = *pp))
		return fail(ST_SOLVE, "%s: no such package; 'pkg search' looks for one", text);
	queue_push2(q, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, dep);
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

static int
make_jobs(struct solving *g, enum plan_verb verb, char **names, size_t n)
{
	size_t i;
	int r = 0;

	for (i = 0; i < g->k->world.n; i++)
		queue_push2(&g->jobs, SOLVER_USERINSTALLED | SOLVER_SOLVABLE_NAME,
				pool_str2id(g->pool, g->k->world.v[i], 1));
	if (verb == PLAN_UPGRADE && n == 0)
		queue_push2(&g->jobs, SOLVER_UPDATE | SOLVER_SOLVABLE_ALL, 0);
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

/* Says every problem that the solver found. */
static int
explain(Solver *s)
{
	int i, n = (int)solver_problem_count(s);

	for (i = 1; i <= n; i++) {
		Queue rules;
		int j;

		queue_init(&rules);
		solver_findallproblemrules(s, i, &rules);
		for (j = 0; j < rules.count; j++) {
			Id from, to, dep;
			SolverRuleinfo type = solver_ruleinfo(s, rules.elements[j], &from, &to, &dep);

			if (type != SOLVER_RULE_PKG || rules.count == 1)
				complain("%s", solver_problemruleinfo2str(s, type, from, to, dep));
		}
		queue_free(&rules);
	}
	return fail(ST_SOLVE, "nothing was changed: there is no way to satisfy this");
}

static const struct installed *
replaced(struct solving *g, Id p)
{
	return db_find(g->k, pool_id2str(g->pool, pool_id2solvable(g->pool, p)->name));
}

/* From libsolv's transaction to lists: what comes, and what goes without a successor. */
static int
collect(struct solving *g, Transaction *t, struct plan *out)
{
	int i;

	out->add = calloc((size_t)t->steps.count + 1, sizeof(*out->add));
	out->del = calloc((size_t)t->steps.count + 1, sizeof(*out->del));
	if (!out->add || !out->del)
		return fail(ST_FAIL, "out of memory");
	for (i = 0; i < t->steps.count; i++) {
		Id p = t->steps.elements[i];
		struct origin *o = note(g, p);

		if (o->p) {
			struct plan_item *a = &out->add[out->nadd++];

			a->p = o->p;
			a->repo = o->repo;
			a->old = replaced(g, p);
		} else if (o->inst) {
			out->del[out->ndel++] = o->inst;
		}
	}
	return 0;
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

static int
solve(struct solving *g, struct plan *out)
{
	Solver *s = solver_create(g->pool);
	Transaction *t;
	int r;

	solver_set_flag(s, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	if (solver_solve(s, &g->jobs)) {
		r = explain(s);
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

int
plan_make(struct pkg *k, enum plan_verb verb, char **names, size_t n, struct plan *out)
{
	struct solving g = { .k = k, .pool = pool_create() };
	int r;

	memset(out, 0, sizeof(*out));
	queue_init(&g.jobs);
	pool_fill(&g);
	r = make_jobs(&g, verb, names, n);
	if (!r)
		r = solve(&g, out);
	queue_free(&g.jobs);
	pool_free(g.pool);
	free(g.origin);
	return r;
}

void
plan_free(struct plan *p)
{
	free(p->add);
	free(p->del);
	memset(p, 0, sizeof(*p));
}
