/* SPDX-License-Identifier: MIT */
/* Packages into the pool, and out of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

#define PATH 4096

static int
by_hash(const void *a, const void *b)
{
	return memcmp(*(uint8_t *const *)a, *(uint8_t *const *)b, CPK_HASH);
}

/* The hashes that an index names, sorted; free() it. */
static const uint8_t **
hashes_of(const struct cpk_index *x)
{
	const uint8_t **v = malloc((x->n + 1) * sizeof(*v));
	size_t i;

	for (i = 0; v && i < x->n; i++)
		v[i] = x->v[i].hash;
	if (v)
		qsort(v, x->n, sizeof(*v), by_hash);
	return v;
}

static int
among(const uint8_t **v, size_t n, const uint8_t *hash)
{
	return bsearch(&hash, v, n, sizeof(*v), by_hash) != NULL;
}

static int
hash_file(const char *file, uint8_t hash[CPK_HASH], uint64_t *bytes, struct cpk_error *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	r = cpk_hash_fd(fd, hash, bytes);
	close(fd);
	return r ? cpk_fail(err, r, "%s: %s", file, strerror(-r)) : 0;
}

/* Describes the package file in *p; all of it is verified. */
static int
describe(struct cpk_package *p, const char *file, struct cpk_error *err)
{
	struct cpk_reader *r;
	const struct cpk_file *f;
	int bad = cpk_open(&r, file, err);

	if (bad)
		return bad;
	bad = cpk_package_from(p, cpk_reader_manifest(r));
	while (!bad && (bad = cpk_next(r, &f, err)) > 0)
		bad = 0;
	cpk_close(r);
	return bad;
}

static int
copy_file(const char *from, const char *to, struct cpk_error *err)
{
	char *data, *slash, dir[PATH];
	size_t n;
	int r;

	if (access(to, F_OK) == 0)
		return 0;
	snprintf(dir, sizeof(dir), "%s", to);
	slash = strrchr(dir, '/');
	*slash = '\0';
	if (mkdir(dir, 0755) && errno != EEXIST)
		return cpk_fail(err, -errno, "%s: %s", dir, strerror(errno));
	r = read_file(from, CPK_MAX_PACKAGE, &data, &n, err);
	if (r)
		return r;
	r = write_file(to, data, n, err);
	free(data);
	return r;
}

/* The packages of before by their hash: a file known by it needs no second look. */
struct known {
	const uint8_t **v;
	size_t n;
};

/* Moves the package of this hash, if there is one, to *p. */
static int
known(const struct known *k, const uint8_t *hash, struct cpk_package *p)
{
	const uint8_t **at = bsearch(&hash, k->v, k->n, sizeof(*k->v), by_hash);
	struct cpk_package *q;

	if (!at)
		return 0;
	q = (struct cpk_package *)((char *)(uintptr_t)*at - offsetof(struct cpk_package, hash));
	if (!q->name)
		return 0;
	*p = *q;
	memset(q, 0, offsetof(struct cpk_package, hash));
	return 1;
}

static int
add_one(struct store *s, const struct known *old, struct cpk_index *new, const char *file,
		struct cpk_error *err)
{
	struct cpk_package *p = cpk_index_add(new);
	char path[PATH];
	uint8_t hash[CPK_HASH];
	uint64_t bytes;
	int r;

	if (!p)
		return cpk_fail(err, -ENOMEM, "out of memory");
	r = hash_file(file, hash, &bytes, err);
	if (r)
		return r;
	store_path(path, sizeof(path), s->dir, hash);
	if (access(path, F_OK) == 0 && known(old, hash, p))
		return 0;
	r = describe(p, file, err);
	if (r)
		return r;
	memcpy(p->hash, hash, CPK_HASH);
	p->bytes = bytes;
	r = copy_file(file, path, err);
	return r ? r : patches_make(s, p, err);
}

static int
same_package(const struct cpk_package *a, const struct cpk_package *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->version, b->version) == 0 &&
		strcmp(a->arch, b->arch) == 0;
}

/* Moves the packages of *old that no package of *new replaces over to *new. Both are sorted. */
static int
merge(struct cpk_index *new, struct cpk_index *old)
{
	struct cpk_package *p;
	size_t i, j = 0, n = new->n;
	int r;

	for (i = 0; i < old->n; i++) {
		if (!old->v[i].name)
			continue;
		while (j < n && (r = strcmp(new->v[j].name, old->v[i].name)) < 0)
			j++;
		for (r = 0; j + (size_t)r < n && !strcmp(new->v[j + (size_t)r].name, old->v[i].name); r++)
			if (same_package(&new->v[j + (size_t)r], &old->v[i]))
				break;
		if (j + (size_t)r < n && same_package(&new->v[j + (size_t)r], &old->v[i]))
			continue;
		p = cpk_index_add(new);
		if (!p)
			return -ENOMEM;
		*p = old->v[i];
		memset(&old->v[i], 0, sizeof(old->v[i]));
	}
	return 0;
}

