/* SPDX-License-Identifier: MIT */
/*
 * Who needs whom.  Edges are what recipes name: build-depends, host-tools, the
 * toolchain, and for host tools what they need at run time.
 */
#include <stdlib.h>
#include <string.h>

#include "cook.h"

static const char *const toolchain_tools[] = { "binutils", "gcc", "libgcc", "glue", NULL };

static int
add_port(struct port ***v, size_t *n, struct port *p)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if ((*v)[i] == p)
			return 0;
	*v = xgrow(*v, (*n + 1) * sizeof(**v));
	(*v)[(*n)++] = p;
	return 1;
}

static void
add_extra(struct port *p, struct port *d, const char *package)
{
	size_t i;

	for (i = 0; i < p->nextra; i++)
		if (strcmp(p->extra[i].package, package) == 0)
			return;
	p->extra = xgrow(p->extra, (p->nextra + 1) * sizeof(*p->extra));
	p->extra[p->nextra].p = d;
	p->extra[p->nextra++].package = package;
}

static void
add_direct(struct cook *c, struct port *p, const char *name, int host_only)
{
	struct port *d = cook_find_for(c, p->target, name);
	char hint[NEAREST_HINT];

	if (!d && !host_only && (d = graph_maker(c, p->target, name)))
		add_extra(p, d, name);
	if (!d)
		port_error(c, p, name, fmt("needs a recipe that is not in this tree: '%s'%s", name,
				cook_hint(c, name, hint)));
	else if (d == p)
		port_error(c, p, name, fmt("needs itself: '%s'", name));
	else if (host_only && d->r && d->r->arch != ARCH_HOST)
		port_error(c, p, name, fmt("takes as a host tool what has not arch = \"host\": '%s'", name));
	else
		add_port(&p->direct, &p->ndirect, d);
}

static void
resolve_direct(struct cook *c, struct port *p)
{
	const struct recipe *r = p->r;
	struct cpk_dep d;
	size_t i;

	for (i = 0; i < r->host_tools.n; i++)
		if (strncmp(r->host_tools.v[i], "cmd:", 4) != 0)
			add_direct(c, p, r->host_tools.v[i], 1);
	for (i = 0; i < r->build_depends.n; i++)
		add_direct(c, p, r->build_depends.v[i], 0);
	for (i = 0; r->arch == ARCH_HOST && i < r->depends.n; i++)
		if (cpk_dep_parse(&d, r->depends.v[i]) == 0)
			add_direct(c, p, d.name, 1);
	if (r->toolchain >= TOOLCHAIN_BARE)
		for (i = 0; toolchain_tools[i]; i++)
			add_direct(c, p, toolchain_tools[i], 1);
	for (i = 0; !p->target->like && r->toolchain >= TOOLCHAIN_BARE && i < p->target->tools.n; i++)
		add_direct(c, p, p->target->tools.v[i], 1);
	if (r->toolchain >= TOOLCHAIN_C) {
		add_direct(c, p, "libc", 0);
		add_direct(c, p, "libgcc-rt", 0);
	}
	if (r->toolchain >= TOOLCHAIN_CXX) {
		add_direct(c, p, "libstdcxx", 1);
		add_direct(c, p, "libstdcxx-rt", 0);
	}
}

/* A host tool and the host tools that it runs. */
static void
close_tool(struct port *p, struct port *d)
{
	struct cpk_dep dep;
	size_t i, j;

	if (!add_port(&p->tools, &p->ntools, d) || !d->r)
		return;
	for (i = 0; i < d->r->depends.n; i++)
		for (j = 0; j < d->ndirect; j++)
			if (cpk_dep_parse(&dep, d->r->depends.v[i]) == 0 &&
			    strcmp(d->direct[j]->name, dep.name) == 0)
				close_tool(p, d->direct[j]);
}

/* A library in the sysroot and the libraries that it is linked with. */
static void
close_sys(struct port *p, struct port *d)
{
	size_t i;

	if (d == p || !add_port(&p->sys, &p->nsys, d))
		return;
	for (i = 0; i < d->nextra; i++)
		add_extra(p, d->extra[i].p, d->extra[i].package);
	for (i = 0; i < d->ndirect; i++)
		if (d->direct[i]->r && d->direct[i]->r->arch != ARCH_HOST)
			close_sys(p, d->direct[i]);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(struct port *const *)a)->name, (*(struct port *const *)b)->name);
}

