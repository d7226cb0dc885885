/* SPDX-License-Identifier: MIT */
/*
 * The client's workflow, sections 5.1 to 5.5 of the specification: root, timestamp, snapshot. Each
 * file is stored the moment it is trusted, so that what was seen once is never forgotten; time
 * stands still at c->now.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "local.h"

#define CLOCK_SLACK	86400	/* seconds by which clocks may differ */

int
tuf_load(struct tuf_client *c, const char *file, const char *type, struct tuf_md **md,
		struct cpk_error *err)
{
	char *data;
	size_t n;
	int r = c->io.load(c->io.arg, file, &data, &n);

	*md = NULL;
	if (r)
		return r;
	r = tuf_md_parse(md, data, n, type, file, err);
	free(data);
	return r;
}

int
tuf_expired(const struct tuf_client *c, const struct tuf_md *md, const char *name,
		struct cpk_error *err)
{
	char then[32], now[32];

	if (md->expires > c->now)
		return 0;
	tuf_time_print(md->expires, then);
	tuf_time_print(c->now, now);
	return cpk_fail(err, -TUF_EXPIRED, "%s: expired at %s; it is %s here: somebody may be holding"
			" back newer files, or the clock is wrong", name, then, now);
}

int
tuf_jumps(int64_t old, int64_t new, const char *name, struct cpk_error *err)
{
	if (new - old <= TUF_MAX_JUMP)
		return 0;
	return cpk_fail(err, -TUF_FORWARD, "%s: version %" PRId64 " follows %" PRId64 ": a jump that"
			" is to lock out all later versions", name, new, old);
}

/* One step of the chain: version N+1 of the root, signed by the keys of both. */
static int
next_root(struct tuf_client *c, struct cpk_error *err)
{
	char name[64], *data;
	struct tuf_md *md = NULL;
	struct cpk_error why;
	size_t n;
	int r;

	snprintf(name, sizeof(name), "%" PRId64 ".root.json", c->root->version + 1);
	r = c->io.fetch(c->io.arg, name, TUF_MAX_ROOT, &data, &n, err);
	if (r)
		return r;
	r = tuf_md_parse(&md, data, n, "root", name, err);
	if (!r && (tuf_md_verify(md, tuf_root_keys(c->root), tuf_root_role(c->root, "root"), name,
			&why) || tuf_md_verify(md, tuf_root_keys(md), tuf_root_role(md, "root"), name,
			&why)))
		r = cpk_fail(err, -TUF_ROTATION, "new root %s", why.text);
	if (!r && md->version != c->root->version + 1)
		r = cpk_fail(err, -TUF_ROLLBACK, "%s: says that it is version %" PRId64, name,
				md->version);
	if (!r)
		r = c->io.store(c->io.arg, "root.json", data, n, err);
	free(data);
	if (r) {
		tuf_md_free(md);
		return r;
	}
	tuf_md_free(c->root);
	c->root = md;
	return 0;
}

static int
same_keys(const struct tuf_md *a, const struct tuf_md *b, const char *role)
{
	return json_equal(json_object_get(tuf_root_role(a, role), "keyids"),
			json_object_get(tuf_root_role(b, role), "keyids"));
}

/* New keys of the server end a fast-forward attack: what the old ones signed is forgotten. */
static void
forget_old_keys(struct tuf_client *c, const struct tuf_md *first)
{
	if (same_keys(first, c->root, "timestamp") && same_keys(first, c->root, "snapshot"))
		return;
	c->io.drop(c->io.arg, "timestamp.json");
	c->io.drop(c->io.arg, "snapshot.json");
}

static int
refresh_root(struct tuf_client *c, struct cpk_error *err)
{
	struct tuf_md *first = NULL;
	int r = tuf_load(c, "root.json", "root", &c->root, err), i;

	if (r == -TUF_MISSING)
		return cpk_fail(err, -TUF_SIGNATURE, "root.json is missing: nothing can be trusted");
	if (!r)
		r = tuf_md_verify(c->root, tuf_root_keys(c->root), tuf_root_role(c->root, "root"),
				"the trusted root.json", err);
	if (!r)
		r = tuf_load(c, "root.json", "root", &first, err);
	for (i = 0; !r && i < TUF_MAX_ROOTS; i++)
		r = next_root(c, err);
	if (r == -TUF_MISSING)
		r = 0;
	if (!r && i)
		forget_old_keys(c, first);
	tuf_md_free(first);
	return r ? r : tuf_expired(c, c->root, "root.json", err);
}

