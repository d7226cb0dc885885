/* SPDX-License-Identifier: MIT */
/*
 * search.c: where libraries are looked for: DT_RPATH of who needs it and of those that brought it in
 * (unless it has a DT_RUNPATH), LD_LIBRARY_PATH, DT_RUNPATH of who needs it, the system's folders.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include "../internal/plat.h"
#include "dso.h"

#define SYSTEM_PATH "/usr/lib:/lib:/usr/local/lib"

hidden const char *__ldso_library_path;

/* The program's own path, as the system says it; relative names are made absolute at the first use. */
static const char *program_path(void)
{
	static char path[PATH_MAX];
	const char *name;

	if (path[0])
		return path;
	name = (const char *)__auxv(__libc.auxv, AT_EXECFN);
	if (!name)
		name = __libc.argv[0] ? __libc.argv[0] : "";
	while (name[0] == '.' && name[1] == '/')
		name += 2;
	if (name[0] != '/' && plat_getcwd(path, sizeof(path)) > 0)
		strlcat(path, "/", sizeof(path));
	strlcat(path, name, sizeof(path));
	return path;
}

const char *__ldso_origin(const struct dso *d, char *buf, size_t len)
{
	const char *path = d->name[0] ? d->name : program_path();
	char *slash;

	buf[0] = 0;
	if (path[0] != '/' && plat_getcwd(buf, len) > 0)
		strlcat(buf, "/", len);
	if (strlcat(buf, path, len) >= len || !(slash = strrchr(buf, '/')))
		return 0;
	slash[slash == buf] = 0;
	return buf;
}

/* Length of a token at s that stands for the object's directory, or 0. */
static size_t origin_token(const char *s)
{
	return !strncmp(s, "$ORIGIN", 7) ? 7 : !strncmp(s, "${ORIGIN}", 9) ? 9 : 0;
}

static size_t lib_token(const char *s)
{
	return !strncmp(s, "$LIB", 4) ? 4 : !strncmp(s, "${LIB}", 6) ? 6 : 0;
}

/* Expands a directory of n bytes into out; -1 when that cannot be done. */
static int expand(const char *dir, size_t n, const struct dso *d, char *out)
{
	char origin[PATH_MAX];
	size_t at = 0, skip;
	const char *put;

	for (size_t i = 0; i < n; i += skip) {
		char one[2] = { dir[i], 0 };
		if ((skip = origin_token(dir + i)))
			/* Who could link a set-user-id program elsewhere would choose its libraries. */
			put = __libc.secure ? 0 : __ldso_origin(d, origin, sizeof(origin));
		else if ((skip = lib_token(dir + i)))
			put = "lib";
		else
			put = one, skip = 1;
		if (!put || at + strlen(put) >= PATH_MAX)
			return -1;
		strcpy(out + at, put);
		at += strlen(put);
	}
	out[at] = 0;
	return 0;
}

/* Calls fn for each directory of list until it returns something. */
static int each(const char *list, const struct dso *d, int (*fn)(char *dir, void *arg), void *arg)
{
	char dir[PATH_MAX];
	int r = 0;

	while (list && *list && !r) {
		size_t n = strcspn(list, ":;");
		if (!n)
			strcpy(dir, ".");
		if (!n || !expand(list, n, d, dir))
			r = fn(dir, arg);
		list += n;
		list += *list != 0;
	}
	return r;
}

/* All places in order. */
static int everywhere(struct dso *by, int (*fn)(char *dir, void *arg), void *arg)
{
	int r = 0;

	for (struct dso *d = by; d && !by->runpath && !r; d = d->needed_by)
		r = each(d->rpath, d, fn, arg);
	if (!r && !by->runpath && by != __dso_head)
		r = each(__dso_head->rpath, __dso_head, fn, arg);
	if (!r)
		r = each(__ldso_library_path, __dso_head, fn, arg);
	if (!r)
		r = each(by->runpath, by, fn, arg);
	if (!r && !(by->flags_1 & DF_1_NODEFLIB))
		r = each(SYSTEM_PATH, by, fn, arg);
	return r;
}

struct query {
	const char *name;
	char *path;
	int fd, err;
};

static int try_dir(char *dir, void *arg)
{
	struct query *q = arg;

	if (strlen(dir) + strlen(q->name) + 2 > PATH_MAX)
		return 0;
	strcpy(q->path, dir);
	__ldso_join(q->path, PATH_MAX, "/", q->name, 0, 0);
	q->fd = plat_openat(AT_FDCWD, q->path, O_RDONLY | O_CLOEXEC, 0);
	if (q->fd < 0 && q->fd != -ENOENT && q->fd != -ENOTDIR)
		q->err = q->fd;		/* more telling than that it is not elsewhere */
	return q->fd >= 0;
}

int __ldso_open(const char *name, struct dso *by, char *path)
{
	struct query q = { name, path, -ENOENT, -ENOENT };

	if (strchr(name, '/')) {
		if (expand(name, strlen(name), by, path))
			return -ENAMETOOLONG;
		return plat_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	}
	return everywhere(by, try_dir, &q) ? q.fd : q.err;
}

struct walk {
	void (*fn)(const char *dir, void *arg);
	void *arg;
};

static int walk_dir(char *dir, void *arg)
{
	struct walk *w = arg;

	w->fn(dir, w->arg);
	return 0;
}

void __ldso_each_dir(struct dso *by, void (*fn)(const char *dir, void *arg), void *arg)
{
	struct walk w = { fn, arg };

	everywhere(by, walk_dir, &w);
}
