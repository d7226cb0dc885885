/* SPDX-License-Identifier: MIT */
/* repo init, rotate: the root of trust, and its next version with other keys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

static const char *const roles[] = { "root", "targets", "snapshot", "timestamp" };

/* The role that "ROLE=SPEC" names, or NULL; *spec gets SPEC. */
static const char *
role_of(const char *arg, const char **spec)
{
	size_t i, n;

	for (i = 0; i < 4; i++) {
		n = strlen(roles[i]);
		if (strncmp(arg, roles[i], n) == 0 && arg[n] == '=') {
			*spec = arg + n + 1;
			return roles[i];
		}
	}
	return NULL;
}

/* Keys that no role names any more go from the list. */
static void
drop_unused(json_t *keys, const json_t *map)
{
	json_t *used = json_object(), *role, *id;
	const char *name;
	void *next;
	size_t i;

	json_object_foreach((json_t *)map, name, role)
		json_array_foreach(json_object_get(role, "keyids"), i, id)
			json_object_set_new(used, json_string_value(id), json_true());
	json_object_foreach_safe(keys, next, name, role)
		if (!json_object_get(used, name))
			json_object_del(keys, name);
	json_decref(used);
}

static int
set_roles(json_t *body, char **specs, struct cpk_error *err)
{
	json_t *keys = json_object_get(body, "keys"), *map = json_object_get(body, "roles"), *role;
	const char *name, *spec;
	int r;

	for (; *specs; specs++) {
		name = role_of(*specs, &spec);
		if (!name)
			return cpk_fail(err, -EINVAL, "%s: is not ROLE=[N:]PUB[,PUB...] with a role root,"
					" targets, snapshot or timestamp", *specs);
		r = role_parse(spec, keys, &role, err);
		if (r)
			return r;
		json_object_set_new(map, name, role);
	}
	drop_unused(keys, map);
	return 0;
}

/* Every role by the one key that is here: what a repository for oneself begins with. */
static void
one_key(json_t *body, const struct keyring *ring)
{
	const struct secret *s = &ring->v[0];
	size_t i;

	json_object_set_new(json_object_get(body, "keys"), s->id, tuf_key_make(s->key + 32));
	for (i = 0; i < 4; i++)
		json_object_set_new(json_object_get(body, "roles"), roles[i], json_pack(
				"{s:[s], s:i}", "keyids", s->id, "threshold", 1));
}

static int
stage_root(struct meta *m, json_t *body, struct cpk_error *err)
{
	const char *why = tuf_body_refused(body, "root");
	json_t *doc = meta_doc(body);
	int r = why ? cpk_fail(err, -EINVAL, "root: %s: name all four roles", why) :
		meta_write(m, "staging", "root.json", doc, NULL, err);

	json_decref(doc);
	return r;
}

/* Targets that hold an index without packages. */
static int
stage_empty(struct meta *m, struct cpk_error *err)
{
	struct store s = { .dir = m->dir };
	int r = meta_staged(m, "targets", &s.targets, err);

	if (r)
		return r;
	r = store_write(&s, err);
	if (!r)
		r = meta_write(m, "staging", "targets.json", s.targets, NULL, err);
	store_free(&s);
	json_decref(s.targets);
	return r;
}

static int
begin(struct meta *m, char **specs, struct cpk_error *err)
{
	json_t *body = meta_body(m, "root", 1);
	int r = 0;

	json_object_set_new(body, "consistent_snapshot", json_true());
	json_object_set_new(body, "keys", json_object());
	json_object_set_new(body, "roles", json_object());
	if (*specs)
		r = set_roles(body, specs, err);
	else if (m->ring->n == 1)
		one_key(body, m->ring);
	else
		r = cpk_fail(err, -EINVAL, "init takes ROLE=[N:]PUB,... for the four roles, or one key (-k)");
	if (r) {
		json_decref(body);
		return r;
	}
	r = stage_root(m, body, err);
	return r ? r : stage_empty(m, err);
}

static int
next(struct meta *m, char **specs, struct cpk_error *err)
{
	json_t *body = json_deep_copy(m->root->body), *fresh;
	int r = set_roles(body, specs, err);

	fresh = meta_body(m, "root", m->root->version + 1);
	json_object_update(body, fresh);
	json_decref(fresh);
	if (!r)
		return stage_root(m, body, err);
	json_decref(body);
	return r;
}

/* New keys of roles mean new signatures: what is published is staged again, to be signed by them. */
static int
restage(struct meta *m, char **specs, struct cpk_error *err)
{
	const char *spec;
	json_t *doc;
	int r = 0;

	for (; !r && *specs; specs++) {
		if (strcmp(role_of(*specs, &spec), "targets"))
			continue;
		r = meta_staged(m, "targets", &doc, err);
		if (!r) {
			r = meta_write(m, "staging", "targets.json", doc, NULL, err);
			json_decref(doc);
		}
	}
	return r;
}

static int
run(int argc, char **argv, int rotate)
{
	static struct keyring ring;
	struct meta m = { .ring = &ring, .now = meta_now(), .days = 30, .long_days = 365 };
	struct cpk_error err;
	int r = meta_options(&m, argc, argv);

	if (r)
		return r;
	if (optind >= argc)
		return usage("a folder is needed");
	m.dir = argv[optind];
	r = make_folders(m.dir, &err);
	if (!r)
		r = meta_load(&m, &err);
	if (!rotate && !r)
		r = cpk_fail(&err, -EEXIST, "%s: is a repository already; 'repo rotate' changes keys", m.dir);
	else if (!rotate && r == -ENOENT)
		r = begin(&m, argv + optind + 1, &err);
	else if (!r)
		r = next(&m, argv + optind + 1, &err);
	if (!r && rotate)
		r = restage(&m, argv + optind + 1, &err);
	r = r ? complain("%s", err.text) : publish(&m);
	meta_free(&m);
	keyring_wipe(&ring);
	return r;
}

int
cmd_init(int argc, char **argv)
{
	return run(argc, argv, 0);
}

int
cmd_rotate(int argc, char **argv)
{
	return run(argc, argv, 1);
}