static json_t *
file_in(const struct tuf_md *md, const char *file)
{
	return json_object_get(json_object_get(md->body, "meta"), file);
}

static int64_t
version_in(const struct tuf_md *md, const char *file)
{
	return json_integer_value(json_object_get(file_in(md, file), "version"));
}

static int
root_verifies(const struct tuf_client *c, const struct tuf_md *md, const char *role,
		const char *name, struct cpk_error *err)
{
	return tuf_md_verify(md, tuf_root_keys(c->root), tuf_root_role(c->root, role), name, err);
}

/* The repository says when it signed: a clock far before that is wrong. */
static int
clock_wrong(const struct tuf_client *c, const struct tuf_md *md, struct cpk_error *err)
{
	const char *s = json_string_value(json_object_get(md->body, "created"));
	char now[32];
	int64_t t;

	if (!s || tuf_time_parse(s, &t) || t <= c->now + CLOCK_SLACK)
		return 0;
	tuf_time_print(c->now, now);
	return cpk_fail(err, -TUF_CLOCK, "timestamp.json was signed at %s, and here it is %s: set the"
			" clock", s, now);
}

/* The new timestamp against the trusted one: 1 when it says the same version. */
static int
newer_timestamp(struct tuf_client *c, const struct tuf_md *md, struct cpk_error *err)
{
	const struct tuf_md *old = c->timestamp;
	int64_t known = old ? version_in(old, "snapshot.json") : 0;
	int64_t said = version_in(md, "snapshot.json");
	int r;

	if (old && md->version == old->version)
		return 1;
	if (old && md->version < old->version)
		return cpk_fail(err, -TUF_ROLLBACK, "timestamp.json: version %" PRId64 " is older than"
				" %" PRId64 ", which is known here", md->version, old->version);
	if (said < known)
		return cpk_fail(err, -TUF_ROLLBACK, "timestamp.json: names snapshot %" PRId64 ", and %"
				PRId64 " is known here", said, known);
	r = tuf_jumps(old ? old->version : 0, md->version, "timestamp.json", err);
	return r ? r : tuf_jumps(known, said, "snapshot.json", err);
}

static int
refresh_timestamp(struct tuf_client *c, struct cpk_error *err)
{
	struct tuf_md *md = NULL;
	struct cpk_error old;
	char *data;
	size_t n;
	int r;

	if (tuf_load(c, "timestamp.json", "timestamp", &c->timestamp, &old) ||
	    root_verifies(c, c->timestamp, "timestamp", "timestamp.json", &old)) {
		tuf_md_free(c->timestamp);
		c->timestamp = NULL;
	}
	r = c->io.fetch(c->io.arg, "timestamp.json", TUF_MAX_TIME, &data, &n, err);
	if (r)
		return r == -TUF_MISSING ? cpk_fail(err, -TUF_NET, "the server has no timestamp.json:"
				" is this the address of a repository?") : r;
	r = tuf_md_parse(&md, data, n, "timestamp", "timestamp.json", err);
	if (!r)
		r = root_verifies(c, md, "timestamp", "timestamp.json", err);
	if (!r)
		r = clock_wrong(c, md, err);
	if (!r)
		r = newer_timestamp(c, md, err);
	if (!r)
		r = tuf_expired(c, md, "timestamp.json", err);
	if (!r)
		r = c->io.store(c->io.arg, "timestamp.json", data, n, err);
	free(data);
	if (r) {
		tuf_md_free(md);
		return r == 1 ? tuf_expired(c, c->timestamp, "timestamp.json", err) : r;
	}
	tuf_md_free(c->timestamp);
	c->timestamp = md;
	return 0;
}

int
tuf_fetch_named(struct tuf_client *c, const char *file, const json_t *meta, char **data, size_t *n,
		struct cpk_error *err)
{
	int64_t version = json_integer_value(json_object_get(meta, "version"));
	const json_t *length = json_object_get(meta, "length");
	const json_t *hashes = json_object_get(meta, "hashes");
	size_t max = length ? (size_t)json_integer_value(length) : TUF_MAX_META;
	char name[TUF_MAX_NAME + 64];
	int r;

