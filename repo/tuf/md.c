/* SPDX-License-Identifier: MIT */
/* A file of metadata: parsed, and its signatures counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "local.h"
#include "tuf.h"

#define MAX_SIGNATURES	1024

/* A list of {keyid, sig}, no keyid twice. */
static const char *
signatures_refused(const json_t *list)
{
	size_t i, j, n = json_array_size(list);

	if (!json_is_array(list) || n > MAX_SIGNATURES)
		return "no list of signatures, or too many";
	for (i = 0; i < n; i++) {
		const json_t *s = json_array_get(list, i), *id = json_object_get(s, "keyid");

		if (!json_is_string(id) || !json_is_string(json_object_get(s, "sig")))
			return "a signature without keyid or sig";
		for (j = 0; j < i; j++)
			if (json_equal(id, json_object_get(json_array_get(list, j), "keyid")))
				return "two signatures of one key";
	}
	return NULL;
}

static const char *
head_refused(struct tuf_md *md, const char *type)
{
	const char *is = json_string_value(json_object_get(md->body, "_type"));
	const char *spec = json_string_value(json_object_get(md->body, "spec_version"));
	const char *expires = json_string_value(json_object_get(md->body, "expires"));
	const json_t *version = json_object_get(md->body, "version");

	if (!is || strcmp(is, type))
		return "is metadata of another role";
	if (!spec || (strncmp(spec, "1.", 2) && strcmp(spec, "1")))
		return "is of a version of The Update Framework not known here";
	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return "has no version from 1";
	if (!expires || tuf_time_parse(expires, &md->expires))
		return "has no time of expiry";
	md->version = json_integer_value(version);
	return tuf_body_refused(md->body, type);
}

int
tuf_md_parse(struct tuf_md **out, const char *data, size_t n, const char *type,
		const char *name, struct cpk_error *err)
{
	struct tuf_md *md = calloc(1, sizeof(*md));
	const char *why;
	int r;

	*out = NULL;
	if (!md)
		return cpk_fail(err, -TUF_FAIL, "out of memory");
	r = tuf_json(&md->doc, data, n, name, err);
	if (!r) {
		md->body = json_object_get(md->doc, "signed");
		why = json_is_object(md->body) ?
			signatures_refused(json_object_get(md->doc, "signatures")) :
			"has no part that is signed";
		if (!why)
			why = head_refused(md, type);
		if (!why && tuf_canonical(md->body, &md->canon, &md->ncanon))
			why = "has no canonical form";
		if (why)
			r = cpk_fail(err, -TUF_FORMAT, "%s: %s", name, why);
	}
	if (r)
		tuf_md_free(md);
	else
		*out = md;
	return r;
}

void
tuf_md_free(struct tuf_md *md)
{
	if (!md)
		return;
	json_decref(md->doc);
	free(md->canon);
	free(md);
}

json_t *
tuf_root_keys(const struct tuf_md *root)
{
	return json_object_get(root->body, "keys");
}

json_t *
tuf_root_role(const struct tuf_md *root, const char *role)
{
	return json_object_get(json_object_get(root->body, "roles"), role);
}

static const json_t *
signature_of(const struct tuf_md *md, const char *id)
{
	const json_t *list = json_object_get(md->doc, "signatures"), *s;
	size_t i;

	json_array_foreach((json_t *)list, i, s)
		if (strcmp(json_string_value(json_object_get(s, "keyid")), id) == 0)
			return s;
	return NULL;
}

/* A key under two names counts once: its public part is what signs. */
static int
counted(const json_t *seen, const json_t *key)
{
	const json_t *k;
	size_t i;

	json_array_foreach((json_t *)seen, i, k)
		if (json_equal(json_object_get(k, "keyval"), json_object_get(key, "keyval")))
			return 1;
	return 0;
}

int
tuf_md_signers(const struct tuf_md *md, const json_t *keys, const json_t *role)
{
	const json_t *ids = json_object_get(role, "keyids"), *id, *s;
	json_t *seen = json_array(), *key;
	size_t i;
	int n;

	json_array_foreach((json_t *)ids, i, id) {
		const char *name = json_string_value(id);

		key = json_object_get(keys, name);
		s = key ? signature_of(md, name) : NULL;
		if (!s || counted(seen, key))
			continue;
		if (tuf_key_verify(key, json_string_value(json_object_get(s, "sig")), md->canon,
				md->ncanon))
			json_array_append(seen, key);
	}
	n = (int)json_array_size(seen);
	json_decref(seen);
	return n;
}

int
tuf_md_verify(const struct tuf_md *md, const json_t *keys, const json_t *role,
		const char *name, struct cpk_error *err)
{
	json_int_t want = json_integer_value(json_object_get(role, "threshold"));
	int got = tuf_md_signers(md, keys, role);

	if (role && want >= 1 && got >= want)
		return 0;
	return cpk_fail(err, -TUF_SIGNATURE, "%s: signed by %d of the keys trusted for it, %lld must"
			" sign: somebody else made it, or it was changed", name, got,
			(long long)want);
}
