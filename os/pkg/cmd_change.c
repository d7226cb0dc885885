/* SPDX-License-Identifier: MIT */
/* pkg update, install, remove, upgrade, autoremove, recover, clean: what changes the system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "tx.h"

/* For JSON: text has said it line by line. */
static void
print_states(const struct pkg *k)
{
	size_t i;

	out_begin(k);
	for (i = 0; i < k->nrepos; i++) {
		out_str(k, "repository", k->repos[i].name);
		out_num(k, "version", k->repos[i].now.version);
		out_row(k);
	}
	out_end(k);
}

int
cmd_update(struct pkg *k, int argc, char **argv)
{
	int r;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "update takes no arguments");
	r = config_load(k);
	if (!r)
		r = db_open(k, true);
	if (!r)
		r = repos_update(k);
	if (!r && k->json)
		print_states(k);
	return r;
}

/* Everything a change needs; indexes that were never fetched are fetched now. */
int
open_all(struct pkg *k, bool indexes)
{
	size_t i, known = 0;
	int r = indexes ? config_load(k) : 0;

	k->changing = true;
	if (!r)
		r = db_open(k, true);
	if (!r && indexes)
		r = repos_load(k);
	for (i = 0; i < k->nrepos; i++)
		known += k->repos[i].known;
	if (!r && indexes && !known) {
		r = repos_update(k);
		if (!r)
			r = repos_load(k);
	}
	return r;
}

static void
show_row(const struct pkg *k, const char *action, enum colour c, const char *name, const char *old,
		const char *new)
{
	if (!k->json) {
		say(k, "%s%-9s%s %s %s%s%s", colour(k, c), action, colour(k, PLAIN), name, old ? old : "",
				old && new ? " -> " : "", new ? new : "");
		return;
	}
	out_str(k, "action", action);
	out_str(k, "name", name);
	out_more(k, "old", old);
	out_more(k, "version", new);
}

void
show_plan(const struct pkg *k, const struct plan *p)
{
	uint64_t bytes = 0;
	char size[16], old[CPK_MAX_VERSION + 16];
	size_t i;

	out_begin(k);
	for (i = 0; i < p->nadd; i++) {
		const struct plan_item *a = &p->add[i];
		int c = 1;

		bytes += a->p->size;
		if (a->old) {
			snprintf(old, sizeof(old), "%s-%u", a->old->m.version, a->old->m.release);
			c = cpk_version_cmp(a->p->version, old);
		}
		if (p->repair)
			show_row(k, "repair", YELLOW, a->p->name, NULL, a->p->version);
		else
			show_row(k, a->old ? c < 0 ? "downgrade" : "upgrade" : "install",
					c < 0 ? YELLOW : GREEN, a->p->name, a->old ? old : NULL, a->p->version);
		out_more_num(k, "size", a->p->size);
		out_more_num(k, "download", a->kept ? 0 : a->p->bytes);
		out_more(k, "repository", a->repo ? a->repo->name : NULL);
		if (k->json)
			out_row(k);
	}
	for (i = 0; i < p->ndel; i++) {
		snprintf(old, sizeof(old), "%s-%u", p->del[i]->m.version, p->del[i]->m.release);
		show_row(k, "remove", RED, p->del[i]->m.name, old, NULL);
		if (k->json)
			out_row(k);
	}
	out_end(k);
	if (p->nadd)
		say(k, "%s installed", human(bytes, size));
}

static bool
world_changes(const struct pkg *k, const struct plan *p)
{
	size_t i;

	if (k->world.n != p->world.n)
		return true;
	for (i = 0; i < p->world.n; i++) {
		struct cpk_dep d;
		const char *old;

		cpk_dep_parse(&d, p->world.v[i]);
		old = relation_of(&k->world, d.name);
		if (!old || strcmp(old, p->world.v[i]))
			return true;
	}
	return false;
}

static int
run(struct pkg *k, enum plan_verb verb, char **names, size_t n)
{
	struct plan p;
	int r = plan_make(k, verb, names, n, &p);

	if (!r && !p.nadd && !p.ndel && !world_changes(k, &p)) {
		say(k, "nothing to do");
		out_begin(k);
		out_end(k);
	} else if (!r) {
		show_plan(k, &p);
		r = k->dry_run ? 0 : change(k, &p);
	}
	plan_free(&p);
	return r;
}

int
cmd_install(struct pkg *k, int argc, char **argv)
{
	int r;

	if (argc < 2)
		return fail(ST_USAGE, "install takes names of packages");
	r = open_all(k, true);
	return r ? r : run(k, PLAN_INSTALL, argv + 1, (size_t)argc - 1);
}

int
cmd_remove(struct pkg *k, int argc, char **argv)
{
	int r;

	if (argc < 2)
		return fail(ST_USAGE, "remove takes names of packages");
	r = open_all(k, false);
	return r ? r : run(k, PLAN_REMOVE, argv + 1, (size_t)argc - 1);
}

int
cmd_upgrade(struct pkg *k, int argc, char **argv)
{
	int r = open_all(k, true);

	return r ? r : run(k, PLAN_UPGRADE, argv + 1, (size_t)argc - 1);
}

int
cmd_autoremove(struct pkg *k, int argc, char **argv)
{
	int r;

	if (argc != 1)
		return fail(ST_USAGE, "autoremove takes no arguments");
	r = open_all(k, false);
	return r ? r : run(k, PLAN_AUTOREMOVE, argv + 1, 0);
}

int
cmd_recover(struct pkg *k, int argc, char **argv)
{
	int r;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "recover takes no arguments");
	r = db_open(k, true);
	if (!r && k->json) {
		out_begin(k);
		if (k->recovered) {
			out_str(k, "action", "finished an interrupted transaction");
			out_row(k);
		}
		out_end(k);
	}
	return r;
}

int
cmd_clean(struct pkg *k, int argc, char **argv)
{
	int r;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "clean takes no arguments");
	r = db_open(k, true);
	if (!r && (r = remove_tree(k->rootfd, CACHE_DIR)))
		r = fail(ST_IO, "/%s: %s", CACHE_DIR, strerror(-r));
	if (!r && k->json) {
		out_begin(k);
		out_end(k);
	}
	return r;
}
