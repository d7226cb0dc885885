/* SPDX-License-Identifier: MIT */
/* Which of the ports that are ready goes first: critical path, or what a budget holds most of. */
#include <stdlib.h>
#include <string.h>

#include "choice.h"

#define DOUBT 1.5			/* how much longer a build may take that was never made here */
#define SECONDS_TO_START 0.5		/* of any build: so that none is worth infinitely much */

static int
is_open(const struct port *p)
{
	return p->wanted && (p->state == PORT_WAITING || p->state == PORT_READY);
}

double
choice_seconds(const struct port *p)
{
	return p->measured > 0 ? p->estimate : p->estimate * DOUBT;
}

void
choice_paths(const struct cook *c, struct port *const *order)
{
	size_t i, k;

	for (i = c->nports; i-- > 0;) {
		struct port *p = order[i];

		p->path += p->estimate;
		for (k = 0; p->wanted && k < p->ndirect; k++)
			if (p->direct[k]->path < p->path)
				p->direct[k]->path = p->path;
	}
}

/* Counts user at all that it needs and that was not visited yet. */
static void
count_at(struct port *p, char *visited, const struct port *first)
{
	size_t k;

	if (!is_open(p) || visited[p - first])
		return;
	visited[p - first] = 1;
	p->waiters++;
	for (k = 0; k < p->ndirect; k++)
		count_at(p->direct[k], visited, first);
}

static void
count_waiters(struct cook *c)
{
	char *visited = xalloc(c->nports + 1);
	size_t i;

	for (i = 0; i < c->nports; i++)
		c->port[i].waiters = 0;
	for (i = 0; i < c->nports; i++) {
		memset(visited, 0, c->nports);
		count_at(&c->port[i], visited, c->port);
	}
	free(visited);
}

void
choice_prepare(struct cook *c, struct port *const *order)
{
	choice_paths(c, order);
	if (c->budget > 0)
		count_waiters(c);
}

/* 1 when what is open takes longer than is left, on all processors. */
static int
is_tight(const struct cook *c, double left)
{
	double sum = 0;
	size_t i;

	for (i = 0; c->budget > 0 && i < c->nports; i++)
		if (is_open(&c->port[i]))
			sum += choice_seconds(&c->port[i]);
	return sum > left * c->jobs;
}

static double
worth(const struct port *p, int tight)
{
	return tight ? p->waiters / (choice_seconds(p) + SECONDS_TO_START) : p->path;
}

struct port *
choice_best(const struct cook *c, struct port *const *order, double left)
{
	int tight = c->budget > 0 && is_tight(c, left);
	struct port *best = NULL;
	size_t i;

	for (i = 0; i < c->nports; i++) {
		struct port *p = order[i];

		if (p->wanted && p->state == PORT_READY && (!best || worth(p, tight) > worth(best, tight)))
			best = p;
	}
	return best;
}
