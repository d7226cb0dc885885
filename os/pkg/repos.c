/* SPDX-License-Identifier: MIT */
/*
 * The repositories' indexes: fetched, kept, loaded. An index is a target that the repository's
 * metadata signs (tuf_io.h); here its text is kept, and `current` says which it is: it is replaced
 * last, so that an update that is cut off leaves the index of before.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "delta.h"
#include "local.h"
#include "repos.h"

#define CLOCK_SLACK	86400	/* seconds by which a clock may go back */

void
repo_path(const struct repo *r, const char *name, char buf[CPK_MAX_PATH + 1])
{
	snprintf(buf, CPK_MAX_PATH + 1, DB_REPOS "/%s%s%s", r->name, *name ? "/" : "", name);
}

void
repo_index_path(const struct repo *r, const struct repo_state *s, char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX], name[CPK_HEX + 16];

	cpk_hex(s->hash, hex);
	snprintf(name, sizeof(name), "index-%s", hex);
	repo_path(r, name, buf);
}

/* "NAME SHA256 PACKED HASH BYTES\n" of a list. */
static void
read_list(const char *line, struct repo_state *s)
{
	char name[32], sha[65], hex[CPK_HEX];
	struct repo_list l = { .packed = 0 };
	unsigned i;

	if (sscanf(line, "%31s %64[0-9a-f] %" SCNu64 " %64[0-9a-f] %" SCNu64, name, sha, &l.packed, hex,
			&l.bytes) != 5 || cpk_unhex(hex, l.hash) || l.bytes > CPK_MAX_INDEX ||
	    l.packed > CPK_MAX_INDEX || strlen(sha) != 64)
		return;
	memcpy(l.sha256, sha, sizeof(sha));
	for (i = 0; i < NLISTS; i++)
		if (strcmp(name, list_target(i)) == 0)
			s->lists[i] = l;
}

/* current: "calx-state 1", then a line for each field. -ENOENT when there is none. */
static int
read_state(struct pkg *k, const struct repo *repo, struct repo_state *s)
{
	char path[CPK_MAX_PATH + 1], hex[CPK_HEX], *data, *line;
	size_t n;
	int r, end = 0;

	repo_path(repo, "current", path);
	r = slurp(k->rootfd, path, 4096, &data, &n);
	if (r == -ENOENT)
		return r;
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	memset(s, 0, sizeof(*s));
	r = sscanf(data, "calx-state 1 version %" SCNu64 " created %" SCNd64 " expires %" SCNd64
			" index %64[0-9a-f] %" SCNu64 "%n", &s->version, &s->created, &s->expires,
			hex, &s->bytes, &end);
	line = r == 5 && end ? strchr(data + end, '\n') : NULL;
	for (; line && line[1] && strcmp(line + 1, "end\n"); line = strchr(line + 1, '\n'))
		read_list(line + 1, s);
	r = line && line[1] && !cpk_unhex(hex, s->hash) && s->bytes <= CPK_MAX_INDEX ? 0 : -ENOENT;
	free(data);
	return r;		/* damaged: as good as none */
}

static int
write_state(struct pkg *k, const struct repo *repo, const struct repo_state *s)
{
	char path[CPK_MAX_PATH + 1], hex[CPK_HEX];
	struct cpk_buf b = { 0 };
	unsigned i;
	int r;

	repo_path(repo, "current", path);
	cpk_hex(s->hash, hex);
	cpk_buf_fmt(&b, "calx-state 1\nversion %" PRIu64 "\ncreated %" PRId64 "\nexpires %"
			PRId64 "\nindex %s %" PRIu64 "\n", s->version, s->created, s->expires, hex,
			s->bytes);
	for (i = 0; i < NLISTS; i++) {
		cpk_hex(s->lists[i].hash, hex);
		if (s->lists[i].packed)
			cpk_buf_fmt(&b, "%s %s %" PRIu64 " %s %" PRIu64 "\n", list_target(i),
					s->lists[i].sha256, s->lists[i].packed, hex, s->lists[i].bytes);
	}
	cpk_buf_str(&b, "end\n");
	r = b.bad ? -ENOMEM : spill(k->rootfd, path, b.s, b.n);
	free(b.s);
	return r ? fail(ST_IO, "/%s: %s", path, strerror(-r)) : 0;
}

