/* SPDX-License-Identifier: MIT */
/*
 * Which package each installed path goes to: the recipe's own splits first, then
 * -dev and -doc by where it lies, the rest is the main package.  Host tools are
 * never split.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"

static const char *const dev_patterns[] = {
	"usr/include/*", "usr/lib/*.a", "usr/lib/*.o", "usr/lib/pkgconfig/*",
	"usr/share/pkgconfig/*", "usr/lib/cmake/*", "usr/share/cmake/*", "usr/share/aclocal/*",
	"usr/share/man/man2/*", "usr/share/man/man3/*", "usr/bin/*-config", NULL
};
static const char *const doc_patterns[] = {
	"usr/share/man/*", "usr/share/info/*", "usr/share/doc/*", "usr/share/gtk-doc/*", NULL
};

static int
matches_any(const char *const *patterns, const char *name)
{
	for (; *patterns; patterns++)
		if (fnmatch(*patterns, name, 0) == 0)
			return 1;
	return 0;
}

/* A pattern also takes everything below a folder that it names. */
static int
matches_split(const struct split *s, const char *name)
{
	size_t i, n;

	for (i = 0; i < s->files.n; i++) {
		const char *pattern = s->files.v[i];

		n = strlen(pattern);
		if (fnmatch(pattern, name, 0) == 0 ||
		    (strncmp(pattern, name, n) == 0 && name[n] == '/'))
			return 1;
	}
	return 0;
}

/* libx.so -> libx.so.1 serves linking only. */
static int
is_dev_link(const char *path, const char *name)
{
	struct stat st;

	return fnmatch("usr/lib/*.so", name, 0) == 0 && !strchr(name + 8, '/') &&
		lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

struct sorter {
	struct job *j;
	struct packages *ps;		/* [0] main, then splits, then -dev, -doc */
};

/* NAME-dev or NAME-doc: the recipe's own split of that name, or ours at `at`. */
static struct package *
automatic(struct sorter *s, size_t at)
{
	const struct recipe *r = s->j->r;
	size_t i;

	for (i = 0; i < r->nsplits; i++)
		if (strcmp(r->splits[i].name, s->ps->v[at].name) == 0)
			return &s->ps->v[1 + i];
	return &s->ps->v[at];
}

static struct package *
package_of(struct sorter *s, const char *path, const char *name)
{
	const struct recipe *r = s->j->r;
	size_t i;

	if (r->arch == ARCH_HOST)
		return &s->ps->v[0];
	for (i = 0; i < r->nsplits; i++)
		if (matches_split(&r->splits[i], name))
			return &s->ps->v[1 + i];
	if (matches_any(dev_patterns, name) || is_dev_link(path, name))
		return automatic(s, 1 + r->nsplits);
	if (matches_any(doc_patterns, name))
		return automatic(s, 2 + r->nsplits);
	return &s->ps->v[0];
}

static int
is_empty_dir(const char *path)
{
	struct list names = { 0 };
	int empty = list_dir(path, &names) == 0 && names.n == 0;

	cpk_list_free(&names);
	return empty;
}

static int
sort_path(const char *path, const char *name, void *arg)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode) || is_empty_dir(path))
		list_add(&package_of(arg, path, name)->paths, name);
	return 0;
}

static int
move_path(const char *root, const char *tree, const char *name)
{
	char *from = fmt("%s/%s", root, name), *to = fmt("%s/%s", tree, name);
	char *slash = strrchr(to, '/');
	int r = 0;

	*slash = '\0';
	make_dirs(to);
	*slash = '/';
	if (rename(from, to) < 0)
		r = -errno;
	free(from);
	free(to);
	return r;
}

static int
move_package(const char *root, struct package *p)
{
	size_t i;
	int r = make_dirs(p->tree);

	for (i = 0; r == 0 && i < p->paths.n; i++)
		r = move_path(root, p->tree, p->paths.v[i]);
	if (r < 0)
		warn_("%s: cannot move files: %s", p->name, strerror(-r));
	return r;
}

static void
init_package(struct job *j, struct package *p, char *name, const char *summary)
{
	p->name = name;
	p->summary = xdup(summary);
	p->tree = fmt("%s/store/out/%s", j->work, name);
}

static void
init_packages(struct job *j, struct packages *ps)
{
	const struct recipe *r = j->r;
	char *summary;
	size_t i;

	ps->n = 3 + r->nsplits;
	ps->v = xalloc(ps->n * sizeof(*ps->v));
	init_package(j, &ps->v[0], xdup(r->name), r->summary);
	for (i = 0; i < r->nsplits; i++)
		init_package(j, &ps->v[1 + i], xdup(r->splits[i].name),
				r->splits[i].summary ? r->splits[i].summary : r->summary);
	summary = fmt("%s (development files)", r->summary);
	init_package(j, &ps->v[1 + r->nsplits], fmt("%s-dev", r->name), summary);
	free(summary);
	summary = fmt("%s (documentation)", r->summary);
	init_package(j, &ps->v[2 + r->nsplits], fmt("%s-doc", r->name), summary);
	free(summary);
}

/* Drops -dev and -doc when nothing is in them; the recipe's own splits must not be empty. */
static int
drop_empty(struct job *j, struct packages *ps)
{
	size_t i, n = 1;
	int r = 0;

	for (i = 1; i < ps->n; i++) {
		if (ps->v[i].paths.n) {
			ps->v[n++] = ps->v[i];
		} else if (i <= j->r->nsplits) {
			warn_("%s: [split.%s] matches nothing that was installed", j->r->file,
					ps->v[i].name);
			r = -1;
		}
	}
	ps->n = n;
	if (n == 1 && !ps->v[0].paths.n) {
		warn_("%s: nothing was installed", j->r->file);
		r = -1;
	}
	return r;
}

int
split_packages(struct job *j, struct packages *ps)
{
	struct sorter s = { .j = j, .ps = ps };
	char *root = job_root(j);
	size_t i;
	int r;

	init_packages(j, ps);
	r = tree_walk(root, sort_path, &s);
	if (r == 0)
		r = drop_empty(j, ps);
	for (i = 0; r == 0 && i < ps->n; i++)
		r = move_package(root, &ps->v[i]);
	free(root);
	return r;
}
