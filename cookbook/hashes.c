/* SPDX-License-Identifier: MIT */
/*
 * Hashes of files and source trees.  A file's hash is remembered under its path,
 * size, modification and change time and inode, but only when the file had been at
 * rest for two seconds: a later write then always shows in one of the times.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cook.h"

#define BUCKETS 4096

struct known {
	struct known *next;
	char *path;
	uint64_t size, ino;
	int64_t mtime, ctime;		/* nanoseconds */
	char hex[CPK_HEX];
};

struct hashes {
	struct known *bucket[BUCKETS];
	int changed;
};

static unsigned
bucket_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h % BUCKETS;
}

static struct known *
find(struct hashes *h, const char *path)
{
	struct known *k = h->bucket[bucket_of(path)];

	while (k && strcmp(k->path, path) != 0)
		k = k->next;
	return k;
}

static struct known *
find_or_add(struct hashes *h, const char *path)
{
	struct known *k = find(h, path);
	unsigned b = bucket_of(path);

	if (k)
		return k;
	k = xalloc(sizeof(*k));
	k->path = xdup(path);
	k->next = h->bucket[b];
	h->bucket[b] = k;
	return k;
}

static void
load_line(struct hashes *h, char *line)
{
	struct known *k, v = { 0 };
	int at = 0;

	if (sscanf(line, "%64[0-9a-f] %" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNd64 " %n",
			v.hex, &v.size, &v.ino, &v.mtime, &v.ctime, &at) != 5 ||
	    at == 0 || strlen(v.hex) != CPK_HEX - 1)
		return;
	k = find_or_add(h, line + at);
	v.next = k->next;
	v.path = k->path;
	*k = v;
}

void
hashes_open(struct cook *c)
{
	char *path = cook_path(c, "hashes"), *text = read_file(path, NULL), *line, *save;

	c->hashes = xalloc(sizeof(*c->hashes));
	free(path);
	if (!text)
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		load_line(c->hashes, line);
	free(text);
}

void
hashes_save(struct cook *c)
{
	struct buf b = { 0 };
	struct known *k;
	char *path;
	size_t i;

	if (!c->hashes || !c->hashes->changed)
		return;
	for (i = 0; i < BUCKETS; i++)
		for (k = c->hashes->bucket[i]; k; k = k->next)
			buf_fmt(&b, "%s %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 " %s\n",
					k->hex, k->size, k->ino, k->mtime, k->ctime, k->path);
	path = cook_path(c, "hashes");
	write_file(path, b.s ? b.s : "", b.n, 0644);
	free(path);
	free(b.s);
	c->hashes->changed = 0;
}

static int64_t
nanoseconds(const struct timespec *ts)
{
	return (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec;
}

static int
same(const struct known *k, const struct stat *st)
{
	return k->size == (uint64_t)st->st_size && k->ino == st->st_ino &&
		k->mtime == nanoseconds(&st->st_mtim) && k->ctime == nanoseconds(&st->st_ctim);
}

static void
remember(struct hashes *h, const char *path, const struct stat *st, const char *hex)
{
	struct known *k;
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (nanoseconds(&t) - nanoseconds(&st->st_ctim) < 2000000000 || strchr(path, '\n'))
		return;
	k = find_or_add(h, path);
	k->size = (uint64_t)st->st_size;
	k->ino = st->st_ino;
	k->mtime = nanoseconds(&st->st_mtim);
	k->ctime = nanoseconds(&st->st_ctim);
	memcpy(k->hex, hex, CPK_HEX);
	h->changed = 1;
}

int
hash_file(struct cook *c, const char *path, char hex[CPK_HEX])
{
	uint8_t hash[CPK_HASH];
	struct known *k;
	struct stat st;
	int fd, r;

	k = find(c->hashes, path);
	if (k && stat(path, &st) == 0 && same(k, &st)) {
		memcpy(hex, k->hex, CPK_HEX);
		return 0;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) < 0 ? -errno : cpk_hash_fd(fd, hash, NULL);
	close(fd);
	if (r < 0)
		return r;
	cpk_hex(hash, hex);
	remember(c->hashes, path, &st, hex);
	return 0;
}

static int
is_folder(const char *dir, const char *name)
{
	char *path = fmt("%s/%s", dir, name);
	struct stat st;
	int yes = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return yes;
}

int
tree_skips(const char *dir, const char *name)
{
	size_t n = strlen(name);

	if (strcmp(name, ".git") == 0)
		return 1;
	if (strcmp(name, "build") == 0)
		return is_folder(dir, name);
	return strcmp(name, "port.toml") == 0 || name[n - 1] == '~' ||
		(n > 2 && strcmp(name + n - 2, ".o") == 0) ||
		(n > 4 && name[0] == '.' && strncmp(name + n - 4, ".sw", 3) == 0);
}

static int tree_lines(struct cook *c, const char *path, const char *name, struct buf *b);

static int
dir_lines(struct cook *c, const char *path, const char *name, struct buf *b)
{
	struct list names = { 0 };
	size_t i;
	int r = list_dir(path, &names);

	for (i = 0; r == 0 && i < names.n; i++) {
		char *sub, *subname;

		if (tree_skips(path, names.v[i]))
			continue;
		sub = fmt("%s/%s", path, names.v[i]);
		subname = fmt("%s/%s", name, names.v[i]);
		r = tree_lines(c, sub, subname, b);
		free(sub);
		free(subname);
	}
	cpk_list_free(&names);
	return r;
}

static int
tree_lines(struct cook *c, const char *path, const char *name, struct buf *b)
{
	char hex[CPK_HEX], target[4096];
	struct stat st;
	ssize_t n;
	int r;

	if (lstat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return dir_lines(c, path, name, b);
	if (S_ISLNK(st.st_mode)) {
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 0)
			return -errno;
		target[n] = '\0';
		buf_fmt(b, "l %s %s\n", name, target);
		return 0;
	}
	if (!S_ISREG(st.st_mode))
		return 0;
	r = hash_file(c, path, hex);
	buf_fmt(b, "%c %s %s\n", st.st_mode & 0100 ? 'x' : 'f', name, hex);
	return r;
}

int
hash_tree(struct cook *c, const char *path, char hex[CPK_HEX])
{
	uint8_t hash[CPK_HASH];
	struct buf b = { 0 };
	int r = tree_lines(c, path, "", &b);

	cpk_hash(b.s ? b.s : "", b.n, hash);
	cpk_hex(hash, hex);
	free(b.s);
	return r;
}
