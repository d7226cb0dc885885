/* SPDX-License-Identifier: MIT */
/*
 * The packages of a repository on disk: pool/HH/HASH.cpk, targets/SHA256.index.zst and the deltas
 * between indexes. What an index no longer names gets the time of that as its modification time
 * and is deleted `grace` days later: mirrors and clients in mid-update still find it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/delta.h"
#include "lib/local.h"
#include "repo.h"

#define PATH 4096

void
store_path(char *buf, size_t n, const char *dir, const uint8_t hash[CPK_HASH])
{
	char hex[CPK_HEX];

	cpk_hex(hash, hex);
	snprintf(buf, n, "%s/pool/%.2s/%s.cpk", dir, hex, hex);
}

int
target_path(char *buf, size_t n, const char *dir, const json_t *target, const char *name)
{
	const char *hash = json_string_value(json_object_get(json_object_get(target, "hashes"), "sha256"));

	if (!hash)
		return -ENOENT;
	snprintf(buf, n, "%s/targets/%s.%s", dir, hash, name);
	return 0;
}

int
target_put(const char *dir, const char *name, const void *data, size_t n, json_t **out,
		struct cpk_error *err)
{
	char hex[65], path[PATH];

	tuf_sha256(data, n, hex);
	*out = json_pack("{s:I, s:{s:s}}", "length", (json_int_t)n, "hashes", "sha256", hex);
	snprintf(path, sizeof(path), "%s/targets/%s.%s", dir, hex, name);
	return write_file(path, data, n, err);
}

static json_t *
target_of(const struct store *s, const char *name)
{
	return json_object_get(json_object_get(json_object_get(s->targets, "signed"), "targets"), name);
}

int
store_text(const struct store *s, const char *name, char **text, size_t *n, struct cpk_error *err)
{
	const json_t *t = target_of(s, name);
	json_int_t len = json_integer_value(json_object_get(json_object_get(json_object_get(t, "custom"),
			"text"), "length"));
	char path[PATH], *data;
	size_t packed;
	int r;

	if (!t)
		return -ENOENT;
	if (target_path(path, sizeof(path), s->dir, t, name) || len < 1)
		return cpk_fail(err, -EBADMSG, "%s: targets.json does not describe %s", s->dir, name);
	r = read_file(path, CPK_MAX_INDEX, &data, &packed, err);
	if (r)
		return r == -ENOENT ? -EBADMSG : r;
	if (!tuf_hashes_match(json_object_get(t, "hashes"), data, packed))
		r = cpk_fail(err, -EBADMSG, "%s: differs from what targets.json names", path);
	else
		r = cpk_zstd_unpack(data, packed, (size_t)len, text, path, err);
	free(data);
	*n = (size_t)len;
	return r;
}

int
store_read(struct store *s, struct cpk_error *err)
{
	int r = store_text(s, "index.zst", &s->text, &s->ntext, err);

	if (r)
		return r == -ENOENT ? 0 : r;
	return cpk_index_parse(&s->index, s->text, s->ntext, "index.zst", err);
}

void
store_free(struct store *s)
{
	cpk_index_free(&s->index);
	patches_free(s);
	free(s->text);
	s->text = NULL;
}

/* The delta from the text of before becomes a target; it names the one that was the newest. */
static int
put_delta(struct store *s, json_t *targets, const char *text, size_t len, size_t whole,
		struct cpk_error *err)
{
	const json_t *old = target_of(s, "index.delta");
	const char *hex = json_string_value(json_object_get(json_object_get(old, "hashes"), "sha256"));
	json_int_t bytes = json_integer_value(json_object_get(old, "length"));
	uint8_t prev[32] = { 0 };
	json_t *t = NULL;
	char *delta;
	size_t n;
	int r;

	if (!s->text || (hex && cpk_unhex(hex, prev)))
		return 0;
	if (s->ntext == len && memcmp(s->text, text, len) == 0)
		return 0;
	r = cpk_delta_make(s->text, s->ntext, text, len, prev, (uint32_t)bytes, &delta, &n);
	if (!r && n < whole)
		r = target_put(s->dir, "index.delta", delta, n, &t, err);
	if (!r)
		free(delta);
	if (!r && t)
		json_object_set_new(targets, "index.delta", t);
	else
		json_object_del(targets, "index.delta");
	return r == -E2BIG ? 0 : r;
}

/* A text in a zstd frame becomes a target whose custom data tells of the text. */
static int
put_packed(struct store *s, const char *name, const char *text, size_t len, const char *packed,
		size_t n, struct cpk_error *err)
{
	json_t *targets = json_object_get(json_object_get(s->targets, "signed"), "targets"), *t = NULL;
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];
	int r = target_put(s->dir, name, packed, n, &t, err);

	if (r)
		return r;
	cpk_hash(text, len, hash);
	cpk_hex(hash, hex);
	json_object_set_new(t, "custom", json_pack("{s:{s:s, s:I}}", "text", "blake2b-256", hex, "length",
			(json_int_t)len));
	return json_object_set_new(targets, name, t) ? -ENOMEM : 0;
}

int
store_put_text(struct store *s, const char *name, const char *text, size_t len,
		struct cpk_error *err)
{
	char *packed;
	size_t n;
	int r = cpk_zstd_pack(text, len, &packed, &n);

	if (r)
		return r;
	r = put_packed(s, name, text, len, packed, n, err);
	free(packed);
	return r;
}

static int
put_index(struct store *s, const char *text, size_t len, struct cpk_error *err)
{
	json_t *targets = json_object_get(json_object_get(s->targets, "signed"), "targets");
	char *packed;
	size_t n;
	int r = cpk_zstd_pack(text, len, &packed, &n);

	if (r)
		return r;
	r = put_delta(s, targets, text, len, n, err);
	if (!r)
		r = put_packed(s, "index.zst", text, len, packed, n, err);
	free(packed);
	return r;
}

/* Of each name and architecture the newest `keep` versions stay. The index is sorted. */
static void
drop_old(struct store *s)
{
	struct cpk_index *x = &s->index;
	size_t i, n = 0, first = 0;

	for (i = 0; i < x->n; i++) {
		unsigned same = 0;
		size_t k;

		while (first < n && strcmp(x->v[first].name, x->v[i].name))
			first++;
		for (k = first; k < n; k++)
			same += strcmp(x->v[k].arch, x->v[i].arch) == 0;
		if (s->keep && same >= s->keep)
			cpk_package_clear(&x->v[i]);
		else
			x->v[n++] = x->v[i];
	}
	x->n = n;
}

int
store_write(struct store *s, struct cpk_error *err)
{
	char *text = NULL;
	size_t len;
	int r;

	cpk_index_sort(&s->index);
	drop_old(s);
	r = cpk_index_print(&s->index, &text, &len);
	if (!r)
		r = put_index(s, text, len, err);
	free(text);
	if (!r)
		r = lists_write(s, err);
	return r ? r : patches_write(s, err);
}
