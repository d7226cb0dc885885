/* SPDX-License-Identifier: MIT */
/* cook new: a first recipe from the address of a source archive. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guess.h"
#include "recipe_values.h"

/* What the archive is called by and where it lies unpacked. */
struct archive_of {
	struct recipe r;		/* enough of one to fetch */
	char sha256[65];
	char *dir;			/* unpacked as it is */
	char *top;			/* the folder of the sources in it */
	int strip;
};

/* The one folder that everything is in, or dir itself. */
static void
find_top(struct archive_of *a)
{
	struct list names = { 0 };
	struct stat st;
	char *only;

	list_dir(a->dir, &names);
	only = names.n == 1 ? fmt("%s/%s", a->dir, names.v[0]) : NULL;
	a->strip = only && lstat(only, &st) == 0 && S_ISDIR(st.st_mode);
	a->top = a->strip ? only : xdup(a->dir);
	if (!a->strip)
		free(only);
	cpk_list_free(&names);
}

static int
get_archive(const struct cook *c, const struct guess *g, struct archive_of *a)
{
	char *file;
	int bad;

	memset(a, 0, sizeof(*a));
	a->r.name = g->name;
	a->r.version = g->version;
	a->r.file = g->source;
	list_add(&a->r.source, g->source);
	if (source_fetch_new(c, &a->r, 0, a->sha256) < 0)
		return -1;
	a->dir = cook_path(c, "build/new-%s-%d", g->name, (int)getpid());
	make_dirs(a->dir);
	file = cook_path(c, "sources/%s", a->sha256);
	bad = unpack(file, a->dir, 0, NULL);
	free(file);
	if (bad == 0)
		find_top(a);
	return bad;
}

static void
put_string(struct buf *b, const char *key, const char *value)
{
	buf_fmt(b, "%s = \"", key);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_str(b, "\\");
		buf_add(b, value, 1);
	}
	buf_str(b, "\"\n");
}

static char *
write_text(const struct guess *g, const struct archive_of *a)
{
	struct buf b = { 0 };
	size_t i;

	put_string(&b, "name", g->name);
	put_string(&b, "version", g->version);
	put_string(&b, "license", g->license ? g->license : "LicenseRef-UNFINISHED");
	put_string(&b, "summary", g->summary ? g->summary : "UNFINISHED");
	if (g->homepage)
		put_string(&b, "homepage", g->homepage);
	put_string(&b, "source", g->source);
	put_string(&b, "sha256", a->sha256);
	if (!a->strip)
		buf_str(&b, "strip = 0\n");
	for (i = 0; i < g->depends.n; i++)
		buf_fmt(&b, "%s\"%s\"%s", i ? ", " : "build-depends = [", g->depends.v[i],
			i + 1 < g->depends.n ? "" : "]\n");
	if (g->cxx)
		buf_str(&b, "toolchain = \"c++\"\n");
	buf_fmt(&b, "\n[build]\nsystem = \"%s\"\n", g->system ? g->system : "shell");
	if (g->dir)
		put_string(&b, "dir", g->dir);
	if (!g->system)
		buf_str(&b, "targets = [\"echo UNFINISHED: how is it built; false\"]\n");
	buf_str(&b, "\n[test]\nrun = [\"echo UNFINISHED: what shows that it works; false\"]\n");
	return b.s;
}

static int
write_recipe(const struct cook *c, const struct guess *g, const struct archive_of *a)
{
	char *dir = fmt("%s/ports/%s", c->root, g->name), *path = fmt("%s/port.toml", dir);
	char *text = write_text(g, a);
	int r = make_dirs(dir);

	if (r == 0)
		r = write_file(path, text, strlen(text), 0644);
	if (r < 0)
		warn_("%s: %s", path, strerror(-r));
	free(text);
	free(path);
	free(dir);
	return r;
}

static void
say(const struct guess *g)
{
	printf("ports/%s/port.toml: %s %s\n", g->name, g->name, g->version);
	if (g->system)
		printf("system %s, because there is %s\n", g->system, g->system_from);
	else
		printf("no build system that is known: write [build] yourself\n");
	if (g->license)
		printf("license %s, from %s\n", g->license, g->license_from);
	else
		printf("no licence that is known: read the sources\n");
	printf("next: what says UNFINISHED, the [test] above all; then: cook check %s\n", g->name);
}

int
cmd_new(struct cook *c, int argc, char **argv)
{
	struct guess g = { 0 };
	struct archive_of a;
	const char *why;
	int bad;

	if (argc != 1)
		misuse("usage: cook new URL");
	why = bad_source(argv[0]);
	if (why || strncmp(argv[0], "tree:", 5) == 0)
		die("%s: %s", argv[0], why ? why : "a tree is no archive");
	if (guess_name(&g, argv[0]) < 0)
		die("%s: no NAME-VERSION in it", argv[0]);
	if (cook_find(c, g.name))
		die("%s/port.toml is there already: cook bump changes its version",
			cook_find(c, g.name)->dir);
	bad = get_archive(c, &g, &a);
	if (bad == 0) {
		guess_build(&g, c, a.top);
		guess_license(&g, a.top);
		bad = write_recipe(c, &g, &a);
	}
	if (bad == 0)
		say(&g);
	if (a.dir)
		remove_tree(a.dir);
	cpk_list_free(&a.r.source);
	free(a.dir);
	free(a.top);
	guess_free(&g);
	return bad != 0;
}
