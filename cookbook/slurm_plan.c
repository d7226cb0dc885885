/* SPDX-License-Identifier: MIT */
/*
 * cook plan: how long a cluster takes for the ports of this tree, or for a tree of as many as one
 * likes.  Times are those measured here.  A larger tree is grown from this one: each further port
 * is a copy of one of ports/, with its time and its place in the graph, and what it needs are, at
 * even odds, the ports that the original needs or a copy of them; every second one also needs some
 * earlier port, so that the graph gets deeper as it grows.  The same numbers give the same tree.
 */
#include <stdlib.h>
#include <string.h>

#include "slurm.h"

struct task {
	double seconds, path;
	size_t *needs, nneeds;
	size_t *waits, nwaits;		/* who needs it */
	size_t open;			/* of needs, those not done */
	size_t of;			/* index of the port that it is a copy of */
	double end;			/* when it is done, while it runs */
};

struct plan {
	struct task *v;
	size_t n, real;
	uint64_t seed;
};

struct result {
	double makespan, critical, work;
	size_t deepest;
};

/* --- the tree --- */

static uint64_t
dice(struct plan *pl, uint64_t n)
{
	pl->seed = pl->seed * 6364136223846793005u + 1442695040888963407u;
	return (pl->seed >> 33) % n;
}

static void
need(struct plan *pl, size_t task, size_t on)
{
	struct task *t = &pl->v[task], *d = &pl->v[on];
	size_t i;

	for (i = 0; i < t->nneeds; i++)
		if (t->needs[i] == on)
			return;
	t->needs = xgrow(t->needs, (t->nneeds + 1) * sizeof(*t->needs));
	t->needs[t->nneeds++] = on;
	d->waits = xgrow(d->waits, (d->nwaits + 1) * sizeof(*d->waits));
	d->waits[d->nwaits++] = task;
}

static void
add_real(struct plan *pl, struct cook *c, struct port *const *order)
{
	size_t i, j, k;

	for (i = 0; i < c->nports; i++)
		if (order[i]->wanted)
			pl->v[pl->n++] = (struct task){ .seconds = order[i]->estimate, .of = i };
	pl->real = pl->n;
	for (i = 0; i < pl->n; i++) {
		const struct port *p = order[pl->v[i].of];

		for (j = 0; j < i; j++)
			for (k = 0; k < p->ndirect; k++)
				if (p->direct[k] == order[pl->v[j].of])
					need(pl, i, j);
		pl->v[i].of = i;
	}
}

/* A copy of the task `of` among those made so far, or itself. */
static size_t
some_copy(struct plan *pl, size_t of)
{
	size_t i, at = pl->real + dice(pl, pl->n - pl->real + 1);

	if (dice(pl, 2) == 0)
		return of;
	for (i = at; i < pl->n; i++)
		if (pl->v[i].of == of)
			return i;
	return of;
}

/* ports[]: the real tasks that may be copied. */
static void
add_copy(struct plan *pl, const size_t *ports, size_t nports)
{
	size_t of = ports[dice(pl, nports)], me = pl->n, i, on;
	struct task *t = &pl->v[me];

	*t = (struct task){ .seconds = pl->v[of].seconds, .of = of };
	for (i = 0; i < pl->v[of].nneeds; i++) {
		on = some_copy(pl, pl->v[of].needs[i]);
		need(pl, me, on);
	}
	if (me > pl->real && dice(pl, 2) == 0)
		need(pl, me, pl->real + dice(pl, me - pl->real));
	pl->n++;
}

static void
grow(struct plan *pl, struct port *const *order, size_t want)
{
	size_t *ports = xalloc((pl->real + 1) * sizeof(*ports)), n = 0, i, k;

	for (i = 0, k = 0; k < pl->real; i++)
		if (order[i]->wanted) {
			if (strncmp(order[i]->dir, "ports/", 6) == 0)
				ports[n++] = k;
			k++;
		}
	while (n && pl->n < want)
		add_copy(pl, ports, n);
	free(ports);
}

/* --- the time it takes --- */

