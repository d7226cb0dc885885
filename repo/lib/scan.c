/* SPDX-License-Identifier: MIT */
/* From a tree on disk to the file table of a manifest. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beyond.h"
#include "local.h"

struct scan {
	struct cpk_manifest *m;
	size_t cap;
	int root;			/* descriptor of the tree */
	struct cpk_error *err;
};

static int
fail(struct scan *s, const char *path, int code)
{
	return cpk_fail(s->err, code, "%s: %s", path, strerror(-code));
}

/* Turns the absolute target in `to` into one relative to path's folder. */
static int
make_relative(const char *path, char *to, size_t size)
{
	struct cpk_buf b = { 0 };
	const char *p;
	int r = -ENAMETOOLONG;

	for (p = path; *p; p++)
		if (*p == '/')
			cpk_buf_str(&b, "../");
	p = to + strspn(to, "/");
	cpk_buf_str(&b, *p ? p : ".");
	if (!b.bad && b.n < size) {
		memcpy(to, b.s, b.n + 1);
		r = 0;
	}
	free(b.s);
	return r;
}

static int
scan_link(struct scan *s, struct cpk_file *f)
{
	char to[CPK_MAX_PATH + 2];
	ssize_t n = readlinkat(s->root, f->path, to, sizeof(to) - 1);
	const char *why;

	if (n < 0)
		return fail(s, f->path, -errno);
	to[n] = '\0';
	if (to[0] == '/' && make_relative(f->path, to, sizeof(to)) < 0)
		return fail(s, f->path, -ENAMETOOLONG);
	why = cpk_link_refused(f->path, to);
	if (why)
		return cpk_fail(s->err, -EINVAL, "%s: %s", f->path, why);
	f->mode = 0777;
	f->link = strdup(to);
	return f->link ? 0 : fail(s, f->path, -ENOMEM);
}

static int
scan_content(struct scan *s, struct cpk_file *f)
{
	int fd = openat(s->root, f->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;

	if (fd < 0)
		return fail(s, f->path, -errno);
	r = cpk_hash_fd(fd, f->hash, &f->size);
	close(fd);
	if (r < 0)
		return fail(s, f->path, r);
	s->m->size += f->size;
	return 0;
}

static int
scan_one(struct scan *s, const char *path)
{
	struct stat st;
	struct cpk_file *f;
	const char *why = cpk_path_refused(path);

	if (why)
		return cpk_fail(s->err, -EINVAL, "%s: %s", path, why);
	if (fstatat(s->root, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(s, path, -errno);
	f = s->m->nfiles < CPK_MAX_FILES ? cpk_files_grow(s->m, &s->cap) : NULL;
	if (!f)
		return fail(s, path, -ENOMEM);
	f->path = strdup(path);
	f->owner = strdup("root");
	f->group = strdup("root");
	f->mode = st.st_mode & 07777;
	if (!f->path || !f->owner || !f->group)
		return fail(s, path, -ENOMEM);
	f->type = S_ISDIR(st.st_mode) ? 'd' : S_ISLNK(st.st_mode) ? 'l' : 'f';
	if (S_ISREG(st.st_mode))
		return scan_content(s, f);
	if (S_ISLNK(st.st_mode))
		return scan_link(s, f);
	return S_ISDIR(st.st_mode) ? 0 :
		cpk_fail(s->err, -EINVAL, "%s: neither file, directory nor link", path);
}

static int
scan_tree(struct scan *s, const char *dir)
{
	int fd = openat(s->root, *dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	char path[CPK_MAX_PATH + CPK_MAX_COMP + 3];

	if (!d)
		return fail(s, dir, -errno);
	while (r == 0 && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", e->d_name);
		r = scan_one(s, path);
		if (r == 0 && s->m->files[s->m->nfiles - 1].type == 'd')
			r = scan_tree(s, path);
	}
	closedir(d);
	return r;
}

static int
add_parents(struct cpk_list *all, const char *path)
{
	char dir[CPK_MAX_PATH + 1];
	const char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		size_t n = (size_t)(slash - path);

		if (n > CPK_MAX_PATH)
			return -ENAMETOOLONG;
		memcpy(dir, path, n);
		dir[n] = '\0';
		if (cpk_list_add(all, dir) < 0)
			return -ENOMEM;
	}
	return cpk_list_add(all, path);
}

static int
scan_paths(struct scan *s, const struct cpk_list *paths)
{
	struct cpk_list all = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < paths->n; i++)
		r = add_parents(&all, paths->v[i]);
	if (r < 0)
		fail(s, paths->v[i - 1], r);
	cpk_list_sort(&all);
	for (i = 0; r == 0 && i < all.n; i++)
		r = scan_one(s, all.v[i]);
	cpk_list_free(&all);
	return r;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct cpk_file *)a)->path, ((const struct cpk_file *)b)->path);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct cpk_attr *)a)->name, ((const struct cpk_attr *)b)->name);
}

