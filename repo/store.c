/* SPDX-License-Identifier: MIT */
/* A repository on disk: index.signed, index-HASH.zst, pool/HH/HASH.cpk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

#define PATH 4096

void
store_path(char *buf, size_t n, const char *dir, const uint8_t hash[CPK_HASH])
{
	char hex[CPK_HEX];

	cpk_hex(hash, hex);
	snprintf(buf, n, "%s/pool/%.2s/%s.cpk", dir, hex, hex);
}

static void
index_path(char *buf, size_t n, const char *dir, const uint8_t hash[CPK_HASH])
{
	char hex[CPK_HEX];

	cpk_hex(hash, hex);
	snprintf(buf, n, "%s/index-%s.zst", dir, hex);
}

static int
read_root(struct store *s, const struct cpk_keys *keys, struct cpk_error *err)
{
	char path[PATH], *data;
	const char *payload;
	size_t n, len;
	int r;

	snprintf(path, sizeof(path), "%s/index.signed", s->dir);
	r = read_file(path, CPK_SIGNED_MAX, &data, &n, err);
	if (r)
		return r;
	if (keys) {
		r = cpk_signed_check(keys, data, n, path, &payload, &len, err);
	} else if (n < CPK_SIGNED_HEAD) {
		r = cpk_fail(err, -EBADMSG, "%s: is not a signed file", path);
	} else {
		payload = data + CPK_SIGNED_HEAD;
		len = n - CPK_SIGNED_HEAD;
	}
	if (!r)
		r = cpk_root_parse(&s->root, payload, len, path, err);
	free(data);
	return r;
}

int
store_read(struct store *s, const struct cpk_keys *keys, struct cpk_error *err)
{
	char path[PATH], *data, *text;
	uint8_t hash[CPK_HASH];
	size_t n;
	int r = read_root(s, keys, err);

	if (r)
		return r;
	index_path(path, sizeof(path), s->dir, s->root.hash);
	r = read_file(path, s->root.bytes, &data, &n, err);
	if (r)
		return r;
	cpk_hash(data, n, hash);
	if (n != s->root.bytes || memcmp(hash, s->root.hash, CPK_HASH))
		r = cpk_fail(err, -EBADMSG, "%s: differs from what index.signed names", path);
	else
		r = cpk_zstd_unpack(data, n, s->root.text, &text, path, err);
	free(data);
	if (r)
		return r;
	r = cpk_index_parse(&s->index, text, s->root.text, path, err);
	free(text);
	return r;
}

int
store_write(struct store *s, const uint8_t secret[CPK_SECRET], int64_t now, int64_t days,
		struct cpk_error *err)
{
	char path[PATH], *text = NULL, *packed = NULL, *payload = NULL, *file = NULL;
	size_t len, n, plen, flen;
	int r;

	cpk_index_sort(&s->index);
	r = cpk_index_print(&s->index, &text, &len);
	if (!r)
		r = cpk_zstd_pack(text, len, &packed, &n);
	if (r)
		goto out;
	cpk_hash(packed, n, s->root.hash);
	s->root.bytes = n;
	s->root.text = len;
	s->root.version++;
	s->root.created = now;
	s->root.expires = now + days * 86400;
	index_path(path, sizeof(path), s->dir, s->root.hash);
	r = write_file(path, packed, n, err);
	if (!r)
		r = cpk_root_print(&s->root, &payload, &plen);
	if (!r)
		r = cpk_sign(secret, payload, plen, &file, &flen, err);
	snprintf(path, sizeof(path), "%s/index.signed", s->dir);
	if (!r)
		r = write_file(path, file, flen, err);
out:
	free(text);
	free(packed);
	free(payload);
	free(file);
	return r;
}

static int
copy_file(const char *from, const char *to, struct cpk_error *err)
{
	char *data;
	size_t n;
	int r;

	if (access(to, F_OK) == 0)
		return 0;
	r = read_file(from, CPK_MAX_PACKAGE, &data, &n, err);
	if (r)
		return r;
	r = write_file(to, data, n, err);
	free(data);
	return r;
}

/* Describes the package file in *p; the whole file is verified. */
static int
describe(struct cpk_package *p, const char *file, struct cpk_error *err)
{
	struct cpk_reader *r;
	const struct cpk_file *f;
	int fd, bad;

	bad = cpk_open(&r, file, err);
	if (bad)
		return bad;
	bad = cpk_package_from(p, cpk_reader_manifest(r));
	while (!bad && (bad = cpk_next(r, &f, err)) > 0)
		bad = 0;
	cpk_close(r);
	if (bad)
		return bad;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	bad = cpk_hash_fd(fd, p->hash, &p->bytes);
	close(fd);
	return bad;
}

/* Drops the package of the same name and version, so that a rebuilt one takes its place. */
static void
drop_same(struct cpk_index *x, const struct cpk_package *p)
{
	size_t i;

	for (i = 0; i + 1 < x->n; i++) {
		struct cpk_package *q = &x->v[i];

		if (strcmp(q->name, p->name) || strcmp(q->version, p->version) ||
		    strcmp(q->arch, p->arch))
			continue;
		cpk_package_clear(q);
		memmove(q, q + 1, (x->n - i - 1) * sizeof(*q));
		x->n--;
		return;
	}
}

int
store_add(struct store *s, const char *file, struct cpk_error *err)
{
	struct cpk_package *p = cpk_index_add(&s->index);
	char path[PATH], *slash;
	int r;

	if (!p)
		return cpk_fail(err, -ENOMEM, "out of memory");
	r = describe(p, file, err);
	if (r)
		return r;
	store_path(path, sizeof(path), s->dir, p->hash);
	slash = strrchr(path, '/');
	*slash = '\0';
	if (mkdir(path, 0755) && errno != EEXIST)
		return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	*slash = '/';
	r = copy_file(file, path, err);
	if (!r)
		drop_same(&s->index, p);
	return r;
}

static int
named(const struct store *s, const char *hex)
{
	uint8_t hash[CPK_HASH];
	char buf[CPK_HEX];
	size_t i;

	if (strlen(hex) < CPK_HEX - 1)
		return 0;
	memcpy(buf, hex, CPK_HEX - 1);
	buf[CPK_HEX - 1] = '\0';
	if (cpk_unhex(buf, hash))
		return 0;
	if (memcmp(hash, s->root.hash, CPK_HASH) == 0)
		return 1;
	for (i = 0; i < s->index.n; i++)
		if (memcmp(hash, s->index.v[i].hash, CPK_HASH) == 0)
			return 1;
	return 0;
}

/* Deletes the files of one folder that begin with prefix and name no hash in use. */
static int
prune_dir(const struct store *s, const char *dir, const char *prefix, struct cpk_error *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[PATH + 300];
	size_t n = strlen(prefix);

	if (!d)
		return cpk_fail(err, -errno, "%s: %s", dir, strerror(errno));
	while ((e = readdir(d))) {
		if (*e->d_name == '.' || strncmp(e->d_name, prefix, n) || named(s, e->d_name + n))
			continue;
		if (strcmp(e->d_name, "index.signed") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		unlink(path);
	}
	closedir(d);
	return 0;
}

int
store_prune(struct store *s, struct cpk_error *err)
{
	char dir[PATH];
	unsigned i;
	int r = prune_dir(s, s->dir, "index-", err);

	for (i = 0; !r && i < 256; i++) {
		snprintf(dir, sizeof(dir), "%s/pool/%02x", s->dir, i);
		if (access(dir, F_OK) == 0)
			r = prune_dir(s, dir, "", err);
	}
	return r;
}
