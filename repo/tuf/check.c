/* SPDX-License-Identifier: MIT */
/* The form of each kind of metadata: everything used later is of the type it must have. */
#include <string.h>

#include "tuf.h"

static int
all_strings(const json_t *a)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)a, i, v)
		if (!json_is_string(v))
			return 0;
	return json_is_array(a);
}

static const char *
key_refused(const json_t *key)
{
	if (!json_is_string(json_object_get(key, "keytype")) ||
	    !json_is_string(json_object_get(key, "scheme")) ||
	    !json_is_string(json_object_get(json_object_get(key, "keyval"), "public")))
		return "a key without keytype, scheme or keyval";
	return NULL;
}

static const char *
keys_refused(const json_t *keys)
{
	const char *id, *why = json_is_object(keys) ? NULL : "no keys";
	json_t *key;

	json_object_foreach((json_t *)keys, id, key)
		if (!why)
			why = key_refused(key);
	return why;
}

/* keyids are unique and threshold is from 1. */
static const char *
role_refused(const json_t *role)
{
	const json_t *ids = json_object_get(role, "keyids"), *n = json_object_get(role, "threshold");
	size_t i, j;

	if (!all_strings(ids) || json_array_size(ids) > 1024)
		return "a role without keyids";
	if (!json_is_integer(n) || json_integer_value(n) < 1)
		return "a role whose threshold is not from 1";
	for (i = 0; i < json_array_size(ids); i++)
		for (j = 0; j < i; j++)
			if (json_equal(json_array_get(ids, i), json_array_get(ids, j)))
				return "a role that names a key twice";
	return NULL;
}

static const char *
root_refused(const json_t *body)
{
	static const char *const names[] = { "root", "timestamp", "snapshot", "targets" };
	const json_t *cs = json_object_get(body, "consistent_snapshot");
	const char *why = keys_refused(json_object_get(body, "keys"));
	size_t i;

	if (!why && cs && !json_is_boolean(cs))
		why = "consistent_snapshot is neither true nor false";
	for (i = 0; !why && i < 4; i++)
		why = role_refused(json_object_get(json_object_get(body, "roles"), names[i]));
	return why;
}

static const char *
hashes_refused(const json_t *hashes)
{
	const char *name;
	json_t *v;

	if (!json_is_object(hashes) || !json_object_size(hashes))
		return "no hashes";
	json_object_foreach((json_t *)hashes, name, v)
		if (!json_is_string(v))
			return "a hash that is no string";
	return NULL;
}

static const char *
file_refused(const json_t *f)
{
	const json_t *length = json_object_get(f, "length"), *hashes = json_object_get(f, "hashes");
	const json_t *version = json_object_get(f, "version");

	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return "a file in meta whose version is not from 1";
	if (length && (!json_is_integer(length) || json_integer_value(length) < 1))
		return "a file in meta whose length is not from 1";
	return hashes ? hashes_refused(hashes) : NULL;
}

static const char *
meta_refused(const json_t *body, const char *need)
{
	const json_t *meta = json_object_get(body, "meta");
	const char *name, *why = NULL;
	json_t *f;

	if (!json_is_object(json_object_get(meta, need)))
		return "meta does not name the file it must";
	json_object_foreach((json_t *)meta, name, f)
		if (!why)
			why = file_refused(f);
	return why;
}

static const char *
delegated_refused(const json_t *role)
{
	const json_t *paths = json_object_get(role, "paths");
	const json_t *prefixes = json_object_get(role, "path_hash_prefixes");

	if (!json_is_string(json_object_get(role, "name")))
		return "a delegation without a name";
	if (!json_is_boolean(json_object_get(role, "terminating")))
		return "a delegation that does not say whether it is terminating";
	if (!paths == !prefixes)
		return "a delegation that has not either paths or path_hash_prefixes";
	if (!all_strings(paths ? paths : prefixes))
		return "a delegation whose paths are not strings";
	return role_refused(role);
}

static const char *
bins_refused(const json_t *bins)
{
	const json_t *bits = json_object_get(bins, "bit_length");

	if (!json_is_integer(bits) || json_integer_value(bits) < 1 || json_integer_value(bits) > 32)
		return "succinct_roles whose bit_length is not from 1 to 32";
	if (!json_is_string(json_object_get(bins, "name_prefix")))
		return "succinct_roles without name_prefix";
	return role_refused(bins);
}

static const char *
delegations_refused(const json_t *d)
{
	const json_t *roles = json_object_get(d, "roles"), *bins = json_object_get(d, "succinct_roles");
	const char *why = keys_refused(json_object_get(d, "keys"));
	size_t i, j;

	if (!why && !roles == !bins)
		why = "delegations that have not either roles or succinct_roles";
	if (why || bins)
		return why ? why : bins_refused(bins);
	if (!json_is_array(roles) || json_array_size(roles) > 16384)
		return "delegations whose roles are no list, or too many";
	for (i = 0; !why && i < json_array_size(roles); i++) {
		why = delegated_refused(json_array_get(roles, i));
		for (j = 0; !why && j < i && i < 1024; j++)
			if (json_equal(json_object_get(json_array_get(roles, i), "name"),
					json_object_get(json_array_get(roles, j), "name")))
				why = "a role delegated to twice";
	}
	return why;
}

static const char *
targets_refused(const json_t *body)
{
	const json_t *targets = json_object_get(body, "targets"), *length;
	const json_t *delegations = json_object_get(body, "delegations");
	const char *path, *why = json_is_object(targets) ? NULL : "no targets";
	json_t *t;

	json_object_foreach((json_t *)targets, path, t) {
		length = json_object_get(t, "length");
		if (!why && (!json_is_integer(length) || json_integer_value(length) < 0))
			why = "a target without length";
		if (!why)
			why = hashes_refused(json_object_get(t, "hashes"));
	}
	return why || !delegations ? why : delegations_refused(delegations);
}

const char *
tuf_body_refused(const json_t *body, const char *type)
{
	if (strcmp(type, "root") == 0)
		return root_refused(body);
	if (strcmp(type, "timestamp") == 0)
		return meta_refused(body, "snapshot.json");
	if (strcmp(type, "snapshot") == 0)
		return meta_refused(body, "targets.json");
	return targets_refused(body);
}
