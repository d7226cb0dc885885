/* SPDX-License-Identifier: MIT */
/*
 * Lists that a repository signs beside its index, fetched when they are asked for: repos/NAME/files-HASH
 * and patches-HASH, HASH being that of the text. Who may not write here uses them all the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repos.h"

static const char *const targets[NLISTS] = { "files.zst", "patches.zst" };

const char *
list_target(enum list which)
{
	return targets[which];
}

static void
list_path(const struct repo *repo, const struct repo_state *s, enum list which,
		char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX], name[CPK_HEX + 16];

	cpk_hex(s->lists[which].hash, hex);
	snprintf(name, sizeof(name), "%.*s-%s", (int)strcspn(targets[which], "."), targets[which], hex);
	repo_path(repo, name, buf);
}

void
list_drop(struct pkg *k, const struct repo *repo, const struct repo_state *s, enum list which)
{
	char path[CPK_MAX_PATH + 1];

	list_path(repo, s, which, path);
	unlinkat(k->rootfd, path, 0);
}

bool
list_here(struct pkg *k, const struct repo *repo, enum list which)
{
	char path[CPK_MAX_PATH + 1];

	list_path(repo, &repo->now, which, path);
	return faccessat(k->rootfd, path, F_OK, 0) == 0;
}

static bool
right(const struct repo_list *l, const char *text, size_t n)
{
	uint8_t hash[CPK_HASH];

	cpk_hash(text, n, hash);
	return n == l->bytes && memcmp(hash, l->hash, CPK_HASH) == 0;
}

static bool
is_signed(int fd, const void *arg)
{
	return tuf_hashes_match_fd(arg, fd);
}

/* The target by the hash and length that were signed for it at the last update. */
static int
fetch_packed(struct pkg *k, struct repo *repo, enum list which, char **data, size_t *n)
{
	const struct repo_list *l = &repo->now.lists[which];
	json_t *hashes = json_pack("{s:s}", "sha256", l->sha256);
	char url[1300], path[CPK_MAX_PATH + 1], ca[4096];
	struct download d = { .url = url, .ca = repo_ca(k, repo, ca), .path = path, .bytes = l->packed,
		.exact = true, .right = is_signed, .arg = hashes, .wrong = (enum status)TUF_TAMPERED,
		.stall = repo->stall };
	int r;

	snprintf(url, sizeof(url), "%s/targets/%s.%s", repo->url, l->sha256, targets[which]);
	repo_path(repo, targets[which], path);
	r = fetch(k, &d, 1);
	json_decref(hashes);
	if (!r && (r = slurp(k->rootfd, path, l->packed, data, n)))
		r = fail(ST_IO, "/%s: %s", path, strerror(-r));
	unlinkat(k->rootfd, path, 0);
	return r;
}

static int
fetch_text(struct pkg *k, struct repo *repo, enum list which, char **text, size_t *n)
{
	const struct repo_list *l = &repo->now.lists[which];
	struct cpk_error err;
	char *data;
	size_t len;
	int r = fetch_packed(k, repo, which, &data, &len);

	if (r)
		return r;
	r = cpk_zstd_unpack(data, len, l->bytes, text, targets[which], &err);
	free(data);
	if (r)
		return fail(ST_BOMB, "%s/targets: %s: it must unpack to the %llu bytes that were signed",
				repo->url, err.text, (unsigned long long)l->bytes);
	*n = l->bytes;
	if (right(l, *text, *n))
		return 0;
	free(*text);
	return fail((enum status)TUF_TAMPERED, "%s/targets: %s is not the one that was signed", repo->url,
			targets[which]);
}

int
list_text(struct pkg *k, struct repo *repo, enum list which, char **text, size_t *n)
{
	const struct repo_list *l = &repo->now.lists[which];
	char path[CPK_MAX_PATH + 1];
	int r;

	if (!repo->known || !l->packed)
		return -ENOENT;
	list_path(repo, &repo->now, which, path);
	if (slurp(k->rootfd, path, l->bytes, text, n) == 0) {
		if (right(l, *text, *n))
			return 0;
		free(*text);
	}
	r = fetch_text(k, repo, which, text, n);
	if (!r)
		spill(k->rootfd, path, *text, *n);
	return r;
}
