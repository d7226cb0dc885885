/* SPDX-License-Identifier: MIT */
/*
 * The client's workflow, sections 5.6 and 5.7: targets, and the search through the delegations,
 * depth first and in their order. A role is verified anew by each role that delegates to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "local.h"

static int
acceptable(struct tuf_client *c, const struct tuf_md *md, const json_t *keys, const json_t *by,
		const json_t *meta, const char *file, struct cpk_error *err)
{
	int r = tuf_md_verify(md, keys, by, file, err);

	if (!r)
		r = tuf_is_version(md, meta, file, err);
	return r ? r : tuf_expired(c, md, file, err);
}

/* The copy kept here, when it is still the one that the snapshot names. */
static int
kept(struct tuf_client *c, const char *file, const json_t *keys, const json_t *by,
		const json_t *meta, struct tuf_md **out)
{
	const json_t *hashes = json_object_get(meta, "hashes");
	struct cpk_error ignored;
	struct tuf_md *md;
	char *data;
	size_t n;
	int r = c->io.load(c->io.arg, file, &data, &n);

	if (r)
		return r;
	r = hashes && !tuf_hashes_match(hashes, data, n) ? -TUF_TAMPERED :
		tuf_md_parse(&md, data, n, "targets", file, &ignored);
	free(data);
	if (r)
		return r;
	r = acceptable(c, md, keys, by, meta, file, &ignored);
	if (r)
		tuf_md_free(md);
	else
		*out = md;
	return r;
}

static int
fetched(struct tuf_client *c, const char *file, const json_t *keys, const json_t *by,
		const json_t *meta, struct tuf_md **out, struct cpk_error *err)
{
	struct tuf_md *md = NULL;
	char *data;
	size_t n;
	int r = tuf_fetch_named(c, file, meta, &data, &n, err);

	if (r)
		return r;
	r = tuf_md_parse(&md, data, n, "targets", file, err);
	if (!r)
		r = acceptable(c, md, keys, by, meta, file, err);
	if (!r)
		r = c->io.store(c->io.arg, file, data, n, err);
	free(data);
	if (r)
		tuf_md_free(md);
	else
		*out = md;
	return r;
}

int
tuf_role(struct tuf_client *c, const char *role, const json_t *keys, const json_t *by,
		struct tuf_md **out, struct cpk_error *err)
{
	char quoted[TUF_MAX_NAME + 1], name[TUF_MAX_NAME + 8], file[TUF_MAX_NAME + 8];
	const json_t *meta;

	if (tuf_quote(role, quoted) || strlen(role) > TUF_MAX_NAME)
		return cpk_fail(err, -TUF_FORMAT, "role %.50s...: name too long", role);
	snprintf(name, sizeof(name), "%s.json", role);
	snprintf(file, sizeof(file), "%s.json", quoted);
	meta = json_object_get(json_object_get(c->snapshot->body, "meta"), name);
	if (!meta)
		return cpk_fail(err, -TUF_MIRROR, "role %s: is not in the snapshot", role);
	if (kept(c, file, keys, by, meta, out) == 0)
		return 0;
	return fetched(c, file, keys, by, meta, out, err);
}

/* Roles still to be asked; the next is the last. Each keeps who delegated to it alive. */
struct visit {
	char name[TUF_MAX_NAME + 1];
	json_t *parent;			/* document of the delegating role */
	json_t *keys, *by;
};

struct search {
	struct visit *stack;
	size_t n, cap;
	json_t *seen;			/* names asked already, as members */
};

static int
push(struct search *s, const struct visit *v)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 16;
		struct visit *stack = realloc(s->stack, cap * sizeof(*stack));

		if (!stack)
			return -TUF_FAIL;
		s->stack = stack;
		s->cap = cap;
	}
	s->stack[s->n] = *v;
	json_incref(v->parent);
	s->n++;
	return 0;
}

static void
clear(struct search *s)
{
	while (s->n)
		json_decref(s->stack[--s->n].parent);
}

