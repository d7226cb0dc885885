/* SPDX-License-Identifier: MIT */
/* Laying out the sources of a recipe in a folder, as port.toml(5) says under `source`. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cook.h"

/* What is laid out where: dir is the source folder. */
struct layout {
	const struct cook *c;
	const struct recipe *r;
	const char *dir;
};

static int
copy_tree_dir(const char *from, const char *to)
{
	struct list names = { 0 };
	size_t i;
	int r = list_dir(from, &names);

	make_dirs(to);
	for (i = 0; r == 0 && i < names.n; i++) {
		char *a, *b;

		if (tree_skips(from, names.v[i]))
			continue;
		a = fmt("%s/%s", from, names.v[i]);
		b = fmt("%s/%s", to, names.v[i]);
		r = layout_copy(a, b);
		free(a);
		free(b);
	}
	cpk_list_free(&names);
	return r;
}

int
layout_copy(const char *from, const char *to)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (lstat(from, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return copy_tree_dir(from, to);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, st.st_mode & 0100 ? 0755 : 0644);
	if (!S_ISLNK(st.st_mode))
		return 0;
	n = readlink(from, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	return symlink(target, to) < 0 ? -errno : 0;
}

/* tree:os/libc becomes src/os/libc. */
static int
copy_tree_source(const struct layout *l, const char *path)
{
	char *from = fmt("%s/%s", l->c->root, path), *to = fmt("%s/%s", l->dir, path);
	char *slash = strrchr(to, '/');
	int r;

	*slash = '\0';
	make_dirs(to);
	*slash = '/';
	r = layout_copy(from, to);
	if (r < 0)
		warn_("%s: %s", from, strerror(-r));
	free(from);
	free(to);
	return r;
}

/* The archive inside the first source is what counts. */
static int
unpack_inner(const struct layout *l, const char *archive, const char *to)
{
	char *outer = fmt("%s.outer", l->dir), *name = recipe_fill(l->r, l->r->inner), *inner;
	int r = unpack(archive, outer, (int)l->r->strip, NULL);

	inner = fmt("%s/%s", outer, name);
	if (r == 0 && !exists(inner)) {
		warn_("%s: inner: no %s in %s", l->r->file, name, l->r->source.v[0]);
		r = -1;
	}
	if (r == 0)
		r = unpack(inner, to, 1, &l->r->omit);
	remove_tree(outer);
	free(inner);
	free(name);
	free(outer);
	return r;
}

static int
unpack_source(const struct layout *l, size_t i, int nth)
{
	char *archive = source_get(l->c, l->r, i), *to;
	int r;

	if (!archive)
		return -1;
	to = nth ? fmt("%s/.sources/%d", l->dir, nth) : xdup(l->dir);
	make_dirs(to);
	if (nth == 0 && l->r->inner)
		r = unpack_inner(l, archive, to);
	else
		r = unpack(archive, to, (int)l->r->strip, &l->r->omit);
	free(to);
	free(archive);
	return r;
}

int
layout_sources(const struct cook *c, const struct recipe *r, const char *dir)
{
	struct layout l = { c, r, dir };
	int nth = 0, bad = 0;
	size_t i;

	for (i = 0; bad == 0 && i < r->source.n; i++)
		if (strncmp(r->source.v[i], "tree:", 5) != 0)
			bad = unpack_source(&l, i, nth++);
	for (i = 0; bad == 0 && i < r->source.n; i++)
		if (strncmp(r->source.v[i], "tree:", 5) == 0)
			bad = copy_tree_source(&l, r->source.v[i] + 5);
	return bad;
}
