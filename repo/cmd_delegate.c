/* SPDX-License-Identifier: MIT */
/*
 * repo delegate, target: other people's roles for some paths, and files of any kind as targets.
 * Both stage metadata; publish (or the keys given here) does the rest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

struct delegate {
	const char *from;		/* the role that delegates */
	int terminating;
	int bits;			/* of hash bins; 0: by patterns */
};

static json_t *
delegations_of(json_t *body)
{
	json_t *d = json_object_get(body, "delegations");

	if (!d) {
		d = json_pack("{s:{}}", "keys");
		json_object_set_new(body, "delegations", d);
	}
	return d;
}

static void
drop_role(json_t *roles, const char *name)
{
	size_t i;

	for (i = json_array_size(roles); i-- > 0;)
		if (strcmp(json_string_value(json_object_get(json_array_get(roles, i), "name")), name) == 0)
			json_array_remove(roles, i);
}

/* Bins: NAME-00 … by the hash of the path, all with the same keys. */
static int
set_bins(json_t *d, const char *name, json_t *role, int bits, struct cpk_error *err)
{
	if (json_object_get(d, "roles")) {
		json_decref(role);
		return cpk_fail(err, -EINVAL, "%s: the role delegates by patterns already", name);
	}
	json_object_set_new(role, "bit_length", json_integer(bits));
	json_object_set_new(role, "name_prefix", json_string(name));
	return json_object_set_new(d, "succinct_roles", role);
}

static int
set_patterns(json_t *d, const char *name, json_t *role, int terminating, char **patterns,
		struct cpk_error *err)
{
	json_t *roles = json_object_get(d, "roles"), *paths = json_array();

	if (json_object_get(d, "succinct_roles")) {
		json_decref(role);
		json_decref(paths);
		return cpk_fail(err, -EINVAL, "%s: the role delegates by bins already", name);
	}
	if (!roles) {
		roles = json_array();
		json_object_set_new(d, "roles", roles);
	}
	for (; *patterns; patterns++)
		json_array_append_new(paths, json_string(*patterns));
	json_object_set_new(role, "name", json_string(name));
	json_object_set_new(role, "paths", paths);
	json_object_set_new(role, "terminating", json_boolean(terminating));
	drop_role(roles, name);
	return json_array_append_new(roles, role);
}

static int
delegate(struct meta *m, const struct delegate *how, char **argv, struct cpk_error *err)
{
	json_t *doc, *d, *role;
	char file[TUF_MAX_NAME + 8], quoted[TUF_MAX_NAME + 1];
	int r = tuf_quote(argv[0], quoted) || strcmp(argv[0], quoted) ?
		cpk_fail(err, -EINVAL, "%s: a role's name is of letters, digits and \"_.-~\"", argv[0]) :
		meta_staged(m, how->from, &doc, err);

	if (r)
		return r;
	d = delegations_of(json_object_get(doc, "signed"));
	r = role_parse(argv[1], json_object_get(d, "keys"), &role, err);
	if (!r)
		r = how->bits ? set_bins(d, argv[0], role, how->bits, err) :
			set_patterns(d, argv[0], role, how->terminating, argv + 2, err);
	if (!r && tuf_quote(how->from, quoted))
		r = -EINVAL;
	snprintf(file, sizeof(file), "%s.json", quoted);
	if (!r)
		r = meta_write(m, "staging", file, doc, NULL, err);
	json_decref(doc);
	return r;
}

/* The folders that a target's path names. */
static void
make_parents(const char *dir, const char *path)
{
	char full[4096];
	size_t i, start = (size_t)snprintf(full, sizeof(full), "%s/targets/%s", dir, path);

	for (i = start - strlen(path); i < sizeof(full) && full[i]; i++) {
		if (full[i] != '/')
			continue;
		full[i] = '\0';
		mkdir(full, 0755);
		full[i] = '/';
	}
}

/* "PATH=FILE" */
static int
put_target(const struct meta *m, json_t *targets, const char *arg, struct cpk_error *err)
{
	const char *eq = strchr(arg, '='), *slash;
	char path[1024], dir[4096], *data;
	json_t *t;
	size_t n;
	int r;

	if (!eq || eq == arg || (size_t)(eq - arg) >= sizeof(path))
		return cpk_fail(err, -EINVAL, "%s: is not PATH=FILE", arg);
	snprintf(path, sizeof(path), "%.*s", (int)(eq - arg), arg);
	if (cpk_path_refused(path))
		return cpk_fail(err, -EINVAL, "%s: %s", path, cpk_path_refused(path));
	r = read_file(eq + 1, CPK_MAX_PACKAGE, &data, &n, err);
	if (r)
		return r;
	make_parents(m->dir, path);
	slash = strrchr(path, '/');
	if (slash) {	/* the hash goes before the last component */
		char hex[65], file[8192];

		tuf_sha256(data, n, hex);
		snprintf(dir, sizeof(dir), "%s/targets/%.*s", m->dir, (int)(slash - path), path);
		snprintf(file, sizeof(file), "%s/%s.%s", dir, hex, slash + 1);
		t = json_pack("{s:I, s:{s:s}}", "length", (json_int_t)n, "hashes", "sha256", hex);
		r = write_file(file, data, n, err);
	} else {
		r = target_put(m->dir, path, data, n, &t, err);
	}
	free(data);
	json_object_set_new(targets, path, t);
	return r;
}

static int
put_targets(struct meta *m, const char *role, char **args, struct cpk_error *err)
{
	char file[TUF_MAX_NAME + 8], quoted[TUF_MAX_NAME + 1];
	json_t *doc, *targets;
	int r = tuf_quote(role, quoted) ? cpk_fail(err, -EINVAL, "%s: name too long", role) :
		meta_staged(m, role, &doc, err);

	if (r)
		return r;
	targets = json_object_get(json_object_get(doc, "signed"), "targets");
	for (; !r && *args; args++)
		r = put_target(m, targets, *args, err);
	snprintf(file, sizeof(file), "%s.json", quoted);
	if (!r)
		r = meta_write(m, "staging", file, doc, NULL, err);
	json_decref(doc);
	return r;
}

static int
run(int argc, char **argv, int targets)
{
	static struct keyring ring;
	struct meta m = { .ring = &ring, .now = meta_now(), .days = 30, .long_days = 365 };
	struct delegate how = { .from = "targets" };
	struct cpk_error err = { .text = "" };
	int c, r;

	while ((c = getopt(argc, argv, META_OPTIONS "f:tb:")) != -1) {
		if (c == '?')
			return usage(NULL);
		if (c == 'f')
			how.from = optarg;
		else if (c == 't')
			how.terminating = 1;
		else if (c == 'b')
			how.bits = atoi(optarg);
		else if ((r = meta_option(&m, c, optarg)))
			return r;
	}
	if (argc - optind < 3 || how.bits < 0 || how.bits > 16)
		return usage(targets ? "target takes a folder, a role and PATH=FILE..." :
				"delegate takes a folder, a role, its keys, and patterns of paths");
	m.dir = argv[optind];
	r = meta_load(&m, &err);
	if (!r)
		r = targets ? put_targets(&m, argv[optind + 1], argv + optind + 2, &err) :
			delegate(&m, &how, argv + optind + 1, &err);
	r = r ? complain("%s", *err.text ? err.text : strerror(-r)) : publish(&m);
	meta_free(&m);
	keyring_wipe(&ring);
	return r;
}

int
cmd_delegate(int argc, char **argv)
{
	return run(argc, argv, 0);
}

int
cmd_target(int argc, char **argv)
{
	return run(argc, argv, 1);
}