/* Puts md's delegations for path on the stack, so that the first is asked first. */
static int
descend(struct search *s, const struct tuf_md *md, const char *path)
{
	json_t *d = json_object_get(md->body, "delegations");
	struct visit v = { .parent = md->doc, .keys = json_object_get(d, "keys") }, swap;
	size_t i = 0, first, last;
	int terminating = 0, r = 0;

	if (!d)
		return 0;
	first = s->n;
	while (!r && !terminating && tuf_delegated(d, path, &i, v.name, &v.by, &terminating))
		r = push(s, &v);
	if (terminating && first) {	/* what was to come after is cut off */
		size_t n = s->n - first;

		for (i = 0; i < first; i++)
			json_decref(s->stack[i].parent);
		memmove(s->stack, s->stack + first, n * sizeof(*s->stack));
		s->n = n;
		first = 0;
	}
	for (last = s->n; first + 1 < last; first++, last--) {
		swap = s->stack[first];
		s->stack[first] = s->stack[last - 1];
		s->stack[last - 1] = swap;
	}
	return r;
}

/* 1 when md speaks of the target. */
static int
speaks(const struct tuf_md *md, const char *path, struct tuf_target *t)
{
	json_t *f = json_object_get(json_object_get(md->body, "targets"), path);

	if (!f)
		return 0;
	t->length = (uint64_t)json_integer_value(json_object_get(f, "length"));
	t->hashes = json_incref(json_object_get(f, "hashes"));
	t->custom = json_incref(json_object_get(f, "custom"));
	return 1;
}

/* Asks the roles on the stack: 1 found, 0 not, or an error. */
static int
walk(struct tuf_client *c, struct search *s, const char *path, struct tuf_target *t,
		struct cpk_error *err)
{
	struct tuf_md *md;
	int r = 0;

	while (!r && s->n && json_object_size(s->seen) < TUF_MAX_VISITS) {
		struct visit v = s->stack[--s->n];

		if (!json_object_get(s->seen, v.name)) {
			json_object_set_new(s->seen, v.name, json_true());
			r = tuf_role(c, v.name, v.keys, v.by, &md, err);
			if (!r && !(r = speaks(md, path, t)))
				r = descend(s, md, path);
			if (r >= 0)
				tuf_md_free(md);
		}
		json_decref(v.parent);
	}
	return r;
}

int
tuf_lookup(struct tuf_client *c, const char *path, struct tuf_target *t, struct cpk_error *err)
{
	struct search s = { .seen = json_object() };
	int r = speaks(c->targets, path, t);

	err->text[0] = '\0';
	if (!r)
		r = descend(&s, c->targets, path);
	if (!r)
		r = walk(c, &s, path, t, err);
	clear(&s);
	free(s.stack);
	json_decref(s.seen);
	if (r)
		return r == 1 ? 0 : r;
	return cpk_fail(err, -TUF_ABSENT, "%s: no role that is trusted for it has signed such a file",
			path);
}

int
tuf_target_file(const struct tuf_client *c, const struct tuf_target *t, const char *path,
		char *buf, size_t n)
{
	const char *slash = strrchr(path, '/'), *hash = NULL, *name;
	int dir = slash ? (int)(slash + 1 - path) : 0;
	json_t *v;

	if (!json_is_true(json_object_get(c->root->body, "consistent_snapshot")))
		return (size_t)snprintf(buf, n, "%s", path) >= n ? -TUF_FORMAT : 0;
	json_object_foreach(t->hashes, name, v)
		if (!hash)
			hash = json_string_value(v);
	if (!hash || strspn(hash, "0123456789abcdef") != strlen(hash))
		return -TUF_FORMAT;
	return (size_t)snprintf(buf, n, "%.*s%s.%s", dir, path, hash, path + dir) >= n ?
		-TUF_FORMAT : 0;
}

void
tuf_target_free(struct tuf_target *t)
{
	json_decref(t->hashes);
	json_decref(t->custom);
	t->hashes = t->custom = NULL;
}

int64_t
tuf_expires(const struct tuf_client *c)
{
	int64_t t = c->root->expires;

	t = c->timestamp->expires < t ? c->timestamp->expires : t;
	t = c->snapshot->expires < t ? c->snapshot->expires : t;
	return c->targets->expires < t ? c->targets->expires : t;
}