int
repo_load_index(struct pkg *k, struct repo *repo)
{
	char path[CPK_MAX_PATH + 1], *text;
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	size_t n;
	int r;

	repo_index_path(repo, &repo->now, path);
	r = slurp(k->rootfd, path, repo->now.bytes, &text, &n);
	if (r)
		return fail(ST_IO, "/%s: %s; 'pkg update' fetches it again", path, strerror(-r));
	cpk_hash(text, n, hash);
	if (n != repo->now.bytes || memcmp(hash, repo->now.hash, CPK_HASH))
		r = fail(ST_TRUST, "/%s: damaged; 'pkg update' fetches it again", path);
	else if (cpk_index_parse(&repo->index, text, n, path, &err))
		r = fail(ST_TRUST, "/%s", err.text);
	free(text);
	return r;
}

const char *
repo_ca(struct pkg *k, const struct repo *repo, char buf[4096])
{
	if (!*repo->ca)
		return NULL;
	snprintf(buf, 4096, "%s%s", strcmp(k->root, "/") ? k->root : "", repo->ca);
	return buf;
}

bool
have_index(struct pkg *k, const char *path, const struct repo_state *s)
{
	int fd = openat(k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;
	uint8_t hash[CPK_HASH];
	uint64_t size;

	if (fd < 0)
		return false;
	r = cpk_hash_fd(fd, hash, &size);
	close(fd);
	return r == 0 && size == s->bytes && memcmp(hash, s->hash, CPK_HASH) == 0;
}

/* The clock must not be behind the last update: expired metadata would count again. */
static int
clock_went_back(const struct repo *repo)
{
	char then[32], now[32];

	if (!repo->known || time(NULL) >= repo->now.created - CLOCK_SLACK)
		return 0;
	tuf_time_print(repo->now.created, then);
	tuf_time_print(time(NULL), now);
	return fail(ST_CLOCK, "%s: was updated at %s, and now it is %s here: set the clock", repo->name,
			then, now);
}

/*
 * The root that the administrator trusts starts the chain. When he puts another one in its place,
 * all that was known by the old one is forgotten.
 */
static int
start_trust(struct pkg *k, struct repo *repo, const char *dir)
{
	char path[CPK_MAX_PATH + 1], copy[CPK_MAX_PATH + 1], *data, *old = NULL;
	size_t n, nold = 0;
	int r;

	snprintf(path, sizeof(path), TRUST_DIR "/%s.json", repo->name);
	repo_path(repo, "trusted.json", copy);
	r = slurp(k->rootfd, path, TUF_MAX_ROOT, &data, &n);
	if (r)
		return fail(ST_TRUST, "/%s: %s: it must hold the root metadata by which %s is trusted",
				path, strerror(-r), repo->name);
	if (slurp(k->rootfd, copy, TUF_MAX_ROOT, &old, &nold) || n != nold || memcmp(data, old, n)) {
		r = remove_tree(k->rootfd, dir);
		if (!r)
			r = make_dirs(k->rootfd, dir, 0755);
		repo_path(repo, "metadata/root.json", path);
		if (!r)
			r = spill(k->rootfd, path, data, n);
		if (!r)
			r = spill(k->rootfd, copy, data, n);
		repo_path(repo, "current", path);
		if (!r && old)
			unlinkat(k->rootfd, path, 0);
		if (r)
			fail(ST_IO, "/%s: %s", dir, strerror(-r));
		r = r ? -ST_IO : 0;
		repo->known = repo->known && !old;
	}
	free(data);
	free(old);
	return r;
}

/* What the signed target says of the index's text. */
static int
describe(const struct tuf_target *t, struct repo_state *s, const char *url)
{
	const json_t *text = json_object_get(t->custom, "text");
	const char *hash = json_string_value(json_object_get(text, "blake2b-256"));
	json_int_t n = json_integer_value(json_object_get(text, "length"));

	if (!hash || cpk_unhex(hash, s->hash) || n < 1 || n > CPK_MAX_INDEX ||
	    t->length > CPK_MAX_INDEX)
		return fail((enum status)TUF_FORMAT, "%s: index.zst is signed without the length and"
				" hash of its text", url);
	s->bytes = (uint64_t)n;
	return 0;
}

/* What the targets say of a list; packed stays 0 when they say nothing that can be used. */
static void
describe_list(struct tuf_client *c, enum list which, struct repo_list *l)
{
	const json_t *t = json_object_get(json_object_get(c->targets->body, "targets"),
			list_target(which));
	const json_t *text = json_object_get(json_object_get(t, "custom"), "text");
	const char *sha = json_string_value(json_object_get(json_object_get(t, "hashes"), "sha256"));
	const char *hash = json_string_value(json_object_get(text, "blake2b-256"));
	json_int_t n = json_integer_value(json_object_get(text, "length"));
	json_int_t packed = json_integer_value(json_object_get(t, "length"));

	memset(l, 0, sizeof(*l));
	if (!sha || !hash || strlen(sha) != 64 || cpk_unhex(hash, l->hash) || n < 1 || packed < 1 ||
	    n > CPK_MAX_INDEX || packed > CPK_MAX_INDEX)
		return;
	memcpy(l->sha256, sha, 65);
	l->packed = (uint64_t)packed;
	l->bytes = (uint64_t)n;
}

/* Makes the new index the known one; the old one goes. */
static int
adopt(struct pkg *k, struct repo *repo, const struct repo_state *new)
{
	char path[CPK_MAX_PATH + 1];
	int r = write_state(k, repo, new);
	unsigned i;

	if (!r && repo->known && memcmp(new->hash, repo->now.hash, CPK_HASH)) {
		repo_index_path(repo, &repo->now, path);
		unlinkat(k->rootfd, path, 0);
		names_drop(k, repo, &repo->now);
	}
	for (i = 0; !r && repo->known && i < NLISTS; i++)
		if (memcmp(new->lists[i].hash, repo->now.lists[i].hash, CPK_HASH))
			list_drop(k, repo, &repo->now, i);
	return r;
}

/* After a refresh: finds the index among the targets and brings its text here. */
static int
follow(struct pkg *k, struct repo *repo, struct tuf_client *c, const char *url)
{
	struct repo_state new = { .version = (uint64_t)c->timestamp->version, .created = c->now,
		.expires = tuf_expires(c) };
	char path[CPK_MAX_PATH + 1];
	struct tuf_target t;
	struct cpk_error err;
	bool same = false;
	unsigned i;
	int r = tuf_said(url, tuf_lookup(c, "index.zst", &t, &err), &err);

	if (r)
		return r;
	for (i = 0; i < NLISTS; i++)
		describe_list(c, i, &new.lists[i]);
	r = describe(&t, &new, url);
	if (!r) {
		repo_index_path(repo, &new, path);
		same = have_index(k, path, &new);
	}
	if (!r && !same)
		r = index_fetch(k, repo, c, &t, &new);
	if (!r)
		r = adopt(k, repo, &new);
	if (!r)
		say(k, "%s: version %" PRIu64 "%s", repo->name, new.version, same ? ", unchanged" : "");
	tuf_target_free(&t);
	return r;
}

static int
update_one(struct pkg *k, struct repo *repo)
{
	char dir[CPK_MAX_PATH + 1], meta[CPK_MAX_PATH + 1], url[1100], ca[4096];
	struct tuf_place place = { k, meta, url, repo_ca(k, repo, ca), repo->stall };
	struct tuf_client c;
	struct cpk_error err;
	int r;

	repo_path(repo, "", dir);
	repo_path(repo, "metadata", meta);
	snprintf(url, sizeof(url), "%s/metadata", repo->url);
	r = make_dirs(k->rootfd, dir, 0755);
	if (r)
		return fail(ST_IO, "/%s: %s", dir, strerror(-r));
	r = read_state(k, repo, &repo->now);
	if (r && r != -ENOENT)
		return r;
	repo->known = !r;
	r = start_trust(k, repo, meta);
	if (!r)
		r = clock_went_back(repo);
	if (r)
		return r;
	tuf_begin(&c, &place);
	r = tuf_said(url, tuf_refresh(&c, &err), &err);
	if (!r)
		r = follow(k, repo, &c, url);
	tuf_client_free(&c);
	return r;
}

int
repos_update(struct pkg *k)
{
	int r = 0, one;
	size_t i;

	for (i = 0; i < k->nrepos; i++) {
		one = update_one(k, &k->repos[i]);
		if (one)
			r = one;
	}
	return r;
}

/* What is known of the repository, if it still counts. */
static int
load_state(struct pkg *k, struct repo *repo)
{
	int r = read_state(k, repo, &repo->now);

	if (r == -ENOENT)
		return 0;
	if (r)
		return r;
	repo->known = true;
	r = clock_went_back(repo);
	if (!r && repo->now.expires < (int64_t)time(NULL))
		r = fail(ST_EXPIRED, "the index of %s has expired: run 'pkg update'", repo->name);
	return r;
}

int
repos_states(struct pkg *k)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < k->nrepos; i++) {
		r = load_state(k, &k->repos[i]);
		if (!r && !k->repos[i].known && !k->changing)
			complain("repository %s was never updated: run 'pkg update'", k->repos[i].name);
	}
	return r;
}

int
repos_load(struct pkg *k)
{
	size_t i;
	int r = repos_states(k);

	for (i = 0; !r && i < k->nrepos; i++)
		if (k->repos[i].known)
			r = repo_load_index(k, &k->repos[i]);
	return r;
}
