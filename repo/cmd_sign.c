/* SPDX-License-Identifier: MIT */
/*
 * repo sign: puts signatures on staged metadata, on any host, with no repository at hand: the file
 * is all that is carried. What is signed is shown, so that one knows what one vouches for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

/* A role with every key that is here: which of them count is the repository's to say. */
static json_t *
all_of(const struct keyring *ring)
{
	json_t *ids = json_array();
	size_t i;

	for (i = 0; i < ring->n; i++)
		json_array_append_new(ids, json_string(ring->v[i].id));
	return json_pack("{s:o}", "keyids", ids);
}

static void
show(const char *file, const json_t *body)
{
	const json_t *roles = json_object_get(body, "roles"), *targets = json_object_get(body, "targets");
	const char *name;
	json_t *v;

	printf("%s: %s version %lld, until %s\n", file,
			json_string_value(json_object_get(body, "_type")),
			(long long)json_integer_value(json_object_get(body, "version")),
			json_string_value(json_object_get(body, "expires")));
	json_object_foreach((json_t *)roles, name, v)
		printf("  %s: %lld of %zu keys\n", name,
				(long long)json_integer_value(json_object_get(v, "threshold")),
				json_array_size(json_object_get(v, "keyids")));
	json_object_foreach((json_t *)targets, name, v)
		printf("  %s: %lld bytes, sha256 %s\n", name,
				(long long)json_integer_value(json_object_get(v, "length")),
				json_string_value(json_object_get(json_object_get(v, "hashes"), "sha256")));
}

static int
sign(const struct keyring *ring, const char *file, struct cpk_error *err)
{
	json_t *doc, *body, *all = all_of(ring);
	struct tuf_md *md;
	const char *type;
	char *data, *text = NULL;
	size_t n;
	int r = read_file(file, TUF_MAX_META, &data, &n, err);

	if (r) {
		json_decref(all);
		return r;
	}
	r = tuf_json(&doc, data, n, file, err);
	body = r ? NULL : json_object_get(doc, "signed");
	type = json_string_value(json_object_get(body, "_type"));
	if (!r)
		r = tuf_md_parse(&md, data, n, type ? type : "root", file, err);
	free(data);
	if (!r) {
		tuf_md_free(md);
		keyring_sign(ring, doc, all);
		show(file, body);
		text = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
		r = text ? write_file(file, text, strlen(text), err) : -ENOMEM;
	}
	free(text);
	json_decref(all);
	if (body)
		json_decref(doc);
	return r;
}

int
cmd_sign(int argc, char **argv)
{
	static struct keyring ring;
	struct cpk_error err = { .text = "" };
	int c, r = 0;

	while ((c = getopt(argc, argv, "k:")) != -1) {
		if (c != 'k')
			return usage(NULL);
		if (keyring_add(&ring, optarg, &err))
			return complain("%s", err.text);
	}
	if (!ring.n || optind == argc)
		return usage("sign takes keys (-k) and files of staging/");
	for (; !r && optind < argc; optind++)
		r = sign(&ring, argv[optind], &err);
	keyring_wipe(&ring);
	return r ? complain("%s", *err.text ? err.text : strerror(-r)) : 0;
}
