/* SPDX-License-Identifier: MIT */
/* Finding the tree, the cache and all recipes. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cook.h"

static const char *const areas[] = { "ports", "toolchain", "os", NULL };

char *
cook_path(const struct cook *c, const char *format, ...)
{
	char *rest, *path;
	va_list ap;

	va_start(ap, format);
	rest = vfmt(format, ap);
	va_end(ap);
	path = fmt("%s/%s", c->cache, rest);
	free(rest);
	return path;
}

static int
is_root(const char *dir)
{
	size_t i;

	for (i = 0; areas[i]; i++) {
		char *p = fmt("%s/%s", dir, areas[i]);
		int there = exists(p);

		free(p);
		if (there)
			return 1;
	}
	return 0;
}

static char *
find_root(const char *dir)
{
	char *at = real_dir(dir), *slash;

	if (!at)
		die("%s: %s", dir, strerror(errno));
	while (!is_root(at)) {
		slash = strrchr(at, '/');
		if (!slash || slash == at)
			die("%s: no tree with ports/, toolchain/ or os/ here or above", dir);
		*slash = '\0';
	}
	return at;
}

static char *
find_cache(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg == '/')
		return fmt("%s/calx", xdg);
	if (!home || *home != '/')
		die("neither XDG_CACHE_HOME nor HOME is set");
	return fmt("%s/.cache/calx", home);
}

void
cook_open(struct cook *c, const char *dir)
{
	static const char *const folders[] = {
		"sources", "store", "logs", "build", "last", "merged", NULL
	};
	size_t i;
	int r;

	c->root = find_root(dir);
	c->cache = find_cache();
	for (i = 0; folders[i]; i++) {
		char *p = cook_path(c, "%s", folders[i]);

		r = make_dirs(p);
		if (r < 0)
			die("%s: %s; the cache is in $XDG_CACHE_HOME, or $HOME/.cache", p, strerror(-r));
		free(p);
	}
}

static struct port *
new_port(struct cook *c, const struct target *t, char *dir)
{
	const char *plain = strrchr(dir, '/') + 1;
	struct port *p;

	c->port = xgrow(c->port, (c->nports + 1) * sizeof(*c->port));
	p = &c->port[c->nports++];
	memset(p, 0, sizeof(*p));
	p->dir = dir;
	p->plain = plain;
	p->target = t;
	p->name = t == &target_first ? xdup(plain) : fmt("%s@%s", plain, t->name);
	return p;
}

/* The same recipe once more for --target; host tools are there once. */
static void
load_for_target(struct cook *c, const struct port *first, const char *text, size_t len)
{
	struct port *p;

	if (c->target == &target_first || !first->r || first->r->arch == ARCH_HOST ||
	    list_has(&c->target->without, first->plain))
		return;
	p = new_port(c, c->target, xdup(first->dir));
	p->r = recipe_parse(p->dir, text, len, &p->errors);
}

static void
load_one(struct cook *c, const char *area, const char *name)
{
	char *dir = fmt("%s/%s", area, name), *path = fmt("%s/%s/port.toml", c->root, dir), *text;
	struct port *p, first;
	size_t len;
	int error;

	text = read_file(path, &len);
	error = text ? 0 : errno;
	free(path);
	if (error == ENOENT || error == ENOTDIR) {
		free(dir);
		return;
	}
	p = new_port(c, &target_first, dir);
	if (!text) {
		list_take(&p->errors, fmt("%s/port.toml:1:1: cannot be read: %s", dir, strerror(error)));
		return;
	}
	p->r = recipe_parse(dir, text, len, &p->errors);
	first = *p;			/* the array moves */
	load_for_target(c, &first, text, len);
	free(text);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct port *)a)->name, ((const struct port *)b)->name);
}

void
cook_load(struct cook *c)
{
	size_t i, j;

	for (i = 0; areas[i]; i++) {
		char *path = fmt("%s/%s", c->root, areas[i]);
		struct list names = { 0 };

		list_dir(path, &names);
		for (j = 0; j < names.n; j++)
			load_one(c, areas[i], names.v[j]);
		cpk_list_free(&names);
		free(path);
	}
	if (!c->nports)
		return;
	qsort(c->port, c->nports, sizeof(*c->port), by_name);
	for (i = 1; i < c->nports; i++)
		if (strcmp(c->port[i - 1].name, c->port[i].name) == 0)
			list_take(&c->port[i].errors, fmt("%s/port.toml:1:1: %s/port.toml has the same name",
					c->port[i].dir, c->port[i - 1].dir));
	graph_resolve(c);
}

struct port *
cook_find(const struct cook *c, const char *name)
{
	struct port want = { .name = (char *)name };

	if (!c->nports)
		return NULL;
	return bsearch(&want, c->port, c->nports, sizeof(*c->port), by_name);
}

struct port *
cook_find_for(const struct cook *c, const struct target *t, const char *name)
{
	char *own = t == &target_first ? NULL : fmt("%s@%s", name, t->name);
	struct port *p = own ? cook_find(c, own) : NULL;

	free(own);
	return p ? p : cook_find(c, name);
}

int
cook_selected(const struct cook *c, const struct port *p)
{
	return p->target == c->target;
}

const char *
cook_hint(const struct cook *c, const char *name, char buf[NEAREST_HINT])
{
	struct nearest near = { .word = name };
	size_t i;

	for (i = 0; i < c->nports; i++)
		nearest_try(&near, c->port[i].plain);
	return nearest_hint(&near, buf);
}

static void
no_recipe(const struct cook *c, const char *name)
{
	char hint[NEAREST_HINT];
	size_t i;

	for (i = 0; areas[i]; i++) {
		char *dir = fmt("%s/%s/%s", c->root, areas[i], name);

		if (exists(dir))
			die("%s/%s has no port.toml", areas[i], name);
		free(dir);
	}
	die("no recipe called %s%s", name, cook_hint(c, name, hint));
}

struct port *
cook_need(const struct cook *c, const char *name)
{
	const char *base = strrchr(name, '/');
	struct port *p = cook_find_for(c, c->target, base ? base + 1 : name);

	if (!p)
		no_recipe(c, base ? base + 1 : name);
	if (p->target != c->target && p->r && p->r->arch != ARCH_HOST)
		die("%s is not built for %s (toolchain/targets)", name, c->target->name);
	return p;
}
