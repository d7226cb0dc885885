/* SPDX-License-Identifier: MIT */
/*
 * The indexes of the repositories: fetched, checked, kept, loaded. An index is taken only with a
 * good signature of a trusted key, not older than the one known, and not expired.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pkg.h"

static void
path_in(const struct repo *r, const char *name, char buf[CPK_MAX_PATH + 1])
{
	snprintf(buf, CPK_MAX_PATH + 1, DB_REPOS "/%s/%s", r->name, name);
}

static void
index_name(const struct cpk_root *root, char buf[CPK_HEX + 16])
{
	char hex[CPK_HEX];

	cpk_hex(root->hash, hex);
	snprintf(buf, CPK_HEX + 16, "index-%s.zst", hex);
}

/* Reads a signed file below the root; the payload is parsed only when the signature is good. */
static int
read_signed(struct pkg *k, const char *path, const char *shown, struct cpk_root *root)
{
	struct cpk_error err;
	const char *payload;
	char *data;
	size_t n, len;
	int r = slurp(k->rootfd, path, CPK_SIGNED_MAX, &data, &n);

	if (r == -ENOENT)
		return r;
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	r = cpk_signed_check(&k->keys, data, n, shown, &payload, &len, &err);
	if (!r)
		r = cpk_root_parse(root, payload, len, shown, &err);
	if (r)
		r = fail(ST_TRUST, "%s", err.text);
	free(data);
	return r;
}

static int
load_index(struct pkg *k, struct repo *repo)
{
	char path[CPK_MAX_PATH + 1], name[CPK_HEX + 16], *data, *text;
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	size_t n;
	int r;

	index_name(&repo->root, name);
	path_in(repo, name, path);
	r = slurp(k->rootfd, path, repo->root.bytes, &data, &n);
	if (r)
		return fail(ST_IO, "/%s: %s; 'pkg update' fetches it again", path, strerror(-r));
	cpk_hash(data, n, hash);
	if (n != repo->root.bytes || memcmp(hash, repo->root.hash, CPK_HASH)) {
		free(data);
		return fail(ST_TRUST, "/%s: damaged; 'pkg update' fetches it again", path);
	}
	r = cpk_zstd_unpack(data, n, repo->root.text, &text, path, &err);
	free(data);
	if (r)
		return fail(ST_TRUST, "/%s", err.text);
	r = cpk_index_parse(&repo->index, text, repo->root.text, path, &err);
	free(text);
	return r ? fail(ST_TRUST, "/%s", err.text) : 0;
}

static const char *
ca_of(struct pkg *k, const struct repo *repo, char buf[4096])
{
	if (!*repo->ca)
		return NULL;
	snprintf(buf, 4096, "%s%s", strcmp(k->root, "/") ? k->root : "", repo->ca);
	return buf;
}

/* What must hold before the new index takes the place of the known one. */
static int
acceptable(const struct repo *repo, const struct cpk_root *new)
{
	if (new->expires < (int64_t)time(NULL))
		return fail(ST_TRUST, "%s/index.signed: has expired; is the clock right?", repo->url);
	if (!repo->known)
		return 0;
	if (new->version < repo->root.version)
		return fail(ST_TRUST, "%s/index.signed: version %llu is older than %llu, which is known"
				" here", repo->url, (unsigned long long)new->version,
				(unsigned long long)repo->root.version);
	if (new->version == repo->root.version &&
	    memcmp(new->hash, repo->root.hash, CPK_HASH))
		return fail(ST_TRUST, "%s/index.signed: another index of version %llu is known here",
				repo->url, (unsigned long long)new->version);
	return 0;
}

static int
fetch_signed(struct pkg *k, struct repo *repo, const char *path, struct cpk_root *new)
{
	char url[2048], ca[4096];
	struct download d = { .url = url, .ca = ca_of(k, repo, ca), .path = path,
		.bytes = CPK_SIGNED_MAX };
	int r;

	snprintf(url, sizeof(url), "%s/index.signed", repo->url);
	r = fetch(k, &d, 1);
	if (!r)
		r = read_signed(k, path, url, new);
	return r;
}

