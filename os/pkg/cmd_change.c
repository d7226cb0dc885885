/* SPDX-License-Identifier: MIT */
/* pkg update, install, remove, upgrade, recover, clean: what changes the system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tx.h"

int
cmd_update(struct pkg *k, int argc, char **argv)
{
	int r;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "update takes no arguments");
	r = config_load(k);
	if (!r)
		r = keys_load(k);
	if (!r)
		r = db_open(k, true);
	return r ? r : repos_update(k);
}

/* Everything a change needs; indexes that were never fetched are fetched now. */
static int
open_all(struct pkg *k, bool indexes)
{
	size_t i, known = 0;
	int r = indexes ? config_load(k) : 0;

	if (!r && indexes)
		r = keys_load(k);
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
show(const struct pkg *k, const struct plan *p)
{
	uint64_t bytes = 0;
	char size[16];
	size_t i;

	for (i = 0; i < p->nadd; i++) {
		const struct plan_item *a = &p->add[i];

		bytes += a->p->size;
		if (a->old)
			say(k, "upgrade  %s %s-%u -> %s", a->p->name, a->old->m.version,
					a->old->m.release, a->p->version);
		else
			say(k, "install  %s %s", a->p->name, a->p->version);
	}
	for (i = 0; i < p->ndel; i++)
		say(k, "remove   %s %s-%u", p->del[i]->m.name, p->del[i]->m.version,
				p->del[i]->m.release);
	if (p->nadd)
		say(k, "%s installed", human(bytes, size));
}

/* The world after the command: names are added or taken out. */
static int
new_world(const struct pkg *k, enum plan_verb verb, char **names, size_t n, struct cpk_list *out)
{
	struct cpk_dep d;
	size_t i, j;

	for (i = 0; i < k->world.n; i++) {
		bool gone = false;

		for (j = 0; verb == PLAN_REMOVE && j < n; j++)
			gone |= strcmp(names[j], k->world.v[i]) == 0;
		if (!gone && cpk_list_add(out, k->world.v[i]))
			return fail(ST_FAIL, "out of memory");
	}
	for (i = 0; verb == PLAN_INSTALL && i < n; i++)
		if (cpk_dep_parse(&d, names[i]) == 0 && cpk_name_ok(d.name) &&
		    !world_has(k, d.name) && cpk_list_add(out, d.name))
			return fail(ST_FAIL, "out of memory");
	return 0;
}

static int
run(struct pkg *k, enum plan_verb verb, char **names, size_t n)
{
	struct cpk_list world = { 0 };
	struct plan p;
	int r = plan_make(k, verb, names, n, &p);

	if (!r)
		r = new_world(k, verb, names, n, &world);
	if (!r && !p.nadd && !p.ndel && world.n == k->world.n)
		say(k, "nothing to do");
	else if (!r) {
		show(k, &p);
		r = change(k, &p, &world);
	}
	plan_free(&p);
	cpk_list_free(&world);
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
cmd_recover(struct pkg *k, int argc, char **argv)
{
	int r;

	(void)argv;
	if (argc != 1)
		return fail(ST_USAGE, "recover takes no arguments");
	r = db_open(k, true);
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
	return r;
}
