/* SPDX-License-Identifier: MIT */
/*
 * pkg files, and whose a path is: of installed packages by their manifests, of others by the lists
 * of files that the repositories sign (lists.c). Those are in the order of the index: "package
 * HASH", paths, an empty line, for each package whose file the repository has.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "out.h"
#include "repos.h"

#define BLOCK	(8 + 2 * CPK_HASH)	/* "package HASH" */

static void
print_installed(const struct pkg *k, const struct cpk_manifest *m)
{
	char path[CPK_MAX_PATH + 2];
	size_t i;

	for (i = 0; i < m->nfiles; i++)
		if (m->files[i].type != 'd') {
			snprintf(path, sizeof(path), "/%s", m->files[i].path);
			out_str(k, "path", path);
			out_more(k, "package", m->name);
			out_more_num(k, "size", m->files[i].size);
			out_more(k, "link", m->files[i].link);
			out_row(k);
		}
}

/* The next path of a block, "%XX" undone, with its first '/'; false at the end of the block. */
static bool
next_path(const char **s, char path[CPK_MAX_PATH + 2])
{
	size_t n = 1;
	unsigned c;

	path[0] = '/';
	while (**s && **s != '\n' && n < CPK_MAX_PATH + 1) {
		if (**s == '%' && sscanf(*s + 1, "%2x", &c) == 1 && c) {
			path[n++] = (char)c;
			*s += 3;
		} else {
			path[n++] = *(*s)++;
		}
	}
	path[n] = '\0';
	*s += **s == '\n';
	return n > 1;
}

/* Where the paths of a package begin in a list, or NULL. */
static const char *
block_of(const char *text, const struct cpk_package *p)
{
	char key[BLOCK + 3], hex[CPK_HEX];
	const char *s;

	cpk_hex(p->hash, hex);
	snprintf(key, sizeof(key), "package %s\n", hex);
	s = strstr(text, key);
	return s ? s + strlen(key) : NULL;
}

/* The best package of that name that a repository has, and where it comes from. */
static const struct cpk_package *
find_package(struct pkg *k, const char *name, struct repo **repo)
{
	const struct cpk_package *best = NULL;
	size_t i, j;

	for (i = 0; i < k->nrepos; i++)
		for (j = 0; j < k->repos[i].index.n; j++) {
			const struct cpk_package *p = &k->repos[i].index.v[j];

			if (strcmp(p->name, name) || (best && ((*repo)->priority > k->repos[i].priority ||
			    ((*repo)->priority == k->repos[i].priority &&
			     cpk_version_cmp(p->version, best->version) <= 0))))
				continue;
			best = p;
			*repo = &k->repos[i];
		}
	return best;
}

static int
print_available(struct pkg *k, const char *name)
{
	char path[CPK_MAX_PATH + 2], *text = NULL;
	struct repo *repo = NULL;
	const struct cpk_package *p = find_package(k, name, &repo);
	const char *s;
	size_t n;
	int r;

	if (!p)
		return fail(ST_SOLVE, "%s: is not installed, and no repository has it", name);
	r = list_text(k, repo, LIST_FILES, &text, &n);
	s = r ? NULL : block_of(text, p);
	if (r == -ENOENT || (!r && !s))
		r = fail(ST_SOLVE, "%s: is not installed, and repository %s does not list its files",
				name, repo->name);
	while (!r && next_path(&s, path)) {
		out_str(k, "path", path);
		out_more(k, "package", p->name);
		out_row(k);
	}
	free(text);
	return r;
}

int
cmd_files(struct pkg *k, int argc, char **argv)
{
	bool indexes = false;
	int a, r, one;

	if (argc < 2)
		return fail(ST_USAGE, "files takes names of packages");
	r = db_open(k, false);
	for (a = 1; !r && a < argc; a++)
		indexes |= !db_find(k, argv[a]);
	if (!r && indexes)
		r = config_load(k);
	if (!r && indexes)
		r = repos_load(k);
	if (r)
		return r;
	out_begin(k);
	for (a = 1; a < argc; a++) {
		const struct installed *inst = db_find(k, argv[a]);

		one = 0;
		if (inst)
			print_installed(k, &inst->m);
		else
			one = print_available(k, argv[a]);
		r = one ? one : r;
	}
	out_end(k);
	return r;
}

static bool
has_path(const char *s, const char *pattern, char path[CPK_MAX_PATH + 2])
{
	while (next_path(&s, path))
		if (fnmatch(pattern, path + 1, 0) == 0)
			return true;
	return false;
}

int
provides_path(struct pkg *k, const char *pattern, size_t *found)
{
	char path[CPK_MAX_PATH + 2], *text;
	size_t i, j, n;
	int r = 0;

	for (i = 0; !r && i < k->nrepos; i++) {
		r = list_text(k, &k->repos[i], LIST_FILES, &text, &n);
		if (r == -ENOENT) {
			r = 0;
			continue;
		}
		for (j = 0; !r && j < k->repos[i].index.n; j++) {
			const struct cpk_package *p = &k->repos[i].index.v[j];
			const char *s = block_of(text, p);

			if (!s || !has_path(s, pattern, path))
				continue;
			out_str(k, "name", p->name);
			out_str(k, "version", p->version);
			out_str(k, "provides", path);
			out_flag(k, "installed", db_find(k, p->name) != NULL);
			out_text(k, "%s", db_find(k, p->name) ? " [installed]" : "");
			out_row(k);
			(*found)++;
		}
		if (!r)
			free(text);
	}
	return r;
}
