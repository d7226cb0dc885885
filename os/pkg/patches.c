/* SPDX-License-Identifier: MIT */
/*
 * Upgrades that fetch less: where the repository has a patch from the build that is installed, the
 * new package is made of the old one's files and that (repo/lib/patch.h). All of it is checked: the
 * old files before, the new manifest by the hash that was signed, the new files by the manifest as
 * always. Whatever does not fit is fetched whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "fsops.h"
#include "local.h"
#include "patch.h"
#include "repos.h"

#define HEX	(2 * CPK_HASH)
#define LINE	(4 * (HEX + 1))		/* of "OLD NEW MANIFEST PATCH BYTES": where BYTES begins */

struct try {
	struct plan_item *a;
	char manifest[CPK_HEX], patch[CPK_HEX];
	uint64_t bytes;
	char url[2048], ca[4096], path[CPK_MAX_PATH + 1], label[200];
};

void
stream_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX];

	cpk_hex(p->hash, hex);
	snprintf(buf, CPK_MAX_PATH + 1, CACHE_DIR "/%s.stream", hex);
}

/* Reads a row's content to the end of the stream. */
static int
add_content(struct pkg *k, const struct cpk_file *f, struct cpk_buf *b)
{
	uint8_t hash[CPK_HASH];
	const char *base;
	char *data;
	size_t n;
	int dir = open_parent(k->rootfd, f->path, &base), r;

	if (dir < 0)
		return dir;
	r = slurp(dir, base, f->size, &data, &n);
	close(dir);
	if (r)
		return r;
	cpk_hash(data, n, hash);
	if (n != f->size || memcmp(hash, f->hash, CPK_HASH))
		r = -EBADMSG;
	else
		cpk_buf_add(b, data, n);
	free(data);
	return r;
}

/* The stream of what is installed; an error when a file of it is not as it came. */
static int
old_stream(struct pkg *k, const struct cpk_manifest *m, struct cpk_buf *b)
{
	char *text;
	size_t i, n;
	int r = m->size > CPK_MAX_STREAM || cpk_manifest_print(m, &text, &n) ? -EFBIG : 0;

	if (r)
		return r;
	cpk_buf_add(b, text, n);
	free(text);
	for (i = 0; !r && i < m->nfiles; i++)
		if (m->files[i].type == 'f')
			r = add_content(k, &m->files[i], b);
	return r || b->bad ? -EBADMSG : 0;
}

static int
apply(struct pkg *k, struct try *t)
{
	char path[CPK_MAX_PATH + 1], *data, *new = NULL;
	struct cpk_patch p = { .new = 0 };
	struct cpk_buf old = { 0 };
	struct cpk_error err;
	size_t n;
	int r = slurp(k->rootfd, t->path, t->bytes, &data, &n);

	if (r)
		return r;
	r = cpk_patch_parse(&p, data, n, t->label, &err);
	if (!r)
		r = old_stream(k, &t->a->old->m, &old);
	if (!r)
		r = cpk_patch_apply(&p, old.s, old.n, &new, t->label, &err);
	free(old.s);
	free(data);
	if (r)
		return r;
	t->a->manifest = p.manifest;
	cpk_unhex(t->manifest, t->a->manifest_hash);
	stream_path(t->a->p, path);
	r = spill(k->rootfd, path, new, p.new);
	free(new);
	t->a->patched = !r;
	return r;
}

/* The line of the list that leads from what a replaces to it. */
static bool
find(const char *text, const struct plan_item *a, struct try *t)
{
	char key[2 * CPK_HEX + 2], from[CPK_HEX], to[CPK_HEX], *manifest;
	uint8_t hash[CPK_HASH];
	const char *line;
	size_t n;

	if (cpk_manifest_print(&a->old->m, &manifest, &n))
		return false;
	cpk_hash(manifest, n, hash);
	free(manifest);
	cpk_hex(hash, from);
	cpk_hex(a->p->hash, to);
	snprintf(key, sizeof(key), "\n%s %s ", from, to);
	line = strstr(text, key);
	if (!line || strcspn(++line, "\n") <= LINE)
		return false;
	snprintf(t->manifest, CPK_HEX, "%s", line + 2 * (HEX + 1));
	snprintf(t->patch, CPK_HEX, "%s", line + 3 * (HEX + 1));
	t->bytes = strtoull(line + LINE, NULL, 10);
	return cpk_unhex(t->patch, hash) == 0 && cpk_unhex(t->manifest, hash) == 0 && t->bytes &&
		t->bytes < a->p->bytes;
}

static void
describe(struct pkg *k, struct try *t, struct download *d)
{
	const struct plan_item *a = t->a;

	snprintf(t->url, sizeof(t->url), "%s/pool/%.2s/%s.cpd", a->repo->url, t->patch, t->patch);
	snprintf(t->path, sizeof(t->path), CACHE_DIR "/%s.cpd", t->patch);
	snprintf(t->label, sizeof(t->label), "%s %s, what is new in it", a->p->name, a->p->version);
	*d = (struct download){ .url = t->url, .ca = repo_ca(k, a->repo, t->ca), .path = t->path,
		.bytes = t->bytes, .exact = true, .optional = true, .stall = a->repo->stall,
		.label = t->label };
	cpk_unhex(t->patch, d->hash);
}

/* Fetches all that were found, and applies them. */
static void
try_all(struct pkg *k, struct try *t, size_t n)
{
	struct download *d = calloc(n + 1, sizeof(*d));
	size_t i;

	for (i = 0; d && i < n; i++)
		describe(k, &t[i], &d[i]);
	if (d && n)
		fetch(k, d, n);
	for (i = 0; d && i < n; i++) {
		if (faccessat(k->rootfd, t[i].path, F_OK, 0) == 0 && apply(k, &t[i]))
			say(k, "%s: is not as it was installed; fetched whole", t[i].a->p->name);
		fs->unlink(k->rootfd, t[i].path, 0);
	}
	free(d);
}

static bool
may_be_patched(struct pkg *k, const struct plan_item *a, const struct repo *repo)
{
	return a->repo == repo && a->old && !a->kept && !cached(k, a);
}

/* Those of one repository; the list is worth fetching when it is much shorter than the packages. */
static void
patch_repo(struct pkg *k, struct plan *p, struct repo *repo, struct try *t)
{
	uint64_t bytes = 0;
	size_t i, n = 0, len;
	char *text;

	for (i = 0; i < p->nadd; i++)
		if (may_be_patched(k, &p->add[i], repo))
			bytes += p->add[i].p->bytes;
	if (!bytes || (!list_here(k, repo, LIST_PATCHES) &&
	    bytes < 4 * repo->now.lists[LIST_PATCHES].packed) ||
	    list_text(k, repo, LIST_PATCHES, &text, &len))
		return;
	for (i = 0; i < p->nadd; i++)
		if (may_be_patched(k, &p->add[i], repo) && find(text, &p->add[i], &t[n]))
			t[n++].a = &p->add[i];
	free(text);
	try_all(k, t, n);
}

void
patches_fetch(struct pkg *k, struct plan *p)
{
	struct try *t = p->repair ? NULL : calloc(p->nadd + 1, sizeof(*t));
	size_t i;

	for (i = 0; t && i < k->nrepos; i++)
		if (k->repos[i].now.lists[LIST_PATCHES].packed)
			patch_repo(k, p, &k->repos[i], t);
	free(t);
}