static void
compute_paths(struct plan *pl, struct result *r)
{
	size_t *depth = xalloc((pl->n + 1) * sizeof(*depth)), i, k;

	for (i = pl->n; i-- > 0;) {
		struct task *t = &pl->v[i];

		t->path += t->seconds;
		depth[i]++;
		r->work += t->seconds;
		r->critical = t->path > r->critical ? t->path : r->critical;
		r->deepest = depth[i] > r->deepest ? depth[i] : r->deepest;
		for (k = 0; k < t->nneeds; k++) {
			struct task *d = &pl->v[t->needs[k]];

			d->path = t->path > d->path ? t->path : d->path;
			depth[t->needs[k]] = depth[i] > depth[t->needs[k]] ? depth[i] : depth[t->needs[k]];
		}
	}
	free(depth);
}

/* The ready task with the longest way to the end, or n. */
static size_t
best_ready(const struct plan *pl, const char *state)
{
	size_t i, best = pl->n;

	for (i = 0; i < pl->n; i++)
		if (state[i] == 0 && pl->v[i].open == 0 &&
		    (best == pl->n || pl->v[i].path > pl->v[best].path))
			best = i;
	return best;
}

/* Jobs as Slurm starts them: when a node is free, the one with the longest path. */
static double
simulate(struct plan *pl, size_t nodes, double overhead)
{
	char *state = xalloc(pl->n + 1);	/* 0 waiting, 1 running, 2 done */
	size_t running = 0, done = 0, i, k, next;
	double now_at = 0;

	for (i = 0; i < pl->n; i++)
		pl->v[i].open = pl->v[i].nneeds;
	while (done < pl->n) {
		while (running < nodes && (i = best_ready(pl, state)) < pl->n) {
			state[i] = 1;
			pl->v[i].end = now_at + overhead + pl->v[i].seconds;
			running++;
		}
		for (next = pl->n, i = 0; i < pl->n; i++)
			if (state[i] == 1 && (next == pl->n || pl->v[i].end < pl->v[next].end))
				next = i;
		if (next == pl->n)
			die("plan: the graph has a cycle");
		now_at = pl->v[next].end;
		state[next] = 2;
		for (k = 0; k < pl->v[next].nwaits; k++)
			pl->v[pl->v[next].waits[k]].open--;
		running--;
		done++;
	}
	free(state);
	return now_at;
}

static size_t
count(int *argc, char ***argv, const char *what)
{
	char *end;
	long n = *argc > 0 ? strtol((*argv)[0], &end, 10) : 0;

	if (n < 1 || n > 1000000 || *end)
		misuse("usage: cook plan NODES PORTS [SECONDS]: %s is missing or no number", what);
	(*argc)--;
	(*argv)++;
	return (size_t)n;
}

int
cmd_plan(struct cook *c, int argc, char **argv)
{
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));
	size_t nodes = count(&argc, &argv, "NODES"), ports = count(&argc, &argv, "PORTS"), i, measured = 0;
	double overhead = argc ? strtod(argv[0], NULL) : 2, span;
	struct plan pl = { .seed = 1 };
	struct result r = { 0 };

	want_named(c, 0, NULL);
	records_estimate(c);
	graph_order(c, order);
	pl.v = xalloc((ports + c->nports + 1) * sizeof(*pl.v));
	add_real(&pl, c, order);
	grow(&pl, order, ports);
	for (i = 0; i < c->nports; i++)
		measured += c->port[i].wanted && c->port[i].measured > 0;
	compute_paths(&pl, &r);
	span = simulate(&pl, nodes, overhead);
	printf("recipes\t%zu, of them %zu with times measured here\n", pl.real, measured);
	printf("ports\t%zu, the longest chain %zu\n", pl.n, r.deepest);
	printf("work\t%.1f hours\n", r.work / 3600);
	printf("critical path\t%.0f minutes\n", r.critical / 60);
	printf("one node\t%.1f hours\n", (r.work + overhead * (double)pl.n) / 3600);
	printf("%zu nodes\t%.0f minutes, %.0f %% of them busy\n", nodes, span / 60,
			100 * r.work / (span * (double)nodes));
	return 0;
}