/* The index named by root is here and whole. */
static bool
have_index(struct pkg *k, const char *path, const struct cpk_root *root)
{
	int fd = openat(k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;
	uint8_t hash[CPK_HASH];
	uint64_t size;

	if (fd < 0)
		return false;
	r = cpk_hash_fd(fd, hash, &size);
	close(fd);
	return r == 0 && size == root->bytes && memcmp(hash, root->hash, CPK_HASH) == 0;
}

static int
fetch_index(struct pkg *k, struct repo *repo, const struct cpk_root *new)
{
	char url[2048], ca[4096], name[CPK_HEX + 16], path[CPK_MAX_PATH + 1];
	struct download d = { .url = url, .ca = ca_of(k, repo, ca), .path = path,
		.bytes = new->bytes, .exact = true };

	index_name(new, name);
	path_in(repo, name, path);
	if (have_index(k, path, new))
		return 0;
	snprintf(url, sizeof(url), "%s/%s", repo->url, name);
	memcpy(d.hash, new->hash, CPK_HASH);
	return fetch(k, &d, 1);
}

/* Makes the fetched index the known one; the old one goes. */
static int
adopt(struct pkg *k, struct repo *repo, const char *from, const struct cpk_root *new)
{
	char path[CPK_MAX_PATH + 1], name[CPK_HEX + 16];
	int r = sync_all(k->rootfd);

	path_in(repo, "index.signed", path);
	if (!r && renameat(k->rootfd, from, k->rootfd, path))
		r = -errno;
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	if (repo->known && memcmp(new->hash, repo->root.hash, CPK_HASH)) {
		index_name(&repo->root, name);
		path_in(repo, name, path);
		unlinkat(k->rootfd, path, 0);
	}
	return 0;
}

static int
update_one(struct pkg *k, struct repo *repo)
{
	char dir[CPK_MAX_PATH + 1], path[CPK_MAX_PATH + 1], fresh[CPK_MAX_PATH + 1];
	struct cpk_root new;
	int r;

	path_in(repo, "", dir);
	dir[strlen(dir) - 1] = '\0';
	r = make_dirs(k->rootfd, dir, 0755);
	if (r)
		return fail(ST_IO, "/%s: %s", dir, strerror(-r));
	path_in(repo, "index.signed", path);
	path_in(repo, "fetched", fresh);
	r = read_signed(k, path, path, &repo->root);
	if (r && r != -ENOENT)
		return r;
	repo->known = !r;
	r = fetch_signed(k, repo, fresh, &new);
	if (!r)
		r = acceptable(repo, &new);
	if (!r)
		r = fetch_index(k, repo, &new);
	if (!r)
		r = adopt(k, repo, fresh, &new);
	if (r)
		unlinkat(k->rootfd, fresh, 0);
	else
		say(k, "%s: version %llu%s", repo->name, (unsigned long long)new.version,
				repo->known && new.version == repo->root.version ? ", unchanged" : "");
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

/* Loads the indexes that are here; a repository never updated stays !known. */
int
repos_load(struct pkg *k)
{
	char path[CPK_MAX_PATH + 1];
	size_t i;
	int r;

	for (i = 0; i < k->nrepos; i++) {
		struct repo *repo = &k->repos[i];

		path_in(repo, "index.signed", path);
		r = read_signed(k, path, path, &repo->root);
		if (r == -ENOENT)
			continue;
		if (r)
			return r;
		if (repo->root.expires < (int64_t)time(NULL))
			return fail(ST_TRUST, "the index of %s has expired: run 'pkg update'", repo->name);
		repo->known = true;
		r = load_index(k, repo);
		if (r)
			return r;
	}
	return 0;
}
