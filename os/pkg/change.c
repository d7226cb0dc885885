/* SPDX-License-Identifier: MIT */
/*
 * Carrying out a plan: downloads, checks for conflicts, stages the new files, writes the steps of
 * the transaction and commits it.
 *
 * A file the user changed is not overwritten below etc/: the new one comes beside it as FILE.new.
 * A file that belongs to nobody is not overwritten unless it is the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"

void
cache_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX];

	cpk_hex(p->hash, hex);
	snprintf(buf, CPK_MAX_PATH + 1, CACHE_DIR "/%s.cpk", hex);
}

/* The file in the cache has the hash that the index names. */
static bool
cached(struct pkg *k, const struct cpk_package *p)
{
	char path[CPK_MAX_PATH + 1];
	uint8_t hash[CPK_HASH];
	uint64_t size;
	int fd, r;

	cache_path(p, path);
	fd = openat(k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	r = cpk_hash_fd(fd, hash, &size);
	close(fd);
	if (r == 0 && size == p->bytes && memcmp(hash, p->hash, CPK_HASH) == 0)
		return true;
	unlinkat(k->rootfd, path, 0);
	return false;
}

struct names {
	char url[2048], ca[4096], path[CPK_MAX_PATH + 1], label[200];
};

static void
describe(struct pkg *k, const struct plan_item *a, struct names *s, struct download *d)
{
	char hex[CPK_HEX];

	cpk_hex(a->p->hash, hex);
	snprintf(s->url, sizeof(s->url), "%s/pool/%.2s/%s.cpk", a->repo->url, hex, hex);
	cache_path(a->p, s->path);
	snprintf(s->label, sizeof(s->label), "%s %s", a->p->name, a->p->version);
	snprintf(s->ca, sizeof(s->ca), "%s%s", strcmp(k->root, "/") ? k->root : "", a->repo->ca);
	memset(d, 0, sizeof(*d));
	d->url = s->url;
	d->ca = *a->repo->ca ? s->ca : NULL;
	d->path = s->path;
	d->bytes = a->p->bytes;
	d->exact = true;
	d->label = s->label;
	memcpy(d->hash, a->p->hash, CPK_HASH);
}

static int
download(struct pkg *k, const struct plan *p)
{
	struct names *s = calloc(p->nadd + 1, sizeof(*s));
	struct download *d = calloc(p->nadd + 1, sizeof(*d));
	size_t i, n = 0;
	uint64_t bytes = 0;
	char size[16];
	int r = make_dirs(k->rootfd, CACHE_DIR, 0755);

	if (!s || !d)
		r = -ENOMEM;
	for (i = 0; !r && i < p->nadd; i++) {
		if (p->add[i].file || cached(k, p->add[i].p))
			continue;
		describe(k, &p->add[i], &s[n], &d[n]);
		bytes += d[n++].bytes;
	}
	if (r)
		r = fail(ST_IO, "/%s: %s", CACHE_DIR, strerror(-r));
	if (!r && n)
		say(k, "fetching %zu package%s, %s", n, n == 1 ? "" : "s", human(bytes, size));
	if (!r && n)
		r = fetch(k, d, n);
	free(s);
	free(d);
	return r;
}

/* The removal of one file, unless the user's changes in it are to be kept. */
static int
remove_file(struct change *c, const struct cpk_file *f)
{
	if (owner_after(c, f->path))
		return 0;
	if (f->type == 'd')
		return 0;
	if (f->type == 'f' && is_config(f->path) && differs(c->k, f))
		return 0;
	return tx_del(&c->tx, f->path);
}

static int
remove_dirs(struct change *c, const struct cpk_manifest *m)
{
	size_t i = m->nfiles;
	int r = 0;

	while (!r && i-- > 0)		/* children come after their parents: deepest first */
		if (m->files[i].type == 'd' && !owner_after(c, m->files[i].path))
			r = tx_rmdir(&c->tx, m->files[i].path);
	return r;
}

static int
remove_old(struct change *c, const struct cpk_manifest *m)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < m->nfiles; i++)
		r = remove_file(c, &m->files[i]);
	return r ? r : remove_dirs(c, m);
}

/* Steps that take away what the plan takes away, last in the journal but for the data base. */
static int
removals(struct change *c)
{
	char path[CPK_MAX_PATH + 1];
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->plan->nadd; i++)
		if (c->plan->add[i].old)
			r = remove_old(c, &c->plan->add[i].old->m);
	for (i = 0; !r && i < c->plan->ndel; i++) {
		r = remove_old(c, &c->plan->del[i]->m);
		snprintf(path, sizeof(path), DB_INSTALLED "/%s", c->plan->del[i]->m.name);
		if (!r)
			r = tx_del(&c->tx, path);
	}
	return r;
}

static int
stage_world(struct change *c, const struct cpk_list *world)
{
	struct cpk_list sorted = { 0 };
	size_t i, len = 0;
	unsigned n;
	char *text;
	int r;

	for (i = 0; i < world->n; i++) {
		if (cpk_list_add(&sorted, world->v[i]))
			return fail(ST_FAIL, "out of memory");
		len += strlen(world->v[i]) + 1;
	}
	cpk_list_sort(&sorted);
	text = calloc(1, len + 1);
	if (!text)
		return fail(ST_FAIL, "out of memory");
	for (i = len = 0; i < sorted.n; i++)
		len += (size_t)sprintf(text + len, "%s\n", sorted.v[i]);
	r = tx_stage_bytes(&c->tx, text, len, &n);
	if (!r)
		r = tx_file(&c->tx, n, 0644, DB_WORLD);
	free(text);
	cpk_list_free(&sorted);
	return r;
}

static int
build(struct change *c, const struct cpk_list *world)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->n; i++)
		r = conflicts(c, i);
	for (i = 0; !r && i < c->n; i++)
		r = stage_package(c, i);
	if (!r)
		r = removals(c);
	for (i = 0; !r && i < c->n; i++)
		r = stage_manifest(c, i);
	return r ? r : stage_world(c, world);
}

int
change(struct pkg *k, const struct plan *p, const struct cpk_list *world)
{
	struct change c = { .k = k, .plan = p };
	int r = download(k, p);

	if (!r)
		r = open_packages(&c);
	if (!r)
		r = tx_begin(&c.tx, k);
	if (!r) {
		r = build(&c, world);
		if (r)
			tx_abort(&c.tx);
		else
			r = tx_commit(&c.tx);
	}
	if (!r && !k->keep_cache)
		drop_cached(&c);
	close_packages(&c);
	return r;
}
