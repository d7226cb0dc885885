/* SPDX-License-Identifier: MIT */
/* What the client's workflow (repo/tuf) asks of pkg: downloads of bounded length, atomic files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tuf_io.h"

static void
path_of(const struct tuf_place *p, const char *name, char buf[CPK_MAX_PATH + 1])
{
	snprintf(buf, CPK_MAX_PATH + 1, "%s/%s", p->dir, name);
}

static int
read_back(const struct tuf_place *p, const char *path, size_t max, char **data, size_t *n)
{
	int r = slurp(p->k->rootfd, path, max, data, n);

	return r ? fail(ST_IO, "/%s: %s", path, strerror(-r)) : 0;
}

static int
io_fetch(void *arg, const char *name, size_t max, char **data, size_t *n, struct cpk_error *err)
{
	struct tuf_place *p = arg;
	char url[2048], path[CPK_MAX_PATH + 1];
	struct download d = { .url = url, .ca = p->ca, .path = path, .bytes = max,
		.optional = true, .stall = p->stall };
	int r;

	err->text[0] = '\0';
	if ((size_t)snprintf(url, sizeof(url), "%s/%s", p->url, name) >= sizeof(url))
		return -TUF_FORMAT;
	path_of(p, "fetched", path);
	r = fetch(p->k, &d, 1);
	if (!r && d.missing)
		return -TUF_MISSING;
	if (!r)
		r = read_back(p, path, max, data, n);
	unlinkat(p->k->rootfd, path, 0);
	return r;
}

static int
io_load(void *arg, const char *name, char **data, size_t *n)
{
	struct tuf_place *p = arg;
	char path[CPK_MAX_PATH + 1];

	path_of(p, name, path);
	return slurp(p->k->rootfd, path, TUF_MAX_META, data, n) ? -TUF_MISSING : 0;
}

static int
io_store(void *arg, const char *name, const void *data, size_t n, struct cpk_error *err)
{
	struct tuf_place *p = arg;
	char path[CPK_MAX_PATH + 1];
	int r;

	path_of(p, name, path);
	err->text[0] = '\0';
	r = spill(p->k->rootfd, path, data, n);
	return r ? fail(ST_IO, "/%s: %s", path, strerror(-r)) : 0;
}

static int
io_drop(void *arg, const char *name)
{
	struct tuf_place *p = arg;
	char path[CPK_MAX_PATH + 1];

	path_of(p, name, path);
	return unlinkat(p->k->rootfd, path, 0) && errno != ENOENT ? -TUF_IO : 0;
}

void
tuf_begin(struct tuf_client *c, struct tuf_place *place)
{
	memset(c, 0, sizeof(*c));
	c->io = (struct tuf_io){ place, io_fetch, io_load, io_store, io_drop };
	c->now = time(NULL);
}

int
tuf_said(const char *url, int r, const struct cpk_error *err)
{
	return r && *err->text ? fail((enum status)-r, "%s: %s", url, err->text) : r;
}

static bool
is_target(int fd, const void *arg)
{
	const struct tuf_target *t = arg;

	return tuf_hashes_match_fd(t->hashes, fd);
}

int
tuf_fetch_target(struct tuf_client *c, const struct tuf_target *t, const char *name,
		const char *base, const char *path)
{
	struct tuf_place *p = c->io.arg;
	char url[2048], file[1024];
	struct download d = { .url = url, .ca = p->ca, .path = path, .bytes = t->length,
		.exact = true, .right = is_target, .arg = t, .wrong = (enum status)TUF_TAMPERED,
		.stall = p->stall };

	if (tuf_target_file(c, t, name, file, sizeof(file)) ||
	    (size_t)snprintf(url, sizeof(url), "%s/%s", base, file) >= sizeof(url))
		return fail((enum status)TUF_FORMAT, "%s: no name for a file of the server", name);
	return fetch(p->k, &d, 1);
}