static void
close_port(struct port *p)
{
	size_t i;

	for (i = 0; i < p->ndirect; i++) {
		struct port *d = p->direct[i];

		if (d->r && d->r->arch == ARCH_HOST)
			close_tool(p, d);
		else if (d->r)
			close_sys(p, d);
	}
	if (p->ntools)
		qsort(p->tools, p->ntools, sizeof(*p->tools), by_name);
	if (p->nsys)
		qsort(p->sys, p->nsys, sizeof(*p->sys), by_name);
}

/* Names the ports of a cycle; path[] is the walk, from the first to the last. */
static void
report_cycle(const struct cook *c, struct port **path, size_t from, size_t n)
{
	struct buf b = { 0 };
	size_t i;

	for (i = from; i < n; i++)
		buf_fmt(&b, "%s -> ", path[i]->name);
	buf_str(&b, path[from]->name);
	for (i = from; i < n; i++)
		if (path[i]->r)
			port_error(c, path[i], path[i + 1 < n ? i + 1 : from]->plain,
					fmt("is part of a cycle: '%s'", b.s));
	free(b.s);
}

static void
walk(const struct cook *c, struct port *p, struct port **path, size_t n, struct port **out, size_t *nout)
{
	size_t i, j;

	p->mark = 1;
	path[n++] = p;
	for (i = 0; i < p->ndirect; i++) {
		struct port *d = p->direct[i];

		if (d->mark == 0) {
			walk(c, d, path, n, out, nout);
		} else if (d->mark == 1) {
			for (j = 0; path[j] != d; j++)
				;
			report_cycle(c, path, j, n);
		}
	}
	p->mark = 2;
	out[(*nout)++] = p;
}

void
graph_order(struct cook *c, struct port **out)
{
	struct port **path = xalloc((c->nports + 1) * sizeof(*path));
	size_t i, n = 0;

	for (i = 0; i < c->nports; i++)
		c->port[i].mark = 0;
	for (i = 0; i < c->nports; i++)
		if (c->port[i].mark == 0)
			walk(c, &c->port[i], path, 0, out, &n);
	free(path);
}

void
graph_resolve(struct cook *c)
{
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (c->port[i].r)
			resolve_direct(c, &c->port[i]);
	graph_order(c, order);
	for (i = 0; i < c->nports; i++)
		if (c->port[i].r)
			close_port(&c->port[i]);
	free(order);
}

struct port *
graph_maker(const struct cook *c, const struct target *t, const char *name)
{
	struct port *p = cook_find_for(c, t, name);
	size_t i, j;

	/* A host tool is no package: binutils is one of the recipe binutils-native. */
	if (p && (!p->r || p->r->arch != ARCH_HOST))
		return p;
	for (i = 0; i < c->nports; i++)
		for (j = 0; c->port[i].target == t && c->port[i].r && j < c->port[i].r->nsplits; j++)
			if (strcmp(c->port[i].r->splits[j].name, name) == 0)
				return &c->port[i];
	for (i = 0; i < c->nports; i++)
		for (j = 0; c->port[i].target == t && split_suffix[j]; j++) {
			size_t n = strlen(c->port[i].plain);

			if (strncmp(name, c->port[i].plain, n) == 0 && name[n] == '-' &&
			    strcmp(name + n + 1, split_suffix[j]) == 0)
				return &c->port[i];
		}
	return NULL;
}

static void
want_packages(struct cook *c, const struct target *t, const struct list *depends)
{
	struct cpk_dep d;
	struct port *p;
	size_t i;

	for (i = 0; i < depends->n; i++) {
		if (cpk_dep_parse(&d, depends->v[i]) < 0 || strchr(d.name, ':'))
			continue;
		p = graph_maker(c, t, d.name);
		if (p)
			graph_want(c, p);
	}
}

void
graph_want(struct cook *c, struct port *p)
{
	size_t i;

	if (p->wanted)
		return;
	p->wanted = 1;
	for (i = 0; i < p->ndirect; i++)
		graph_want(c, p->direct[i]);
	for (i = 0; i < p->ntools; i++)
		graph_want(c, p->tools[i]);
	for (i = 0; i < p->nsys; i++)
		graph_want(c, p->sys[i]);
	if (p->r && p->r->arch != ARCH_HOST) {
		want_packages(c, p->target, &p->r->depends);
		for (i = 0; i < p->r->nsplits; i++)
			want_packages(c, p->target, &p->r->splits[i].depends);
	}
}
