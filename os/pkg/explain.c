/* SPDX-License-Identifier: MIT */
/*
 * Why there is no solution: the rules that the solver found to contradict each other, in an order
 * in which each follows from one before: from what was asked for along "needs" to the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solve.h"

struct cause {
	SolverRuleinfo type;
	Id from, to, dep;
	bool told;
};

struct problem {
	const struct pkg *k;
	Solver *s;
	Pool *pool;
	struct cause *v;
	int n;
	Map reached;			/* solvables that a told cause leads to */
};

/* "bash-5.2-1.x86_64" says more than people want: "bash 5.2-1". */
static void
label(struct problem *p, Id s, char buf[160])
{
	Solvable *v = s > 0 && s < p->pool->nsolvables ? pool_id2solvable(p->pool, s) : NULL;

	if (v)
		snprintf(buf, 160, "%s %s", pool_id2str(p->pool, v->name), pool_id2str(p->pool, v->evr));
	else
		snprintf(buf, 160, "?");
}

static void
reach(struct problem *p, Id dep)
{
	Id s, *pp;

	if (dep)
		for (pp = pool_whatprovides_ptr(p->pool, dep); (s = *pp); pp++)
			MAPSET(&p->reached, s);
}

/* The versions that there are, when none of them will do. */
static void
tell_versions(struct problem *p, const char *dep)
{
	const char *pin;
	struct cpk_dep d;
	size_t i, j, n = 0;

	if (cpk_dep_parse(&d, dep))
		return;
	for (i = 0; i < p->k->nrepos; i++)
		for (j = 0; j < p->k->repos[i].index.n && n < 4; j++)
			if (strcmp(p->k->repos[i].index.v[j].name, d.name) == 0) {
				complain("    there is %s %s", d.name, p->k->repos[i].index.v[j].version);
				n++;
			}
	pin = relation_of(&p->k->pins, d.name);
	if (pin)
		complain("    and the pin '%s'; 'pkg unpin %s' lifts it", pin, d.name);
}

/* For a job libsolv gives its number, the job and what it is about in place of three ids. */
static void
tell_job(struct problem *p, const struct cause *c)
{
	Id select = c->to & SOLVER_SELECTMASK;
	bool named = select == SOLVER_SOLVABLE_NAME || select == SOLVER_SOLVABLE_PROVIDES;
	const char *what = named ? dep_text(p->pool, c->dep) :
		pool_job2str(p->pool, c->to, c->dep, 0);

	if ((c->to & SOLVER_JOBMASK) == SOLVER_ERASE)
		complain("  asked to remove: %s", what);
	else
		complain("  asked for: %s", what);
	if (named && (c->to & SOLVER_JOBMASK) == SOLVER_INSTALL)
		reach(p, c->dep);
}

static void
tell(struct problem *p, struct cause *c)
{
	char from[160], to[160];
	const char *dep;

	c->told = true;
	if (c->type == SOLVER_RULE_JOB) {
		tell_job(p, c);
		return;
	}
	dep = c->dep ? dep_text(p->pool, c->dep) : "?";
	label(p, c->from, from);
	label(p, c->to, to);
	switch (c->type) {
	case SOLVER_RULE_JOB_NOTHING_PROVIDES_DEP:
	case SOLVER_RULE_JOB_UNKNOWN_PACKAGE:
		complain("  asked for: %s, which no package is", dep);
		tell_versions(p, dep);
		break;
	case SOLVER_RULE_UPDATE:
	case SOLVER_RULE_FEATURE:
		complain("  installed: %s, which stays or is upgraded", from);
		break;
	case SOLVER_RULE_PKG_REQUIRES:
		complain("  %s needs %s", from, dep);
		break;
	case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP:
		complain("  %s needs %s, which no package provides", from, dep);
		tell_versions(p, dep);
		break;
	case SOLVER_RULE_PKG_CONFLICTS:
		complain("  %s conflicts with %s (it names '%s')", from, to, dep);
		break;
	case SOLVER_RULE_PKG_OBSOLETES:
		complain("  %s replaces %s", from, to);
		break;
	case SOLVER_RULE_PKG_SAME_NAME:
		complain("  %s and %s cannot both be installed", from, to);
		break;
	case SOLVER_RULE_PKG_NOT_INSTALLABLE:
		complain("  %s is for another kind of machine", from);
		break;
	default:
		complain("  %s", solver_problemruleinfo2str(p->s, c->type, c->from, c->to, c->dep));
	}
	if (c->type == SOLVER_RULE_PKG_REQUIRES)
		reach(p, c->dep);
	if (c->type == SOLVER_RULE_UPDATE && c->from)
		reach(p, pool_id2solvable(p->pool, c->from)->name);
}

static bool
begins(const struct cause *c)
{
	return c->type == SOLVER_RULE_JOB || c->type == SOLVER_RULE_UPDATE ||
		c->type == SOLVER_RULE_FEATURE || c->type == SOLVER_RULE_JOB_UNKNOWN_PACKAGE ||
		c->type == SOLVER_RULE_JOB_NOTHING_PROVIDES_DEP;
}

/* Needs before their ends; then what is left, in the solver's order. */
static void
tell_all(struct problem *p)
{
	bool more = true;
	int i;

	for (i = 0; i < p->n; i++)
		if (begins(&p->v[i]))
			tell(p, &p->v[i]);
	while (more) {
		more = false;
		for (i = 0; i < p->n; i++)
			if (!p->v[i].told && p->v[i].type == SOLVER_RULE_PKG_REQUIRES && p->v[i].from &&
			    MAPTST(&p->reached, p->v[i].from)) {
				tell(p, &p->v[i]);
				more = true;
			}
	}
	for (i = 0; i < p->n; i++)
		if (!p->v[i].told)
			tell(p, &p->v[i]);
}

static void
one(const struct pkg *k, Solver *s, int number)
{
	struct problem p = { .k = k, .s = s, .pool = s->pool };
	Queue rules;
	int i;

	queue_init(&rules);
	solver_findallproblemrules(s, number, &rules);
	p.v = calloc((size_t)rules.count + 1, sizeof(*p.v));
	map_init(&p.reached, p.pool->nsolvables);
	for (i = 0; p.v && i < rules.count; i++) {
		struct cause *c = &p.v[p.n++];
		int j;

		c->type = solver_ruleinfo(s, rules.elements[i], &c->from, &c->to, &c->dep);
		for (j = 0; j < p.n - 1; j++)
			if (p.v[j].type == c->type && p.v[j].from == c->from && p.v[j].to == c->to &&
			    p.v[j].dep == c->dep) {
				p.n--;
				break;
			}
	}
	tell_all(&p);
	map_free(&p.reached);
	free(p.v);
	queue_free(&rules);
}

int
explain(const struct pkg *k, Solver *s)
{
	int i, n = (int)solver_problem_count(s);

	for (i = 1; i <= n; i++) {
		complain("these do not go together:");
		one(k, s, i);
	}
	return fail(ST_SOLVE, "nothing was changed: there is no way to satisfy this");
}