int
store_add(struct store *s, char **files, int keep, struct cpk_error *err)
{
	struct cpk_index new = { 0 };
	struct known old = { hashes_of(&s->index), s->index.n };
	int r = old.v ? 0 : cpk_fail(err, -ENOMEM, "out of memory");

	for (; !r && *files; files++)
		r = add_one(s, &old, &new, *files, err);
	free(old.v);
	if (!r) {
		cpk_index_sort(&new);
		r = keep ? merge(&new, &s->index) : 0;
	}
	cpk_index_free(&s->index);
	s->index = new;
	return r;
}

/* What pruning needs to know. */
struct prune {
	struct store *s;
	const struct meta *m;
	const uint8_t **now, **before;	/* hashes named by the new index, and by the old one */
	size_t nnow, nbefore;
};

/* A file that nobody names: gone after the days of grace, which begin with the update that drops it. */
static void
retire(const struct prune *p, const char *path, int dropped)
{
	struct stat st;

	if (lstat(path, &st))
		return;
	if (dropped && p->s->grace)
		utimensat(AT_FDCWD, path, NULL, 0);
	else if (p->s->grace == 0 || st.st_mtime < p->m->now - p->s->grace * 86400)
		unlink(path);
}

static void
prune_pool(const struct prune *p, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[PATH + 300], hex[CPK_HEX];
	uint8_t hash[CPK_HASH];

	while (d && (e = readdir(d))) {
		int patch = strlen(e->d_name) == CPK_HEX - 1 + 4 &&
			strcmp(e->d_name + CPK_HEX - 1, ".cpd") == 0;

		if (strlen(e->d_name) != CPK_HEX - 1 + 4)
			continue;
		memcpy(hex, e->d_name, CPK_HEX - 1);
		hex[CPK_HEX - 1] = '\0';
		if (cpk_unhex(hex, hash) || (patch ? patches_named(p->s, hash) : among(p->now, p->nnow, hash)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		retire(p, path, among(p->before, p->nbefore, hash));
	}
	if (d)
		closedir(d);
}

/* targets/ holds what the current targets name, and deltas: the chain that leads to them. */
static int
target_named(const struct prune *p, const char *file)
{
	const json_t *targets = json_object_get(json_object_get(p->s->targets, "signed"), "targets"), *t;
	char path[PATH];
	const char *name;

	json_object_foreach((json_t *)targets, name, t) {
		if (strchr(name, '/') || target_path(path, sizeof(path), "", t, name))
			continue;
		if (strcmp(strrchr(path, '/') + 1, file) == 0)
			return 1;
	}
	return 0;
}

/* Deltas are small, and a chain of them may be what a client needs: a year. */
static void
retire_delta(const struct prune *p, const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_mtime < p->m->now - 365 * 86400)
		unlink(path);
}

static int
is_list(const char *name, size_t n)
{
	return n > 64 && (strcmp(name + 64, ".index.zst") == 0 ||
		strcmp(name + 64, ".files.zst") == 0 || strcmp(name + 64, ".patches.zst") == 0);
}

static void
prune_targets(const struct prune *p)
{
	char dir[PATH], path[PATH + 300];
	struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/targets", p->s->dir);
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		size_t n = strlen(e->d_name);

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (n == 64 + 12 && strcmp(e->d_name + 64, ".index.delta") == 0)
			retire_delta(p, path);
		else if (is_list(e->d_name, n) && !target_named(p, e->d_name))
			retire(p, path, 0);
	}
	if (d)
		closedir(d);
}

/* Snapshots and targets of before; roots stay for ever: they are the chain of trust. */
static void
prune_metadata(const struct prune *p)
{
	char dir[PATH], path[PATH + 300], role[32];
	struct dirent *e;
	long long version;
	int end;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/metadata", p->s->dir);
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		end = 0;
		if (sscanf(e->d_name, "%lld.%31[a-z].json%n", &version, role, &end) != 2 || !end)
			continue;
		if (!(strcmp(role, "snapshot") == 0 && version < p->m->snapshot->version) &&
		    !(strcmp(role, "targets") == 0 && version < p->m->targets->version))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		retire(p, path, 0);
	}
	if (d)
		closedir(d);
}

int
store_prune(struct store *s, const struct meta *m, struct cpk_error *err)
{
	struct cpk_index old = { 0 };
	struct prune p = { .s = s, .m = m, .now = hashes_of(&s->index), .nnow = s->index.n };
	char dir[PATH];
	unsigned i;
	int r = s->text ? cpk_index_parse(&old, s->text, s->ntext, "the old index", err) : 0;

	p.before = hashes_of(&old);
	p.nbefore = old.n;
	if (!p.now || !p.before)
		r = cpk_fail(err, -ENOMEM, "out of memory");
	for (i = 0; !r && i < 256; i++) {
		snprintf(dir, sizeof(dir), "%s/pool/%02x", s->dir, i);
		prune_pool(&p, dir);
	}
	if (!r && m->targets) {
		prune_targets(&p);
		prune_metadata(&p);
	}
	free(p.now);
	free(p.before);
	cpk_index_free(&old);
	return r;
}
