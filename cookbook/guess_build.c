/* SPDX-License-Identifier: MIT */
/* How an archive is built, from the files that build systems are known by. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "guess.h"

static const struct sign {
	const char *file, *system;
} signs[] = {
	{ "configure", "configure" }, { "meson.build", "meson" }, { "CMakeLists.txt", "cmake" },
	{ "configure.ac", "autotools" }, { "configure.in", "autotools" },
	{ "GNUmakefile", "make" }, { "makefile", "make" }, { "Makefile", "make" },
};

static int
has_file(const char *dir, const char *name)
{
	char *path = fmt("%s/%s", dir, name);
	int there = exists(path);

	free(path);
	return there;
}

static int
look_for_signs(struct guess *g, const char *dir, const char *below)
{
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!has_file(dir, signs[i].file))
			continue;
		g->system = signs[i].system;
		g->system_from = below ? fmt("%s/%s", below, signs[i].file) : xdup(signs[i].file);
		g->dir = below ? xdup(below) : NULL;
		return 1;
	}
	return 0;
}

static void
find_system(struct guess *g, const char *dir)
{
	static const char *const subs[] = { "src", "source", "unix", "build", NULL };
	size_t i;

	if (look_for_signs(g, dir, NULL))
		return;
	for (i = 0; subs[i]; i++) {
		char *sub = fmt("%s/%s", dir, subs[i]);
		int found = look_for_signs(g, sub, subs[i]);

		free(sub);
		if (found)
			return;
	}
}

/* The arguments of the first call "word(…)" in a text, fresh; NULL when there is none. */
static char *
arguments(const char *text, const char *word)
{
	const char *s = strstr(text, word), *open, *close;

	open = s ? strchr(s, '(') : NULL;
	close = open ? strchr(open, ')') : NULL;
	return close ? fmt("%.*s", (int)(close - open - 1), open + 1) : NULL;
}

static int
has_cxx_files(const char *dir, const char *sub)
{
	static const char *const patterns[] = { "*.cc", "*.cpp", "*.cxx", NULL };
	char *path = fmt("%s/%s", dir, sub);
	struct list names = { 0 };
	size_t i, k;
	int yes = 0;

	list_dir(path, &names);
	for (i = 0; i < names.n; i++)
		for (k = 0; patterns[k]; k++)
			yes |= fnmatch(patterns[k], names.v[i], 0) == 0;
	cpk_list_free(&names);
	free(path);
	return yes;
}

/* What a build system only could compile does not count: bindings, tests, a default of CMake's. */
static int
needs_cxx(const struct guess *g, const char *dir)
{
	char *text, *args = NULL;
	int yes;

	if (has_cxx_files(dir, ".") || has_cxx_files(dir, "src"))
		return 1;
	if (strcmp(g->system, "cmake") != 0 && strcmp(g->system, "meson") != 0)
		return 0;
	text = guess_read(dir, strcmp(g->system, "cmake") ? "meson.build" : "CMakeLists.txt", 1 << 20);
	args = arguments(text, "project");
	yes = args && (strstr(args, "CXX") || strstr(args, "'cpp'"));
	free(args);
	free(text);
	return yes;
}

/* --- what it needs --- */

/* The recipe whose last build provides pkg-config's module, or one of that name. */
static const char *
maker_of(const struct cook *c, const char *module)
{
	struct port *p = cook_find(c, module);
	char *want = fmt("pc:%s", module);
	size_t i, k, n = strlen(want);
	const char *found = p && p->r && p->r->arch != ARCH_HOST ? p->name : NULL;

	for (i = 0; !found && i < c->nports; i++) {
		char *key = store_last(c, c->port[i].name);
		struct list provides = { 0 };

		if (key)
			store_meta_all(c, key, "provides", &provides);
		for (k = 0; k < provides.n; k++)
			if (strncmp(provides.v[k], want, n) == 0 &&
			    (!provides.v[k][n] || provides.v[k][n] == ' '))
				found = c->port[i].name;
		cpk_list_free(&provides);
		free(key);
	}
	free(want);
	return found;
}

static void
add_modules(struct guess *g, const struct cook *c, char *words)
{
	char *word, *save;

	for (word = strtok_r(words, " ,\t\n\r[]'\"()", &save); word;
	     word = strtok_r(NULL, " ,\t\n\r[]'\"()", &save)) {
		const char *maker = cpk_name_ok(word) ? maker_of(c, word) : NULL;

		if (maker && strcmp(maker, g->name) != 0 && !list_has(&g->depends, maker))
			list_add(&g->depends, maker);
	}
}

static void
find_modules(struct guess *g, const struct cook *c, const char *dir)
{
	static const char *const calls[][2] = {
		{ "configure.ac", "PKG_CHECK_MODULES" }, { "meson.build", "dependency" },
		{ "CMakeLists.txt", "pkg_check_modules" }, { "CMakeLists.txt", "pkg_search_module" },
	};
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		char *text = guess_read(dir, calls[i][0], 1 << 20), *s = text, *args;

		while ((s = strstr(s, calls[i][1])) && (args = arguments(s, calls[i][1]))) {
			add_modules(g, c, args);
			free(args);
			s++;
		}
		free(text);
	}
	cpk_list_sort(&g->depends);
}

/* --- what it is --- */

/* "Description:" of a pkg-config file in the sources. */
static void
find_summary(struct guess *g, const char *dir)
{
	struct list names = { 0 };
	size_t i, n;

	list_dir(dir, &names);
	for (i = 0; i < names.n && !g->summary; i++) {
		char *text, *s;

		if (fnmatch("*.pc.in", names.v[i], 0) != 0 && fnmatch("*.pc", names.v[i], 0) != 0)
			continue;
		text = guess_read(dir, names.v[i], 65536);
		s = strstr(text, "Description:");
		if (s) {
			s += strlen("Description:");
			s += strspn(s, " \t");
			n = strcspn(s, "\r\n");
			while (n && (s[n - 1] == '.' || s[n - 1] == ' '))
				n--;
			if (n && n < 100 && !memchr(s, '@', n))
				g->summary = fmt("%.*s", (int)n, s);
		}
		free(text);
	}
	cpk_list_free(&names);
}

/* A repository's own page, else the site. */
static void
find_homepage(struct guess *g)
{
	const char *s = g->source, *path;
	size_t n;

	if (strncmp(s, "https://", 8) != 0)
		return;
	path = strstr(s, "/releases/download/");
	if (!path)
		path = strstr(s, "/archive/");
	n = path ? (size_t)(path - s) : 8 + strcspn(s + 8, "/");
	g->homepage = fmt("%.*s%s", (int)n, s, path ? "" : "/");
}

void
guess_build(struct guess *g, const struct cook *c, const char *dir)
{
	char *sub;

	find_system(g, dir);
	sub = g->dir ? fmt("%s/%s", dir, g->dir) : xdup(dir);
	if (g->system)
		g->cxx = needs_cxx(g, sub);
	find_modules(g, c, sub);
	find_summary(g, dir);
	find_homepage(g);
	free(sub);
}

void
guess_free(struct guess *g)
{
	free(g->name);
	free(g->version);
	free(g->source);
	free(g->system_from);
	free(g->dir);
	free(g->license);
	free(g->license_from);
	free(g->summary);
	free(g->homepage);
	cpk_list_free(&g->depends);
}