static int
scan_attr(struct scan *s, int fd, struct cpk_file *f, const char *name)
{
	struct cpk_attr *v = realloc(f->attrs, (f->nattrs + 1) * sizeof(*v));
	uint8_t buf[CPK_MAX_VALUE + 1];
	ssize_t n = cpk_attr_get(fd, name, buf, sizeof(buf));

	if (!v)
		return fail(s, f->path, -ENOMEM);
	f->attrs = v;
	if (n < 0 || n > CPK_MAX_VALUE)
		return fail(s, f->path, n < 0 ? -errno : -E2BIG);
	v = &v[f->nattrs++];
	v->name = strdup(name);
	v->value = malloc((size_t)n + 1);
	v->len = (size_t)n;
	if (!v->name || !v->value)
		return fail(s, f->path, -ENOMEM);
	memcpy(v->value, buf, (size_t)n);
	return 0;
}

static int
scan_attrs(struct scan *s, struct cpk_file *f)
{
	char names[4096], *name;
	int fd = openat(s->root, f->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	ssize_t n = fd < 0 ? 0 : cpk_attr_list(fd, names, sizeof(names));

	for (name = names; !r && n > 0 && name < names + n; name += strlen(name) + 1)
		if (f->nattrs < CPK_MAX_ATTRS)
			r = scan_attr(s, fd, f, name);
	if (fd >= 0)
		close(fd);
	if (f->nattrs)
		qsort(f->attrs, f->nattrs, sizeof(*f->attrs), by_name);
	return r;
}

/* The first row that is the same file as row i, or i. */
static size_t
first_of(struct scan *s, size_t i, const struct stat *st)
{
	struct stat other;
	size_t j;

	for (j = 0; j < i; j++)
		if (s->m->files[j].type == 'f' &&
		    fstatat(s->root, s->m->files[j].path, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
		    other.st_dev == st->st_dev && other.st_ino == st->st_ino)
			return j;
	return i;
}

/* Second names of a file become hard links to its first; attributes are read. */
static int
scan_details(struct scan *s)
{
	struct stat st;
	size_t i, j;
	int r = 0;

	for (i = 0; !r && i < s->m->nfiles; i++) {
		struct cpk_file *f = &s->m->files[i];

		if (f->type == 'f' && fstatat(s->root, f->path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_nlink > 1 && (j = first_of(s, i, &st)) != i) {
			s->m->size -= f->size;
			f->type = 'h';
			f->size = 0;
			memset(f->hash, 0, CPK_HASH);
			f->link = strdup(s->m->files[j].path);
			r = f->link ? 0 : fail(s, f->path, -ENOMEM);
		} else if (f->type == 'f' || f->type == 'd') {
			r = scan_attrs(s, f);
		}
	}
	return r;
}

static int
check_table(struct scan *s)
{
	const char *why;
	size_t bad;

	why = cpk_table_refused(s->m, &bad);
	if (!why)
		return 0;
	return cpk_fail(s->err, -EINVAL, "%s: %s",
			s->m->nfiles ? s->m->files[bad].path : "file table", why);
}

static int
scan(struct cpk_manifest *m, const char *dir, const struct cpk_list *paths, int exact,
		struct cpk_error *err)
{
	struct scan s = { .m = m, .err = err };
	size_t i;
	int r;

	for (i = 0; i < m->nfiles; i++)
		cpk_file_clear(&m->files[i]);
	free(m->files);
	m->files = NULL;
	m->nfiles = 0;
	m->size = 0;
	s.root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s.root < 0)
		return fail(&s, dir, -errno);
	r = paths ? scan_paths(&s, paths) : scan_tree(&s, "");
	if (r == 0 && m->nfiles)
		qsort(m->files, m->nfiles, sizeof(*m->files), by_path);
	if (r == 0 && exact)
		r = scan_details(&s);
	close(s.root);
	return r < 0 ? r : check_table(&s);
}

int
cpk_scan(struct cpk_manifest *m, const char *dir, const struct cpk_list *paths,
		struct cpk_error *err)
{
	return scan(m, dir, paths, 0, err);
}

int
cpk_scan_exact(struct cpk_manifest *m, const char *dir, struct cpk_error *err)
{
	return scan(m, dir, NULL, 1, err);
}
