/* SPDX-License-Identifier: MIT */
/*
 * repo check, list: what a repository holds, and whether all of it verifies. Check is the client's
 * own workflow (tuf/client.c) from the first root on, then every file that is named.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/delta.h"
#include "lib/local.h"
#include "repo.h"

#define PATH 4096

struct place {
	const char *dir, *root;		/* root: the file that is trusted from the start */
};

static int
read_or_missing(const char *path, size_t max, char **data, size_t *n, struct cpk_error *err)
{
	int r = read_file(path, max, data, n, err);

	if (r == -ENOENT)
		return -TUF_MISSING;
	return r == -EFBIG ? -TUF_ENDLESS : r ? -TUF_IO : 0;
}

static int
io_fetch(void *arg, const char *name, size_t max, char **data, size_t *n, struct cpk_error *err)
{
	const struct place *p = arg;
	char path[PATH];

	snprintf(path, sizeof(path), "%s/metadata/%s", p->dir, name);
	return read_or_missing(path, max, data, n, err);
}

static int
io_load(void *arg, const char *name, char **data, size_t *n)
{
	const struct place *p = arg;
	struct cpk_error err;

	if (strcmp(name, "root.json"))
		return -TUF_MISSING;
	return read_or_missing(p->root, TUF_MAX_ROOT, data, n, &err);
}

static int
io_store(void *arg, const char *name, const void *data, size_t n, struct cpk_error *err)
{
	(void)arg, (void)name, (void)data, (void)n, (void)err;
	return 0;
}

static int
io_drop(void *arg, const char *name)
{
	(void)arg, (void)name;
	return 0;
}

/* The package file has the hash and length of the index, and all in it verifies. */
static int
check_package(const char *dir, const struct cpk_package *p)
{
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	uint64_t bytes;
	char path[PATH];
	int fd, r;

	store_path(path, sizeof(path), dir, p->hash);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain("%s: %s %s is missing", path, p->name, p->version);
	r = cpk_hash_fd(fd, hash, &bytes);
	close(fd);
	if (r || bytes != p->bytes || memcmp(hash, p->hash, CPK_HASH))
		return complain("%s: %s %s differs from the index", path, p->name, p->version), TUF_SWAPPED;
	return cpk_verify(path, &err) ? complain("%s", err.text) : 0;
}

static int
check_target(const char *dir, const char *name, const json_t *t)
{
	const char *slash = strrchr(name, '/'), *hash;
	char path[PATH];
	int fd, ok;

	hash = json_string_value(json_object_get(json_object_get(t, "hashes"), "sha256"));
	snprintf(path, sizeof(path), "%s/targets/%.*s%s.%s", dir, slash ? (int)(slash + 1 - name) : 0,
			name, hash ? hash : "", slash ? slash + 1 : name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain("%s: %s", path, strerror(errno));
	ok = tuf_hashes_match_fd(json_object_get(t, "hashes"), fd);
	close(fd);
	return ok ? 0 : (complain("%s: is not the file that is signed", path), TUF_TAMPERED);
}

/* Every role that the snapshot names, and every file that it signs. */
static int
check_roles(struct meta *m)
{
	char role[TUF_MAX_NAME + 1];
	const char *file, *name;
	struct cpk_error err;
	json_t *v, *t, *keys, *by;
	struct tuf_md *md;
	int bad = 0, r;

	json_object_foreach(json_object_get(m->snapshot->body, "meta"), file, v) {
		snprintf(role, sizeof(role), "%.*s", (int)(strlen(file) - 5), file);
		r = meta_role(m, role, &md, &err);
		if (r) {
			bad = complain("%s", err.text);
			continue;
		}
		if (meta_trust(m, role, &keys, &by) == 0) {
			if (tuf_md_verify(md, keys, by, file, &err))
				bad = (complain("%s", err.text), TUF_SIGNATURE);
			json_decref(keys);
			json_decref(by);
		}
		if (md->expires <= m->now)
			bad = (complain("%s: has expired", file), TUF_EXPIRED);
		json_object_foreach(json_object_get(md->body, "targets"), name, t)
			bad = (r = check_target(m->dir, name, t)) ? r : bad;
		tuf_md_free(md);
	}
	return bad;
}

/* Metadata that is about to expire is worth a word. */
static void
warn_of_age(const struct meta *m)
{
	const struct { const char *name; const struct tuf_md *md; long days; } v[] = {
		{ "root", m->root, 30 }, { "targets", m->targets, 14 },
		{ "snapshot", m->snapshot, 2 }, { "timestamp", m->timestamp, 2 } };
	size_t i;

	for (i = 0; i < 4; i++)
		if (v[i].md->expires > m->now && v[i].md->expires < m->now + v[i].days * 86400)
			complain("%s expires in %lld days", v[i].name,
					(long long)(v[i].md->expires - m->now) / 86400);
}

static int
workflow(const char *dir, const char *root)
{
	char path[PATH];
	struct place place = { dir, root ? root : path };
	struct tuf_client c = { .io = { &place, io_fetch, io_load, io_store, io_drop },
		.now = time(NULL) };
	struct cpk_error err;
	int r;

	snprintf(path, sizeof(path), "%s/metadata/1.root.json", dir);
	r = tuf_refresh(&c, &err);
	tuf_client_free(&c);
	return r ? (complain("%s", err.text), -r) : 0;
}

static int
load(struct meta *m, struct store *s)
{
	struct cpk_error err;
	int r = meta_load(m, &err);

	if (!r && !m->targets)
		r = cpk_fail(&err, -ENOENT, "%s: nothing is published yet", m->dir);
	if (!r) {
		s->dir = m->dir;
		s->targets = m->targets->doc;
		r = store_read(s, &err);
	}
	return r ? complain("%s", err.text) : 0;
}

int
cmd_check(int argc, char **argv)
{
	struct meta m = { .now = time(NULL) };
	struct store s = { 0 };
	const char *root = NULL;
	int c, bad, quick = 0, r;
	size_t i;

	while ((c = getopt(argc, argv, "t:q")) != -1) {
		if (c == '?')
			return usage(NULL);
		if (c == 't')
			root = optarg;
		else
			quick = 1;
	}
	if (optind + 1 != argc)
		return usage("check takes a folder");
	m.dir = argv[optind];
	bad = workflow(m.dir, root);
	if (!bad)
		bad = load(&m, &s);
	if (!bad) {
		bad = check_roles(&m);
		warn_of_age(&m);
	}
	for (i = 0; !quick && i < s.index.n; i++)
		bad = (r = check_package(s.dir, &s.index.v[i])) ? r : bad;
	if (!quick && !bad)
		bad = lists_check(&s);
	if (!quick && !bad)
		bad = patches_check(&s);
	store_free(&s);
	meta_free(&m);
	return bad;
}

int
cmd_list(int argc, char **argv)
{
	struct meta m = { .now = time(NULL) };
	struct store s = { 0 };
	size_t i;
	int r;

	if (argc != 2)
		return usage("list takes a folder");
	m.dir = argv[1];
	r = load(&m, &s);
	for (i = 0; !r && i < s.index.n; i++)
		printf("%s\t%s\t%" PRIu64 "\n", s.index.v[i].name, s.index.v[i].version,
				s.index.v[i].bytes);
	store_free(&s);
	meta_free(&m);
	return r;
}
