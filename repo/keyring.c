/* SPDX-License-Identifier: MIT */
/* The secret keys that are at hand, and who must sign: roles given as "N:PUB,PUB...". */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/local.h"
#include "repo.h"

int
keyring_add(struct keyring *k, const char *file, struct cpk_error *err)
{
	struct secret *s = &k->v[k->n];
	uint8_t public[CPK_PUBLIC];
	json_t *key;
	int r;

	if (k->n == MAX_SECRETS)
		return cpk_fail(err, -E2BIG, "%s: more than %d keys", file, MAX_SECRETS);
	r = cpk_key_secret(file, s->key, err);
	if (r)
		return r;
	crypto_sign_ed25519_sk_to_pk(public, s->key);
	key = tuf_key_make(public);
	r = tuf_key_id(key, s->id);
	json_decref(key);
	k->n += !r;
	return r;
}

void
keyring_wipe(struct keyring *k)
{
	sodium_memzero(k, sizeof(*k));
}

static int
names(const json_t *role, const char *id)
{
	const json_t *v;
	size_t i;

	json_array_foreach(json_object_get(role, "keyids"), i, v)
		if (strcmp(json_string_value(v), id) == 0)
			return 1;
	return 0;
}

static void
drop_signature(json_t *list, const char *id)
{
	size_t i;

	for (i = json_array_size(list); i-- > 0;)
		if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "keyid")), id) == 0)
			json_array_remove(list, i);
}

int
keyring_sign(const struct keyring *k, json_t *doc, const json_t *role)
{
	json_t *list = json_object_get(doc, "signatures");
	char sig[crypto_sign_BYTES], hex[2 * sizeof(sig) + 1], *text;
	size_t n, i;
	int signers = 0;

	if (tuf_canonical(json_object_get(doc, "signed"), &text, &n))
		return 0;
	for (i = 0; i < k->n; i++) {
		if (!names(role, k->v[i].id))
			continue;
		crypto_sign_detached((unsigned char *)sig, NULL, (unsigned char *)text, n, k->v[i].key);
		sodium_bin2hex(hex, sizeof(hex), (unsigned char *)sig, sizeof(sig));
		drop_signature(list, k->v[i].id);
		json_array_append_new(list, json_pack("{s:s, s:s}", "keyid", k->v[i].id, "sig", hex));
		signers++;
	}
	free(text);
	return signers;
}

static int
add_public(const char *file, json_t *keys, json_t *ids, struct cpk_error *err)
{
	uint8_t public[CPK_PUBLIC];
	char id[65];
	json_t *key;
	int r = cpk_key_public(file, public, err);

	if (r)
		return r;
	key = tuf_key_make(public);
	tuf_key_id(key, id);
	json_object_set_new(keys, id, key);
	json_array_append_new(ids, json_string(id));
	return 0;
}

int
role_parse(const char *spec, json_t *keys, json_t **role, struct cpk_error *err)
{
	json_t *ids = json_array();
	char *copy, *file, *save, *end;
	unsigned long n = strtoul(spec, &end, 10);
	int r = 0;

	if (end == spec || *end != ':') {	/* no number: one signature is enough */
		n = 1;
		end = (char *)spec - 1;
	}
	copy = strdup(end + 1);
	for (file = strtok_r(copy, ",", &save); !r && file; file = strtok_r(NULL, ",", &save))
		r = add_public(file, keys, ids, err);
	free(copy);
	if (!r && (n < 1 || n > json_array_size(ids)))
		r = cpk_fail(err, -EINVAL, "%s: %lu signatures of %zu keys", spec, n,
				json_array_size(ids));
	if (!r)
		*role = json_pack("{s:O, s:I}", "keyids", ids, "threshold", (json_int_t)n);
	json_decref(ids);
	return r;
}
