/* SPDX-License-Identifier: MIT */
/* pkg list, search, info, files, owns, verify: what only looks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "change.h"

int
cmd_list(struct pkg *k, int argc, char **argv)
{
	int r;
	size_t i;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "list takes no arguments");
	r = db_open(k, false);
	for (i = 0; !r && i < k->ninst; i++)
		printf("%s\t%s-%u\t%s\n", k->inst[i].m.name, k->inst[i].m.version,
				k->inst[i].m.release, k->inst[i].world ? "asked" : "needed");
	return r;
}

static int
open_indexes(struct pkg *k)
{
	int r = config_load(k);
	size_t i;

	if (!r)
		r = keys_load(k);
	if (!r)
		r = db_open(k, false);
	if (!r)
		r = repos_load(k);
	for (i = 0; !r && i < k->nrepos; i++)
		if (!k->repos[i].known)
			complain("repository %s was never updated: run 'pkg update'",
					k->repos[i].name);
	return r;
}

static bool
matches(const struct cpk_package *p, int n, char **words)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcasestr(p->name, words[i]) &&
		    !(p->summary && strcasestr(p->summary, words[i])))
			return false;
	return true;
}

int
cmd_search(struct pkg *k, int argc, char **argv)
{
	int r = open_indexes(k);
	size_t i, j, found = 0;

	for (i = 0; !r && i < k->nrepos; i++)
		for (j = 0; j < k->repos[i].index.n; j++) {
			const struct cpk_package *p = &k->repos[i].index.v[j];

			if (!matches(p, argc - 1, argv + 1))
				continue;
			printf("%s\t%s\t%s%s\n", p->name, p->version, p->summary ? p->summary : "",
					db_find(k, p->name) ? " [installed]" : "");
			found++;
		}
	return r || found ? r : fail(ST_SOLVE, "nothing found");
}

static void
print_list(const char *key, const struct cpk_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		printf("%-10s %s\n", key, l->v[i]);
}

static void
print_package(const struct pkg *k, const struct cpk_package *p)
{
	const struct installed *old = db_find(k, p->name);
	char size[16];

	printf("name       %s\nversion    %s\nlicense    %s\nsummary    %s\n", p->name, p->version,
			p->license ? p->license : "-", p->summary ? p->summary : "-");
	print_list("depends", &p->depends);
	print_list("provides", &p->provides);
	print_list("conflicts", &p->conflicts);
	printf("download   %s\n", human(p->bytes, size));
	printf("size       %s\n", human(p->size, size));
	if (old)
		printf("installed  %s-%u\n", old->m.version, old->m.release);
}

int
cmd_info(struct pkg *k, int argc, char **argv)
{
	int a, r;
	size_t i, j;

	if (argc < 2)
		return fail(ST_USAGE, "info takes names of packages");
	r = open_indexes(k);
	for (a = 1; !r && a < argc; a++) {
		bool found = false;

		for (i = 0; i < k->nrepos; i++)
			for (j = 0; j < k->repos[i].index.n; j++)
				if (strcmp(k->repos[i].index.v[j].name, argv[a]) == 0) {
					print_package(k, &k->repos[i].index.v[j]);
					found = true;
				}
		if (!found)
			r = fail(ST_SOLVE, "%s: no such package", argv[a]);
	}
	return r;
}

int
cmd_files(struct pkg *k, int argc, char **argv)
{
	const struct installed *p;
	size_t i;
	int a, r;

	if (argc < 2)
		return fail(ST_USAGE, "files takes names of installed packages");
	r = db_open(k, false);
	for (a = 1; !r && a < argc; a++) {
		p = db_find(k, argv[a]);
		if (!p)
			return fail(ST_SOLVE, "%s: is not installed", argv[a]);
		for (i = 0; i < p->m.nfiles; i++)
			if (p->m.files[i].type != 'd')
				printf("/%s\n", p->m.files[i].path);
	}
	return r;
}

/* The installed packages that have path; folders may have several owners. */
static int
owners(const struct pkg *k, const char *path)
{
	size_t i, n = 0;

	for (i = 0; i < k->ninst; i++)
		if (cpk_manifest_find(&k->inst[i].m, path)) {
			printf("/%s\t%s\n", path, k->inst[i].m.name);
			n++;
		}
	return n ? 0 : fail(ST_SOLVE, "/%s: belongs to no package", path);
}

/* Leading "/", and links of the base system (bin, sbin, lib) as the packages name them. */
static const char *
plain_path(const char *path, char buf[CPK_MAX_PATH + 16])
{
	static const char *const links[][2] = {
		{ "bin/", "usr/bin/" }, { "sbin/", "usr/bin/" }, { "lib/", "usr/lib/" },
	};
	size_t i;

	while (*path == '/')
		path++;
	snprintf(buf, CPK_MAX_PATH + 16, "%s", path);
	for (i = 0; i < 3; i++)
		if (strncmp(path, links[i][0], strlen(links[i][0])) == 0)
			snprintf(buf, CPK_MAX_PATH + 16, "%s%s", links[i][1],
					path + strlen(links[i][0]));
	return buf;
}

int
cmd_owns(struct pkg *k, int argc, char **argv)
{
	char buf[CPK_MAX_PATH + 16];
	int a, r, one;

	if (argc < 2)
		return fail(ST_USAGE, "owns takes paths");
	r = db_open(k, false);
	for (a = 1; r > -ST_USAGE && a < argc; a++) {
		one = owners(k, plain_path(argv[a], buf));
		r = one ? one : r;
	}
	return r;
}

/* Each file of one package; the number of those that differ. */
static size_t
verify(struct pkg *k, const struct cpk_manifest *m)
{
	size_t i, bad = 0;

	for (i = 0; i < m->nfiles; i++) {
		const char *why = difference(k, &m->files[i]);

		if (!why || (is_config(m->files[i].path) && strcmp(why, "missing")))
			continue;
		printf("/%s\t%s\t%s\n", m->files[i].path, m->name, why);
		bad++;
	}
	return bad;
}

int
cmd_verify(struct pkg *k, int argc, char **argv)
{
	const struct installed *p;
	size_t i, bad = 0;
	int a, r = db_open(k, false);

	if (r)
		return r;
	for (i = 0; argc == 1 && i < k->ninst; i++)
		bad += verify(k, &k->inst[i].m);
	for (a = 1; a < argc; a++) {
		p = db_find(k, argv[a]);
		if (!p)
			return fail(ST_SOLVE, "%s: is not installed", argv[a]);
		bad += verify(k, &p->m);
	}
	return bad ? fail(ST_DIFFERS, "%zu file%s not as installed", bad,
			bad == 1 ? " is" : "s are") : 0;
}
