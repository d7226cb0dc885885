/* SPDX-License-Identifier: MIT */
/* ftw, nftw: walk a tree, calling a function for each file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATHLEN	4096

/* The folders from the root of the walk to here: to see cycles. */
struct above {
	struct above *up;
	dev_t dev;
	ino_t ino;
};

struct walk {
	int (*fn)(const char *, const struct stat *, int, struct FTW *);
	int (*old)(const char *, const struct stat *, int);
	int flags;
	dev_t dev;			/* of the root, for FTW_MOUNT */
	char path[PATHLEN];
};

static int
call(struct walk *w, const struct stat *st, int type, struct FTW *f)
{
	if (w->old)
		return w->old(w->path, st, type == FTW_SLN ? FTW_NS : type);
	return w->fn(w->path, st, type, f);
}

static int visit(struct walk *w, size_t len, int level, struct above *up);

/* Every entry of the folder. With FTW_CHDIR the working directory is in it meanwhile. */
static int
entries(struct walk *w, size_t len, int level, struct above *up, DIR *d)
{
	struct dirent *e;
	int r = 0;

	while (!r && (e = readdir(d))) {
		size_t n = strlen(e->d_name), at = len;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (at && w->path[at - 1] != '/')
			w->path[at++] = '/';
		if (at + n >= PATHLEN) {
			errno = ENAMETOOLONG;
			r = -1;
			break;
		}
		memcpy(w->path + at, e->d_name, n + 1);
		if (w->flags & FTW_CHDIR && fchdir(dirfd(d)))
			r = -1;
		else
			r = visit(w, at + n, level + 1, up);
		w->path[len] = '\0';
		if (w->flags & FTW_ACTIONRETVAL && r == FTW_SKIP_SIBLINGS) {
			r = 0;
			break;
		}
		if (w->flags & FTW_ACTIONRETVAL && r == FTW_SKIP_SUBTREE)
			r = 0;
	}
	return r;
}

static int
classify(struct walk *w, const char *name, struct stat *st)
{
	int follow = !(w->flags & FTW_PHYS);

	if ((follow ? stat(name, st) : lstat(name, st)) == 0) {
		if (S_ISDIR(st->st_mode))
			return FTW_D;
		return S_ISLNK(st->st_mode) ? FTW_SL : FTW_F;
	}
	if (follow && lstat(name, st) == 0 && S_ISLNK(st->st_mode))
		return FTW_SLN;
	memset(st, 0, sizeof(*st));
	return FTW_NS;
}

static int
folder(struct walk *w, size_t len, int level, struct above *up, const char *name,
		const struct stat *st, struct FTW *f)
{
	struct above here = { up, st->st_dev, st->st_ino }, *a;
	DIR *d;
	int r = 0;

	for (a = up; a; a = a->up)
		if (a->dev == st->st_dev && a->ino == st->st_ino)
			return 0;
	d = opendir(name);
	if (!d)
		return call(w, st, FTW_DNR, f);
	if (!(w->flags & FTW_DEPTH))
		r = call(w, st, FTW_D, f);
	if (!r && !(w->flags & FTW_MOUNT && st->st_dev != w->dev))
		r = entries(w, len, level, &here, d);
	closedir(d);
	if (r == 0 && w->flags & FTW_DEPTH)
		r = call(w, st, FTW_DP, f);
	return r;
}

static int
visit(struct walk *w, size_t len, int level, struct above *up)
{
	const char *slash = strrchr(w->path, '/');
	struct FTW f = { slash && slash[1] ? (int)(slash + 1 - w->path) : 0, level };
	const char *name = w->flags & FTW_CHDIR && level ? w->path + f.base : w->path;
	struct stat st;
	int type = classify(w, name, &st), fd = -1, r;

	if (!level)
		w->dev = st.st_dev;
	if (type != FTW_D)
		return call(w, &st, type, &f);
	if (w->flags & FTW_CHDIR && (fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -1;
	r = folder(w, len, level, up, name, &st, &f);
	if (fd >= 0) {
		if (fchdir(fd) && !r)
			r = -1;
		close(fd);
	}
	return r;
}

static int
start(struct walk *w, const char *path)
{
	size_t n = strlen(path);
	int r;

	if (n >= PATHLEN) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!n || access(path, F_OK)) {
		struct stat st;

		if (!n || lstat(path, &st)) {
			if (!n)
				errno = ENOENT;
			return -1;
		}
	}
	memcpy(w->path, path, n + 1);
	while (n > 1 && w->path[n - 1] == '/')
		w->path[--n] = '\0';
	r = visit(w, n, 0, NULL);
	if (w->flags & FTW_ACTIONRETVAL && (r == FTW_SKIP_SUBTREE || r == FTW_SKIP_SIBLINGS))
		r = 0;
	return r;
}

int
nftw(const char *path, int (*fn)(const char *, const struct stat *, int, struct FTW *), int fds,
		int flags)
{
	struct walk *w = calloc(1, sizeof(*w));
	int r, saved;

	(void)fds;
	if (!w)
		return -1;
	w->fn = fn;
	w->flags = flags;
	r = start(w, path);
	saved = errno;
	free(w);
	errno = saved;
	return r;
}

int
ftw(const char *path, int (*fn)(const char *, const struct stat *, int), int fds)
{
	struct walk *w = calloc(1, sizeof(*w));
	int r, saved;

	(void)fds;
	if (!w)
		return -1;
	w->old = fn;
	r = start(w, path);
	saved = errno;
	free(w);
	errno = saved;
	return r;
}
