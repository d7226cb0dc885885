/* SPDX-License-Identifier: MIT */
/*
 * The text of an index: by the chain of deltas that begins at the one signed and leads back to the
 * text that is here, when all of it is shorter than the whole index; else the whole index.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "delta.h"
#include "repos.h"

#define MAX_CHAIN	64

struct chain {
	struct {
		char *data;
		struct cpk_delta d;
	} v[MAX_CHAIN];
	size_t n;
	uint64_t bytes;
};

struct job {
	struct pkg *k;
	struct repo *repo;
	struct tuf_client *c;
	const struct repo_state *new;
	char base[1100];		/* URL of targets */
};

static void
chain_free(struct chain *x)
{
	while (x->n)
		free(x->v[--x->n].data);
}

/* Fetches a target into memory. */
static int
fetch_target(struct job *j, const struct tuf_target *t, const char *name, char **data, size_t *n)
{
	char path[CPK_MAX_PATH + 1];
	int r;

	repo_path(j->repo, name, path);
	r = tuf_fetch_target(j->c, t, name, j->base, path);
	if (!r && (r = slurp(j->k->rootfd, path, t->length, data, n)))
		r = fail(ST_IO, "/%s: %s", path, strerror(-r));
	unlinkat(j->k->rootfd, path, 0);
	return r;
}

/* One link more: the delta that t names. */
static int
link_more(struct job *j, struct chain *x, const struct tuf_target *t)
{
	struct cpk_error err;
	size_t n;
	int r = fetch_target(j, t, "index.delta", &x->v[x->n].data, &n);

	if (r)
		return r;
	x->bytes += n;
	x->n++;
	if (cpk_delta_parse(&x->v[x->n - 1].d, x->v[x->n - 1].data, n, "index.delta", &err))
		return fail((enum status)TUF_FORMAT, "%s: %s", j->base, err.text);
	return 0;
}

/* The delta before the last link, which vouches for it by hash and length. */
static int
link_before(struct job *j, struct chain *x)
{
	const struct cpk_delta *d = &x->v[x->n - 1].d;
	struct tuf_target t = { .length = d->prev_bytes };
	char hex[CPK_HEX];
	int r;

	cpk_hex(d->prev, hex);
	t.hashes = json_pack("{s:s}", "sha256", hex);
	r = link_more(j, x, &t);
	json_decref(t.hashes);
	return r;
}

/* Collects links back to the text that is here: 1 when they reach it and are worth it. */
static int
collect(struct job *j, struct chain *x, uint64_t whole)
{
	struct tuf_target t;
	struct cpk_error err;
	int r;

	if (!j->repo->known || tuf_lookup(j->c, "index.delta", &t, &err))
		return 0;
	r = t.length < whole ? link_more(j, x, &t) : 1;
	tuf_target_free(&t);
	while (!r && memcmp(x->v[x->n - 1].d.from, j->repo->now.hash, CPK_HASH)) {
		const struct cpk_delta *d = &x->v[x->n - 1].d;

		if (!d->prev_bytes || x->n == MAX_CHAIN || x->bytes + d->prev_bytes >= whole)
			return 0;
		r = link_before(j, x);
	}
	return r ? 0 : 1;
}

static int
apply(struct job *j, struct chain *x, char **text, size_t *n)
{
	char path[CPK_MAX_PATH + 1], *old, *new;
	struct cpk_error err;
	size_t nold, nnew;
	int r;

	repo_index_path(j->repo, &j->repo->now, path);
	if (!have_index(j->k, path, &j->repo->now) ||
	    slurp(j->k->rootfd, path, j->repo->now.bytes, &old, &nold))
		return -ENOENT;
	for (r = 0; !r && x->n; x->n--) {
		r = cpk_delta_apply(&x->v[x->n - 1].d, old, nold, &new, &nnew, path, &err);
		free(x->v[x->n - 1].data);
		if (!r) {
			free(old);
			old = new;
			nold = nnew;
		}
	}
	if (r) {
		free(old);
		return r;
	}
	*text = old;
	*n = nold;
	return 0;
}

/* The whole index: of the length and hash signed, and unpacked to no more than was signed. */
static int
whole(struct job *j, const struct tuf_target *t, char **text, size_t *n)
{
	struct cpk_error err;
	char *data;
	size_t len;
	int r = fetch_target(j, t, "index.zst", &data, &len);

	if (r)
		return r;
	r = cpk_zstd_unpack(data, len, j->new->bytes, text, "index.zst", &err);
	free(data);
	*n = j->new->bytes;
	return r ? fail(ST_BOMB, "%s: %s: it must unpack to the %llu bytes that were signed", j->base,
			err.text, (unsigned long long)j->new->bytes) : 0;
}

static bool
is_new(const struct job *j, const char *text, size_t n)
{
	uint8_t hash[CPK_HASH];

	cpk_hash(text, n, hash);
	return n == j->new->bytes && memcmp(hash, j->new->hash, CPK_HASH) == 0;
}

static int
keep(struct job *j, const char *text, size_t n)
{
	char path[CPK_MAX_PATH + 1];
	struct cpk_index x;
	struct cpk_error err;
	int r;

	repo_index_path(j->repo, j->new, path);
	if (!is_new(j, text, n))
		return fail((enum status)TUF_TAMPERED, "%s: the index is not the one that was signed",
				j->base);
	if (cpk_index_parse(&x, text, n, "index", &err))
		return fail((enum status)TUF_FORMAT, "%s: %s", j->base, err.text);
	r = names_write(j->k, j->repo, j->new, &x);
	cpk_index_free(&x);
	if (r)
		return r;
	r = spill(j->k->rootfd, path, text, n);
	return r ? fail(ST_IO, "/%s: %s", path, strerror(-r)) : 0;
}

int
index_fetch(struct pkg *k, struct repo *repo, struct tuf_client *c, const struct tuf_target *t,
		const struct repo_state *new)
{
	struct job j = { .k = k, .repo = repo, .c = c, .new = new };
	struct chain x = { .n = 0 };
	char *text = NULL;
	size_t n = 0;
	int r;

	snprintf(j.base, sizeof(j.base), "%s/targets", repo->url);
	if (!collect(&j, &x, t->length) || apply(&j, &x, &text, &n) || !is_new(&j, text, n)) {
		free(text);
		text = NULL;
	}
	chain_free(&x);
	r = text ? 0 : whole(&j, t, &text, &n);
	if (!r)
		r = keep(&j, text, n);
	free(text);
	return r;
}
