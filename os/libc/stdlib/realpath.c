/* SPDX-License-Identifier: MIT */
/* realpath, canonicalize_file_name. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "plat.h"

/* out holds the part that is resolved (no trailing slash, "" is the root), rest what is not yet. */
struct walk {
	char out[PATH_MAX], rest[PATH_MAX];
	size_t len;
	int links;
};

/* Puts the target of a link before what is left, which is empty or begins with a slash; -errno. */
static int follow(struct walk *w, const char *left)
{
	char target[PATH_MAX];
	size_t n = strlen(left);
	if (++w->links > SYMLOOP_MAX)
		return -ELOOP;
	long t = plat_readlinkat(AT_FDCWD, w->out, target, sizeof(target));
	if (t < 0)
		return t;
	if (!t)
		return -ENOENT;
	if (t + n >= sizeof(w->rest))
		return -ENAMETOOLONG;
	memmove(w->rest + t, left, n + 1);
	memcpy(w->rest, target, t);
	return t;
}

static void up(struct walk *w)
{
	while (w->len && w->out[--w->len] != '/')
		;
}

/* One component; *p moves behind it. */
static int step(struct walk *w, char **p)
{
	char *s = *p + strspn(*p, "/");
	size_t n = strcspn(s, "/"), old = w->len;
	struct stat st;
	int r;
	*p = s + n;
	if (!n || (n == 1 && *s == '.'))
		return 0;
	if (n == 2 && s[0] == '.' && s[1] == '.') {
		up(w);
		return 0;
	}
	if (w->len + n + 2 > sizeof(w->out))
		return -ENAMETOOLONG;
	w->out[w->len++] = '/';
	memcpy(w->out + w->len, s, n);
	w->len += n;
	w->out[w->len] = 0;
	r = plat_fstatat(AT_FDCWD, w->out, &st, AT_SYMLINK_NOFOLLOW);
	if (r < 0)
		return r;
	if (S_ISLNK(st.st_mode)) {
		r = follow(w, *p);
		if (r < 0)
			return r;
		w->len = w->rest[0] == '/' ? 0 : old;
		*p = w->rest;
		return 0;
	}
	/* A slash after it asks for a directory. */
	return **p && !S_ISDIR(st.st_mode) ? -ENOTDIR : 0;
}

static int resolve(struct walk *w, const char *path)
{
	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	strcpy(w->rest, path);
	if (*path != '/') {
		if (!getcwd(w->out, sizeof(w->out)))
			return -errno;
		w->len = strlen(w->out);
		if (w->len == 1)
			w->len = 0;
	}
	for (char *p = w->rest; *p; ) {
		int r = step(w, &p);
		if (r < 0)
			return r;
	}
	if (!w->len)
		w->out[w->len++] = '/';
	w->out[w->len] = 0;
	return 0;
}

char *realpath(const char *restrict path, char *restrict buf)
{
	struct walk w = { .len = 0 };
	int r = path ? resolve(&w, path) : -EINVAL;
	if (r < 0) {
		errno = -r;
		return NULL;
	}
	return buf ? strcpy(buf, w.out) : strdup(w.out);
}

char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}
