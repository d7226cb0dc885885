/* SPDX-License-Identifier: MIT */
/* Packages into the stage: every byte is checked against the manifest before the commit. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"

/* The hash is checked again on the very descriptor that is read: the cache is only a file. */
static int
open_one(struct change *c, size_t i)
{
	const struct plan_item *a = &c->plan->add[i];
	char path[CPK_MAX_PATH + 1];
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	uint64_t size;
	int fd;

	cache_path(a->p, path);
	fd = openat(c->k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail(ST_IO, "/%s: %s", path, strerror(errno));
	if (cpk_hash_fd(fd, hash, &size) || memcmp(hash, a->p->hash, CPK_HASH) ||
	    lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return fail(ST_TRUST, "/%s: changed since it was fetched", path);
	}
	if (cpk_open_fd(&c->in[i].r, fd, a->p->name, &err))
		return fail(ST_TRUST, "%s", err.text);
	c->in[i].m = cpk_reader_manifest(c->in[i].r);
	if (strcmp(c->in[i].m->name, a->p->name))
		return fail(ST_TRUST, "%s: the package says it is %s", a->p->name, c->in[i].m->name);
	return 0;
}

int
open_packages(struct change *c)
{
	int r = 0;

	c->in = calloc(c->plan->nadd + 1, sizeof(*c->in));
	if (!c->in)
		return fail(ST_FAIL, "out of memory");
	for (c->n = 0; !r && c->n < c->plan->nadd; c->n++)
		r = open_one(c, c->n);
	return r;
}

void
close_packages(struct change *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->in[i].r)
			cpk_close(c->in[i].r);
	free(c->in);
	c->in = NULL;
	c->n = 0;
}

void
drop_cached(struct change *c)
{
	char path[CPK_MAX_PATH + 1];
	size_t i;

	for (i = 0; i < c->plan->nadd; i++) {
		cache_path(c->plan->add[i].p, path);
		unlinkat(c->k->rootfd, path, 0);
	}
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno != EINTR)
			return -errno;
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
	return 0;
}

/* The content of the reader's current file into the stage. */
static int
stage_content(struct change *c, struct incoming *in, const struct cpk_file *f, unsigned *n)
{
	static char buf[65536];
	struct cpk_error err;
	ssize_t got;
	int fd = tx_stage(&c->tx, n), r = 0;

	if (fd < 0)
		return fd;
	while (!r && (got = cpk_read(in->r, buf, sizeof(buf), &err)) != 0) {
		if (got < 0)
			r = fail(ST_TRUST, "%s", err.text);
		else if ((r = write_all(fd, buf, (size_t)got)))
			r = fail(ST_IO, "staging /%s: %s", f->path, strerror(-r));
	}
	if (close(fd) && !r)
		r = fail(ST_IO, "staging /%s: %s", f->path, strerror(errno));
	return r;
}

/* The row of the package replaced, when the user's copy on disk is no longer that file. */
static bool
user_changed(struct change *c, size_t i, const struct cpk_file *f)
{
	const struct installed *old = c->plan->add[i].old;
	const struct cpk_file *was = old ? cpk_manifest_find(&old->m, f->path) : NULL;

	if (!is_config(f->path) || !differs(c->k, f))
		return false;
	if (faccessat(c->k->rootfd, f->path, F_OK, AT_SYMLINK_NOFOLLOW))
		return false;
	return !was || was->type != 'f' || differs(c->k, was);
}

static int
step_file(struct change *c, size_t i, const struct cpk_file *f)
{
	char beside[CPK_MAX_PATH + 8];
	const char *to = f->path;
	unsigned n;
	int r = stage_content(c, &c->in[i], f, &n);

	if (r)
		return r;
	if (user_changed(c, i, f) && strlen(f->path) + 4 <= CPK_MAX_PATH) {
		snprintf(beside, sizeof(beside), "%s.new", f->path);
		complain("/%s was changed here: the new one is /%s", f->path, beside);
		to = beside;
	}
	return tx_file(&c->tx, n, f->mode, to);
}

static int
step_for(struct change *c, size_t i, const struct cpk_file *f)
{
	if (f->type == 'd')
		return tx_dir(&c->tx, f->mode, f->path);
	if (f->type == 'l')
		return tx_link(&c->tx, f->path, f->link);
	return step_file(c, i, f);
}

int
stage_package(struct change *c, size_t i)
{
	const struct cpk_file *f;
	struct cpk_error err;
	int r;

	while ((r = cpk_next(c->in[i].r, &f, &err)) > 0) {
		r = step_for(c, i, f);
		if (r)
			return r;
	}
	return r ? fail(ST_TRUST, "%s", err.text) : 0;
}

int
stage_manifest(struct change *c, size_t i)
{
	char path[CPK_MAX_PATH + 1], *text;
	unsigned n;
	size_t len;
	int r;

	if (cpk_manifest_print(c->in[i].m, &text, &len))
		return fail(ST_FAIL, "out of memory");
	r = tx_stage_bytes(&c->tx, text, len, &n);
	free(text);
	snprintf(path, sizeof(path), DB_INSTALLED "/%s", c->in[i].m->name);
	return r ? r : tx_file(&c->tx, n, 0644, path);
}
