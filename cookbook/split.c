/* SPDX-License-Identifier: MIT */
/*
 * Which package each installed path goes to: the recipe's own splits first, then
 * -static, -dev, -doc and -dbg by where it lies, the rest is the main package.  Host tools
 * are never split.
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

/* An archive beside a shared library of the same name; one alone is for -dev. */
static int
is_second_archive(const char *path, const char *name)
{
	size_t n = strlen(path);
	struct stat st;
	char *so;
	int r;

	if (fnmatch("usr/lib/*.a", name, 0) != 0)
		return 0;
	so = fmt("%.*sso", (int)n - 1, path);
	r = lstat(so, &st) == 0;
	free(so);
	return r;
}

/* The packages that cook makes by itself, in their order after the recipe's splits. */
enum automatic { AUTO_DEV, AUTO_DOC, AUTO_STATIC, AUTO_DBG, AUTO_N };
const char *const split_suffix[] = { "dev", "doc", "static", "dbg", NULL };
static const char *const auto_summary[] = {
	"development files", "documentation", "archives for static programs", "debug information"
};

struct sorter {
	struct job *j;
	struct packages *ps;		/* [0] main, then splits, then the automatic ones */
};

/* The recipe's own split of that name, or ours. */
static struct package *
automatic(struct sorter *s, enum automatic which)
{
	const struct recipe *r = s->j->r;
	size_t i, at = 1 + r->nsplits + which;

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
	if (is_debug_file(name))
		return automatic(s, AUTO_DBG);
	for (i = 0; i < r->nsplits; i++)
		if (matches_split(&r->splits[i], name))
			return &s->ps->v[1 + i];
	if (is_second_archive(path, name))
		return automatic(s, AUTO_STATIC);
	if (matches_any(dev_patterns, name) || is_dev_link(path, name))
		return automatic(s, AUTO_DEV);
	if (matches_any(doc_patterns, name))
		return automatic(s, AUTO_DOC);
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

/* Gives the folders above name in tree the modes that they have in root. */
static void
copy_dir_modes(const char *root, const char *tree, const char *name)
{
	char *path = fmt("%s", name), *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *from, *to;
		struct stat st;

		*slash = '\0';
		from = fmt("%s/%s", root, path);
		to = fmt("%s/%s", tree, path);
		if (lstat(from, &st) == 0)
			chmod(to, st.st_mode & 07777);
		free(from);
		free(to);
		*slash = '/';
	}
	free(path);
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
	copy_dir_modes(root, tree, name);
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

	ps->n = 1 + r->nsplits + AUTO_N;
	ps->v = xalloc(ps->n * sizeof(*ps->v));
	init_package(j, &ps->v[0], xdup(r->name), r->summary);
	for (i = 0; i < r->nsplits; i++)
		init_package(j, &ps->v[1 + i], xdup(r->splits[i].name),
				r->splits[i].summary ? r->splits[i].summary : r->summary);
	for (i = 0; i < AUTO_N; i++) {
		summary = fmt("%s (%s)", r->summary, auto_summary[i]);
		init_package(j, &ps->v[1 + r->nsplits + i],
				fmt("%s-%s", r->name, split_suffix[i]), summary);
		free(summary);
	}
}

/* Drops automatic packages when nothing is in them; the recipe's own splits must not be empty. */
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
