/* SPDX-License-Identifier: MIT */
/* pkg list, info, owns: what only looks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "out.h"

static void
full_version(const struct cpk_manifest *m, char buf[CPK_MAX_VERSION + 16])
{
	snprintf(buf, CPK_MAX_VERSION + 16, "%s-%u", m->version, m->release);
}

int
cmd_list(struct pkg *k, int argc, char **argv)
{
	char version[CPK_MAX_VERSION + 16];
	int r;
	size_t i;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "list takes no arguments");
	r = db_open(k, false);
	if (r)
		return r;
	out_begin(k);
	for (i = 0; i < k->ninst; i++) {
		full_version(&k->inst[i].m, version);
		out_str(k, "name", k->inst[i].m.name);
		out_str(k, "version", version);
		out_str(k, "reason", k->inst[i].world ? "asked" : "needed");
		out_more(k, "summary", k->inst[i].m.summary);
		out_more_num(k, "size", k->inst[i].m.size);
		out_more(k, "pin", relation_of(&k->pins, k->inst[i].m.name));
		out_row(k);
	}
	out_end(k);
	return 0;
}

int
open_indexes(struct pkg *k)
{
	int r = config_load(k);

	if (!r)
		r = db_open(k, false);
	return r ? r : repos_load(k);
}

static void
print_list(const struct pkg *k, const char *key, const struct cpk_list *l)
{
	size_t i;

	out_list(k, key, l);
	for (i = 0; i < l->n; i++)
		out_text(k, "%-10s %s\n", key, l->v[i]);
}

static void
print_text(const struct pkg *k, const char *key, const char *value)
{
	out_more(k, key, value);
	if (value)
		out_text(k, "%s%-10s%s %s\n", colour(k, BOLD), key, colour(k, PLAIN), value);
}

static void
print_bytes(const struct pkg *k, const char *key, uint64_t bytes)
{
	char size[16];

	out_more_num(k, key, bytes);
	out_text(k, "%-10s %s\n", key, human(bytes, size));
}

static void
print_package(const struct pkg *k, const struct repo *repo, const struct cpk_package *p)
{
	const struct installed *old = db_find(k, p->name);
	char version[CPK_MAX_VERSION + 16];

	print_text(k, "name", p->name);
	print_text(k, "version", p->version);
	print_text(k, "license", p->license ? p->license : "-");
	print_text(k, "summary", p->summary ? p->summary : "-");
	print_text(k, "repository", repo->name);
	print_list(k, "depends", &p->depends);
	print_list(k, "provides", &p->provides);
	print_list(k, "conflicts", &p->conflicts);
	print_list(k, "replaces", &p->replaces);
	print_bytes(k, "download", p->bytes);
	print_bytes(k, "size", p->size);
	if (old)
		full_version(&old->m, version);
	print_text(k, "installed", old ? version : NULL);
	if (k->json)
		out_row(k);
}

int
cmd_info(struct pkg *k, int argc, char **argv)
{
	int a, r;
	size_t i, j;

	if (argc < 2)
		return fail(ST_USAGE, "info takes names of packages");
	r = open_indexes(k);
	if (r)
		return r;
	out_begin(k);
	for (a = 1; a < argc; a++) {
		bool any = false;

		for (i = 0; i < k->nrepos; i++)
			for (j = 0; j < k->repos[i].index.n; j++)
				if (strcmp(k->repos[i].index.v[j].name, argv[a]) == 0) {
					print_package(k, &k->repos[i], &k->repos[i].index.v[j]);
					any = true;
				}
		if (!any)
			r = fail(ST_SOLVE, "%s: no such package", argv[a]);
	}
	out_end(k);
	return r;
}

/* The installed packages that have path; folders may have several owners. */
static int
owners(const struct pkg *k, const char *path)
{
	char full[CPK_MAX_PATH + 32];
	size_t i, n = 0;

	snprintf(full, sizeof(full), "/%s", path);
	for (i = 0; i < k->ninst; i++)
		if (cpk_manifest_find(&k->inst[i].m, path)) {
			out_str(k, "path", full);
			out_str(k, "package", k->inst[i].m.name);
			out_row(k);
			n++;
		}
	return n ? 0 : fail(ST_SOLVE, "%s: belongs to no package", full);
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
	if (r)
		return r;
	out_begin(k);
	for (a = 1; a < argc; a++) {
		one = owners(k, plain_path(argv[a], buf));
		r = one ? one : r;
	}
	out_end(k);
	return r;
}
