/* SPDX-License-Identifier: MIT */
/* The pool of the solver, filled from installed packages and indexes: plan.c, explain.c. */
#ifndef SOLVE_H
#define SOLVE_H

#include <solv/pool.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/solver.h>
#include <solv/transaction.h>

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
	bool downgrade;			/* a version was named: it may be an older one */
	const struct cpk_list *world;	/* as it shall be: its versions bind */
};

void solving_begin(struct solving *g, struct pkg *k, const struct cpk_list *world, bool installed);
void solving_end(struct solving *g);
const struct origin *origin_of(const struct solving *g, Id p);

/*
 * libsolv, set to RPM's versions, takes a name that is provided without a version for all versions
 * of it. Here it is none: "NAME OP VERSION" asks for the name "=NAME", which only they provide who
 * say their version. dep_text is how people know it.
 */
const char *dep_text(Pool *pool, Id dep);

/* The id of a relation "NAME" or "NAME OP VERSION"; 0 when it is none. */
Id dep_id(Pool *pool, const char *text);

/* The version is one that the relation allows. */
bool version_matches(const struct cpk_dep *d, const char *version);

/* For each solvable whether it can be installed alone, nothing being installed; freed by the caller. */
unsigned char *find_installable(struct solving *g);

#endif
