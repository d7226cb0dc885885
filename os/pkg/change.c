/* SPDX-License-Identifier: MIT */
/* Carrying out a plan: downloads, then the parts of change.h in their order. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsops.h"
#include "history.h"

void
cache_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX];

	cpk_hex(p->hash, hex);
	snprintf(buf, CPK_MAX_PATH + 1, CACHE_DIR "/%s.cpk", hex);
}

/* The package file of a repository on this host, which is read where it is; else "". */
static void
local_path(const struct plan_item *a, char buf[4096])
{
	char hex[CPK_HEX];

	buf[0] = '\0';
	if (strncmp(a->repo->url, "file:///", 8) || strchr(a->repo->url, '%'))
		return;
	cpk_hex(a->p->hash, hex);
	snprintf(buf, 4096, "%s/pool/%.2s/%s.cpk", a->repo->url + 7, hex, hex);
}

/* What is opened is checked by its reader (cpk_open_known). */
int
open_package(struct pkg *k, const struct plan_item *a, char path[4096])
{
	int fd;

	local_path(a, path);
	if (*path) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		return fd < 0 ? fail(ST_NET, "%s: %s", path, strerror(errno)) : fd;
	}
	path[0] = '/';
	cache_path(a->p, path + 1);
	fd = openat(k->rootfd, path + 1, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? fail(ST_IO, "%s: %s", path, strerror(errno)) : fd;
}

/* The file in the cache has the length that the index names; its hash is checked when it is read. */
bool
cached(struct pkg *k, const struct plan_item *a)
{
	char path[4096];
	struct stat st;

	if (a->kept)
		return true;
	local_path(a, path);
	if (*path)
		return true;
	cache_path(a->p, path);
	if (fstatat(k->rootfd, path, &st, AT_SYMLINK_NOFOLLOW))
		return false;
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size == a->p->bytes)
		return true;
	fs->unlink(k->rootfd, path, 0);
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
download(struct pkg *k, struct plan *p)
{
	struct names *s = calloc(p->nadd + 1, sizeof(*s));
	struct download *d = calloc(p->nadd + 1, sizeof(*d));
	size_t i, n = 0;
	uint64_t bytes = 0;
	char size[16];
	int r = make_dirs(k->rootfd, CACHE_DIR, 0755);

	if (!s || !d)
		r = -ENOMEM;
	if (!r)
		patches_fetch(k, p);
	for (i = 0; !r && i < p->nadd; i++) {
		if (p->add[i].patched || cached(k, &p->add[i]))
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

static void
drop_cached(struct change *c)
{
	char path[CPK_MAX_PATH + 1];
	size_t i;

	for (i = 0; i < c->plan->nadd; i++)
		if (!c->plan->add[i].kept) {
			cache_path(c->plan->add[i].p, path);
			unlinkat(c->k->rootfd, path, 0);
			stream_path(c->plan->add[i].p, path);
			if (c->plan->add[i].patched)
				unlinkat(c->k->rootfd, path, 0);
		}
}

static void
free_incoming(struct change *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		cpk_manifest_free(&c->in[i].own);
		free(c->in[i].fate);
		free(c->in[i].merged);
		free(c->in[i].tree);
		free(c->in[i].text);
	}
	free(c->in);
	owners_free(&c->before);
	owners_free(&c->after);
	walk_end(&c->look);
}

/* A damaged download is thrown away, so that the next try fetches it again. */
static int
carry_out(struct change *c)
{
	int r = stage_packages(c);

	if (r == -ST_TRUST || r == -ST_SWAPPED)
		drop_cached(c);
	if (!r)
		r = place_all(c);
	if (!r)
		r = write_steps(c);
	walk_reset(&c->look);
	if (r)
		tx_abort(&c->tx);
	else
		r = tx_commit(&c->tx);
	if (!r && !c->k->keep_cache)
		drop_cached(c);
	free_incoming(c);
	return r;
}

int
change(struct pkg *k, struct plan *p)
{
	struct change c = { .k = k, .plan = p, .repair = p->repair };
	int r = store_sweep(k);

	if (!r)
		r = download(k, p);
	return r ? r : carry_out(&c);
}
