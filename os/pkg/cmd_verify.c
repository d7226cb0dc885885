/* SPDX-License-Identifier: MIT */
/* pkg verify and repair: the disk against what was installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "history.h"
#include "out.h"
#include "solve.h"

static void
report(const struct pkg *k, const char *path, const char *package, const char *why)
{
	char full[CPK_MAX_PATH + 2];

	snprintf(full, sizeof(full), "%s%s", *path ? "/" : "-", path);
	out_str(k, "path", full);
	out_str(k, "package", package);
	out_str(k, "problem", why);
	out_row(k);
}

/* The content of a configuration file is the user's. */
static bool
counts(const struct cpk_file *f, const char *why)
{
	if (!why)
		return false;
	return !(f->type == 'f' && is_config(f->path)) || !(strcmp(why, "other content") == 0 ||
		strcmp(why, "other length") == 0 || strcmp(why, "other type") == 0);
}

/* Each file of one package; the number of those that differ. */
static size_t
verify_files(struct pkg *k, const struct cpk_manifest *m, bool tell)
{
	size_t i, bad = 0;

	for (i = 0; i < m->nfiles; i++) {
		const char *why = difference(k, &m->files[i]);

		if (!counts(&m->files[i], why))
			continue;
		if (tell)
			report(k, m->files[i].path, m->name, why);
		bad++;
	}
	return bad;
}

/* What a package needs or cannot stand, among what is installed. */
static size_t
verify_relations(struct pkg *k, struct solving *g, const struct cpk_manifest *m)
{
	char why[200];
	size_t i, bad = 0;

	for (i = 0; i < m->depends.n; i++)
		if (!*pool_whatprovides_ptr(g->pool, dep_id(g->pool, m->depends.v[i]))) {
			snprintf(why, sizeof(why), "needs %s, which is not installed", m->depends.v[i]);
			report(k, "", m->name, why);
			bad++;
		}
	for (i = 0; i < m->conflicts.n; i++) {
		Id p, *pp = pool_whatprovides_ptr(g->pool, dep_id(g->pool, m->conflicts.v[i]));

		for (; (p = *pp); pp++)
			if (&origin_of(g, p)->inst->m != m) {
				snprintf(why, sizeof(why), "conflicts with %s", m->conflicts.v[i]);
				report(k, "", m->name, why);
				bad++;
			}
	}
	return bad;
}

static size_t
verify_world(struct pkg *k)
{
	size_t i, bad = 0;
	struct cpk_dep d;

	for (i = 0; i < k->world.n; i++)
		if (cpk_dep_parse(&d, k->world.v[i]) == 0 && !db_find(k, d.name)) {
			report(k, "", d.name, "asked for, but not installed");
			bad++;
		}
	return bad;
}

int
cmd_verify(struct pkg *k, int argc, char **argv)
{
	const struct installed *p;
	struct solving g;
	size_t i, bad = 0;
	int a, r = db_open(k, false);

	for (a = 1; !r && a < argc; a++)
		if (!db_find(k, argv[a]))
			r = fail(ST_SOLVE, "%s: is not installed", argv[a]);
	if (r)
		return r;
	solving_begin(&g, k, NULL, true);
	out_begin(k);
	for (i = 0; argc == 1 && i < k->ninst; i++)
		bad += verify_files(k, &k->inst[i].m, true) + verify_relations(k, &g, &k->inst[i].m);
	for (a = 1; a < argc; a++) {
		p = db_find(k, argv[a]);
		bad += verify_files(k, &p->m, true) + verify_relations(k, &g, &p->m);
	}
	if (argc == 1)
		bad += verify_world(k);
	out_end(k);
	solving_end(&g);
	return bad ? fail(ST_DIFFERS, "%zu thing%s not as installed", bad,
			bad == 1 ? " is" : "s are") : 0;
}

/* A deviating file whose content is neither right on the disk nor in the store. */
static bool
needs_package(struct pkg *k, const struct cpk_manifest *m)
{
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		const struct cpk_file *f = &m->files[i];
		int fd;

		if (f->type != 'f' || !counts(f, difference(k, f)) || !differs(k, f))
			continue;
		fd = store_open(k, f->hash);
		if (fd < 0)
			return true;
		close(fd);
	}
	return false;
}

static const struct cpk_package *
same_version(struct pkg *k, const struct cpk_manifest *m, const struct repo **repo)
{
	char version[CPK_MAX_VERSION + 16];
	size_t i, j;

	snprintf(version, sizeof(version), "%s-%u", m->version, m->release);
	for (i = 0; i < k->nrepos; i++)
		for (j = 0; j < k->repos[i].index.n; j++) {
			const struct cpk_package *p = &k->repos[i].index.v[j];

			if (strcmp(p->name, m->name) == 0 && strcmp(p->version, version) == 0 &&
			    strcmp(p->arch, m->arch) == 0) {
				*repo = &k->repos[i];
				return p;
			}
		}
	return NULL;
}

static int
add_repair(struct pkg *k, struct plan *p, const struct installed *inst)
{
	struct plan_item *a = &p->add[p->nadd];

	if (!verify_files(k, &inst->m, false))
		return 0;
	if (needs_package(k, &inst->m)) {
		a->p = same_version(k, &inst->m, &a->repo);
		if (!a->p)
			return fail(ST_SOLVE, "%s %s-%u: no repository has this version any more: 'pkg upgrade"
					"' may help", inst->m.name, inst->m.version, inst->m.release);
	} else {
		struct cpk_package *q = &p->kept_p[p->nkept++];

		if (cpk_package_from(q, &inst->m))
			return fail(ST_FAIL, "out of memory");
		a->p = q;
		a->kept = &inst->m;
	}
	a->old = inst;
	p->nadd++;
	return 0;
}

int
cmd_repair(struct pkg *k, int argc, char **argv)
{
	struct plan p = { .repair = true };
	size_t i;
	int a, r = open_all(k, true);

	for (a = 1; !r && a < argc; a++)
		if (!db_find(k, argv[a]))
			r = fail(ST_SOLVE, "%s: is not installed", argv[a]);
	if (r)
		return r;
	p.add = calloc(k->ninst + (size_t)argc, sizeof(*p.add));
	p.kept_p = calloc(k->ninst + (size_t)argc, sizeof(*p.kept_p));
	if (!p.add || !p.kept_p)
		return fail(ST_FAIL, "out of memory");
	for (i = 0; !r && argc == 1 && i < k->ninst; i++)
		r = add_repair(k, &p, &k->inst[i]);
	for (a = 1; !r && a < argc; a++)
		r = add_repair(k, &p, db_find(k, argv[a]));
	for (i = 0; !r && i < k->world.n; i++)
		if (cpk_list_add(&p.world, k->world.v[i]))
			r = fail(ST_FAIL, "out of memory");
	if (!r)
		show_plan(k, &p);
	if (!r && !p.nadd)
		say(k, "nothing to do");
	else if (!r && !k->dry_run)
		r = change(k, &p);
	for (i = 0; i < p.nkept; i++)
		cpk_package_clear(&p.kept_p[i]);
	p.nkept = 0;
	plan_free(&p);
	return r;
}