	if (json_is_true(json_object_get(c->root->body, "consistent_snapshot")))
		snprintf(name, sizeof(name), "%" PRId64 ".%s", version, file);
	else
		snprintf(name, sizeof(name), "%s", file);
	r = c->io.fetch(c->io.arg, name, max, data, n, err);
	if (r == -TUF_MISSING)
		return cpk_fail(err, -TUF_MIRROR, "%s: named by what is signed, and not there: the mirror"
				" is being changed, or lies", name);
	if (!r && hashes && !tuf_hashes_match(hashes, *data, *n)) {
		free(*data);
		r = cpk_fail(err, -TUF_MIRROR, "%s: is not the file that was signed for this version",
				name);
	}
	return r;
}

int
tuf_is_version(const struct tuf_md *md, const json_t *meta, const char *name, struct cpk_error *err)
{
	json_int_t want = json_integer_value(json_object_get(meta, "version"));

	if (md->version == want)
		return 0;
	return cpk_fail(err, -TUF_MIRROR, "%s: is version %" PRId64 " where %lld was signed: files of"
			" different times are mixed", name, md->version, (long long)want);
}

/* No role of the trusted snapshot may go or become older. */
static int
newer_snapshot(const struct tuf_md *old, const struct tuf_md *new, struct cpk_error *err)
{
	const char *file;
	json_t *f;
	int r;

	json_object_foreach(json_object_get(new->body, "meta"), file, f) {
		r = tuf_jumps(old ? version_in(old, file) : 0, version_in(new, file), file, err);
		if (r)
			return r;
	}
	if (!old)
		return 0;
	json_object_foreach(json_object_get(old->body, "meta"), file, f) {
		if (!file_in(new, file))
			return cpk_fail(err, -TUF_ROLLBACK, "snapshot.json: %s is gone", file);
		if (version_in(new, file) < version_in(old, file))
			return cpk_fail(err, -TUF_ROLLBACK, "snapshot.json: %s is version %" PRId64
					", and %" PRId64 " is known here", file, version_in(new, file),
					version_in(old, file));
	}
	return 0;
}

static int
fetch_snapshot(struct tuf_client *c, const json_t *meta, const struct tuf_md *old,
		struct cpk_error *err)
{
	struct tuf_md *md = NULL;
	char *data;
	size_t n;
	int r = tuf_fetch_named(c, "snapshot.json", meta, &data, &n, err);

	if (r)
		return r;
	r = tuf_md_parse(&md, data, n, "snapshot", "snapshot.json", err);
	if (!r)
		r = root_verifies(c, md, "snapshot", "snapshot.json", err);
	if (!r)
		r = tuf_is_version(md, meta, "snapshot.json", err);
	if (!r)
		r = newer_snapshot(old, md, err);
	if (!r)
		r = tuf_expired(c, md, "snapshot.json", err);
	if (!r)
		r = c->io.store(c->io.arg, "snapshot.json", data, n, err);
	free(data);
	if (r)
		tuf_md_free(md);
	else
		c->snapshot = md;
	return r;
}

static int
refresh_snapshot(struct tuf_client *c, struct cpk_error *err)
{
	const json_t *meta = file_in(c->timestamp, "snapshot.json");
	struct tuf_md *old = NULL;
	int r;

	if (tuf_load(c, "snapshot.json", "snapshot", &old, err) ||
	    root_verifies(c, old, "snapshot", "snapshot.json", err)) {
		tuf_md_free(old);
		old = NULL;
	}
	if (old && tuf_is_version(old, meta, "snapshot.json", err) == 0 &&
	    tuf_expired(c, old, "snapshot.json", err) == 0) {
		c->snapshot = old;
		return 0;
	}
	r = fetch_snapshot(c, meta, old, err);
	tuf_md_free(old);
	return r;
}

int
tuf_refresh(struct tuf_client *c, struct cpk_error *err)
{
	int r;

	err->text[0] = '\0';
	r = refresh_root(c, err);
	if (!r)
		r = refresh_timestamp(c, err);
	if (!r)
		r = refresh_snapshot(c, err);
	if (r)
		return r;
	r = tuf_role(c, "targets", tuf_root_keys(c->root), tuf_root_role(c->root, "targets"),
			&c->targets, err);
	/* The server's keys are good and the offline ones were not asked. */
	if (r == -TUF_SIGNATURE)
		r = -TUF_ONLINE;
	return r;
}

void
tuf_client_free(struct tuf_client *c)
{
	tuf_md_free(c->root);
	tuf_md_free(c->timestamp);
	tuf_md_free(c->snapshot);
	tuf_md_free(c->targets);
	c->root = c->timestamp = c->snapshot = c->targets = NULL;
}
