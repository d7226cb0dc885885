/* SPDX-License-Identifier: MIT */
/* The state that each port is in before it is built: in the store, held, ready, or waiting. */
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "share.h"
#include "states.h"

static enum state
worst(struct port *const *v, size_t n, enum state so_far)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i]->state == PORT_FAILED || v[i]->state == PORT_BLOCKED)
			return PORT_BLOCKED;
		if (v[i]->state == PORT_LEFT)
			so_far = PORT_LEFT;
		else if (v[i]->state != PORT_DONE && so_far != PORT_LEFT)
			so_far = PORT_WAITING;
	}
	return so_far;
}

/* 1 when the name of n bytes is in COOK_HOLD. */
static int
name_is_held(const char *name, size_t n)
{
	const char *hold = getenv("COOK_HOLD"), *at;

	for (at = hold ? hold : ""; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len == n && strncmp(at, name, n) == 0)
			return 1;
		at += len;
	}
	return 0;
}

/* 1 when line is an input "dependency NAME HASH" with NAME in COOK_HOLD. */
static int
is_held(const char *line)
{
	const char *name = strchr(line, ' ') + 1;

	if (strncmp(line, "dependency ", 11) != 0 && strncmp(line, "tool ", 5) != 0)
		return 0;
	return name_is_held(name, strcspn(name, " "));
}

static void
drop_held(const struct list *from, struct list *to)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (!is_held(from->v[i]))
			list_add(to, from->v[i]);
}

/*
 * For work on a library that everything is linked with: what COOK_HOLD names
 * stays as it was built last, whatever changed in it; so does a port whose last
 * build differs only in these.
 */
static int
hold_last(struct cook *c, struct port *p)
{
	char *last = getenv("COOK_HOLD") ? store_last(c, p->name) : NULL;
	struct list all = { 0 }, old = { 0 }, new = { 0 };
	size_t i;
	int same;

	if (!last)
		return 0;
	if (name_is_held(p->name, strlen(p->name))) {
		snprintf(p->key, sizeof(p->key), "%s", last);
		free(last);
		return store_find(c, p);
	}
	store_meta_all(c, last, "input", &all);
	drop_held(&all, &old);
	drop_held(&p->inputs, &new);
	same = old.n > 0 && old.n == new.n;
	for (i = 0; same && i < old.n; i++)
		same = strcmp(old.v[i], new.v[i]) == 0;
	if (same)
		snprintf(p->key, sizeof(p->key), "%s", last);
	cpk_list_free(&all);
	cpk_list_free(&old);
	cpk_list_free(&new);
	free(last);
	return same && store_find(c, p);
}

static void
look_at(struct cook *c, struct port *p, int fill)
{
	enum state s;

	if (p->state != PORT_WAITING)
		return;
	if (!p->r || p->errors.n) {
		p->state = PORT_FAILED;
		return;
	}
	s = worst(p->tools, p->ntools, PORT_DONE);
	if (s != PORT_BLOCKED)
		s = worst(p->sys, p->nsys, s);
	if (s == PORT_DONE) {
		if (key_compute(c, p) < 0)
			s = PORT_FAILED;
		else
			s = store_find(c, p) || hold_last(c, p) ||
				(fill && (share_get(c, p) || cache_get(c, p))) ? PORT_DONE : PORT_READY;
	}
	p->state = s;
}

void
states_look(struct cook *c, struct port **order, int fill)
{
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (order[i]->wanted)
			look_at(c, order[i], fill);
}

void
sched_scan(struct cook *c)
{
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));

	graph_order(c, order);
	states_look(c, order, 0);
	free(order);
}
