/* SPDX-License-Identifier: MIT */
/*
 * What a search reads instead of the index: repos/NAME/names-HASH, HASH being that of the index's
 * text. "calx-names 1 SUM\n", then a line "NAME\tVERSION\tSUMMARY\n" for each package; SUM is the
 * BLAKE2b-256 of the lines. Written with the index; where it is missing or damaged the index itself
 * says the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"
#include "repos.h"

#define HEAD		"calx-names 1 "
#define HEAD_BYTES	(sizeof(HEAD) - 1 + 2 * CPK_HASH + 1)

static void
names_path(const struct repo *repo, const struct repo_state *s, char buf[CPK_MAX_PATH + 1])
{
	char hex[CPK_HEX], name[CPK_HEX + 16];

	cpk_hex(s->hash, hex);
	snprintf(name, sizeof(name), "names-%s", hex);
	repo_path(repo, name, buf);
}

/* The lines, behind room for the head. */
static int
print(const struct cpk_index *x, struct cpk_buf *b)
{
	char room[HEAD_BYTES];
	size_t i;

	memset(room, ' ', sizeof(room));
	cpk_buf_add(b, room, sizeof(room));
	for (i = 0; i < x->n; i++) {
		cpk_buf_str(b, x->v[i].name);
		cpk_buf_str(b, "\t");
		cpk_buf_str(b, x->v[i].version);
		cpk_buf_str(b, "\t");
		cpk_buf_str(b, x->v[i].summary ? x->v[i].summary : "");
		cpk_buf_str(b, "\n");
	}
	return b->bad ? fail(ST_FAIL, "out of memory") : 0;
}

static void
head_of(const char *lines, size_t n, char head[HEAD_BYTES + 1])
{
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];

	cpk_hash(lines, n, hash);
	cpk_hex(hash, hex);
	snprintf(head, HEAD_BYTES + 1, HEAD "%s\n", hex);
}

int
names_write(struct pkg *k, const struct repo *repo, const struct repo_state *s,
		const struct cpk_index *x)
{
	char path[CPK_MAX_PATH + 1], head[HEAD_BYTES + 1];
	struct cpk_buf b = { 0 };
	int r = print(x, &b);

	if (!r) {
		head_of(b.s + HEAD_BYTES, b.n - HEAD_BYTES, head);
		memcpy(b.s, head, HEAD_BYTES);
		names_path(repo, s, path);
		r = spill(k->rootfd, path, b.s, b.n);
		r = r ? fail(ST_IO, "/%s: %s", path, strerror(-r)) : 0;
	}
	free(b.s);
	return r;
}

void
names_drop(struct pkg *k, const struct repo *repo, const struct repo_state *s)
{
	char path[CPK_MAX_PATH + 1];

	names_path(repo, s, path);
	unlinkat(k->rootfd, path, 0);
}

/* Maps the file; -ENOENT when there is none that is whole. */
static int
map(struct pkg *k, const struct repo *repo, struct names *out)
{
	char path[CPK_MAX_PATH + 1], head[HEAD_BYTES + 1];
	struct stat st;
	int fd, r = -ENOENT;

	names_path(repo, &repo->now, path);
	fd = openat(k->rootfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -ENOENT;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size >= HEAD_BYTES) {
		out->n = (size_t)st.st_size;
		out->map = mmap(NULL, out->n, PROT_READ, MAP_PRIVATE, fd, 0);
		r = out->map == MAP_FAILED ? -ENOENT : 0;
	}
	close(fd);
	if (r)
		return r;
	out->text = out->map + HEAD_BYTES;
	out->n -= HEAD_BYTES;
	head_of(out->text, out->n, head);
	if (memcmp(out->map, head, HEAD_BYTES) == 0 && (!out->n || out->text[out->n - 1] == '\n'))
		return 0;
	names_close(out);
	return -ENOENT;
}

int
names_open(struct pkg *k, struct repo *repo, struct names *out)
{
	struct cpk_buf b = { 0 };
	int r;

	memset(out, 0, sizeof(*out));
	if (map(k, repo, out) == 0)
		return 0;
	r = repo_load_index(k, repo);
	if (!r)
		r = print(&repo->index, &b);
	out->made = b.s;
	out->text = b.s + HEAD_BYTES;
	out->n = b.n - HEAD_BYTES;
	return r;
}

void
names_close(struct names *v)
{
	if (v->map)
		munmap(v->map, v->n + HEAD_BYTES);
	free(v->made);
	memset(v, 0, sizeof(*v));
}
