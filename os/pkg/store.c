/* SPDX-License-Identifier: MIT */
/* The store of former files (history.h). */
#include <dirent.h>
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
store_path(const uint8_t hash[CPK_HASH], char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX];

	cpk_hex(hash, hex);
	snprintf(buf, CPK_MAX_PATH + 1, DB_STORE "/%.2s/%s", hex, hex);
}

static int
make_shard(struct pkg *k, const char *path)
{
	char dir[CPK_MAX_PATH + 1];

	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	return make_dirs(k->rootfd, dir, 0755);
}

/* Where files cannot have two names, the bytes are copied. */
static int
copy(struct pkg *k, int dirfd, const char *name, const char *to)
{
	char *data;
	size_t n;
	int r = slurp(dirfd, name, 1u << 30, &data, &n);

	if (r)
		return r;
	r = spill(k->rootfd, to, data, n);
	free(data);
	return r;
}

/* Not a file any more: the user's doing, so there is nothing to keep. */
static bool
plain_file(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

int
store_keep(struct pkg *k, const char *path, const uint8_t hash[CPK_HASH])
{
	char to[CPK_MAX_PATH + 1];
	const char *base;
	int fd = open_parent(k->rootfd, path, &base), r;

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP ? 0 : fd;
	store_path(hash, to);
	r = plain_file(fd, base) ? make_shard(k, to) : -ENOENT;
	if (!r)
		r = fs->link(fd, base, k->rootfd, to);
	if (r == -EPERM || r == -EMLINK || r == -ENOTSUP || r == -EXDEV || r == -ENOSYS)
		r = copy(k, fd, base, to);
	close(fd);
	return r == -EEXIST || r == -ENOENT ? 0 : r;
}

int
store_put(struct tx *t, const void *data, size_t n, const uint8_t hash[CPK_HASH])
{
	char path[CPK_MAX_PATH + 1];
	struct staged s;
	int r;

	store_path(hash, path);
	if (faccessat(t->k->rootfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		r = store_open(t->k, hash);
		if (r >= 0) {
			close(r);
			return 0;
		}
	}
	r = make_shard(t->k, path);
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	r = tx_stage_fresh(t, data, n, 0644, &s);
	return r ? r : tx_file(t, s, path);
}

int
store_open(struct pkg *k, const uint8_t hash[CPK_HASH])
{
	char path[CPK_MAX_PATH + 1];
	uint8_t got[CPK_HASH];
	uint64_t size;
	int fd;

	store_path(hash, path);
	fd = openat(k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -ENOENT;
	if (cpk_hash_fd(fd, got, &size) || memcmp(got, hash, CPK_HASH) || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

/* Hashes in use. */
struct used {
	uint8_t (*v)[CPK_HASH];
	size_t n, cap;
};

static int
use(struct used *u, const uint8_t hash[CPK_HASH])
{
	if (u->n == u->cap) {
		size_t cap = u->cap ? 2 * u->cap : 256;
		void *v = realloc(u->v, cap * CPK_HASH);

		if (!v)
			return -ENOMEM;
		u->v = v;
		u->cap = cap;
	}
	memcpy(u->v[u->n++], hash, CPK_HASH);
	return 0;
}

static int
by_hash(const void *a, const void *b)
{
	return memcmp(a, b, CPK_HASH);
}

/* A former manifest of the store, and its files. */
static int
use_manifest(struct pkg *k, struct used *u, const uint8_t hash[CPK_HASH])
{
	char path[CPK_MAX_PATH + 1], *text;
	struct cpk_manifest m;
	size_t i, n;
	int r = use(u, hash);

	store_path(hash, path);
	if (r || slurp(k->rootfd, path, CPK_MAX_TEXT, &text, &n))
		return r;
	if (cpk_manifest_parse(&m, text, n, path, NULL) == 0) {
		for (i = 0; !r && i < m.nfiles; i++)
			if (m.files[i].type == 'f')
				r = use(u, m.files[i].hash);
		cpk_manifest_free(&m);
	}
	free(text);
	return r;
}

static int
use_entry(struct pkg *k, struct used *u, unsigned n)
{
	struct entry e;
	size_t i;
	int r = history_read(k, n, &e);

	if (r)
		return r;
	for (i = 0; !r && i < e.nv; i++)
		if (e.v[i].sign == '-')
			r = use_manifest(k, u, e.v[i].hash);
	history_free(&e);
	return r;
}

/* The configuration files of what is installed now: read anew, a transaction may have passed. */
static int
use_configs(struct pkg *k, struct used *u)
{
	size_t i, j;
	int r = 0;

	for (i = 0; !r && i < k->ninst; i++)
		for (j = 0; !r && j < k->inst[i].m.nfiles; j++)
			if (k->inst[i].m.files[j].type == 'f' && is_config(k->inst[i].m.files[j].path))
				r = use(u, k->inst[i].m.files[j].hash);
	return r;
}

static void
sweep_shard(int dirfd, const char *name, const struct used *u)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	uint8_t hash[CPK_HASH];

	while (d && (e = readdir(d))) {
		if (*e->d_name == '.')
			continue;
		if (cpk_unhex(e->d_name, hash) || !u->n ||
		    !bsearch(hash, u->v, u->n, CPK_HASH, by_hash))
			fs->unlink(fd, e->d_name, 0);
	}
	if (d)
		closedir(d);
	fs->unlink(dirfd, name, AT_REMOVEDIR);
}

static void
sweep(struct pkg *k, struct used *u)
{
	int fd = openat(k->rootfd, DB_STORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (u->n)
		qsort(u->v, u->n, CPK_HASH, by_hash);
	while (d && (e = readdir(d)))
		if (*e->d_name != '.')
			sweep_shard(fd, e->d_name, u);
	if (d)
		closedir(d);
}

int
store_sweep(struct pkg *k)
{
	char path[CPK_MAX_PATH + 1];
	struct used u = { 0 };
	unsigned *v;
	size_t n, i = 0;
	int r;

	if (faccessat(k->rootfd, DB_STORE, F_OK, AT_SYMLINK_NOFOLLOW))
		return 0;
	r = history_numbers(k, &v, &n);
	if (r)
		return r;
	for (; n - i > HISTORY_KEEP; i++) {
		snprintf(path, sizeof(path), DB_HISTORY "/%u", v[i]);
		fs->unlink(k->rootfd, path, 0);
	}
	for (; !r && i < n; i++)
		r = use_entry(k, &u, v[i]);
	if (!r)
		r = use_configs(k, &u);
	if (!r)
		sweep(k, &u);
	free(v);
	free(u.v);
	return r;
}
