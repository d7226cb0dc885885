/* SPDX-License-Identifier: MIT */
/* Files below the root. Links in parents are never followed, so nothing outside is reached. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsops.h"
#include "pkg.h"

/*
 * Opens the folder that holds path, refusing links on the way: fd, or -errno. *base is the last
 * component.
 */
int
open_parent(int rootfd, const char *path, const char **base)
{
	char name[CPK_MAX_COMP + 1];
	int fd = openat(rootfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *slash;

	while (fd >= 0 && (slash = strchr(path, '/'))) {
		size_t n = (size_t)(slash - path);
		int next;

		if (n == 0 || n > CPK_MAX_COMP) {
			close(fd);
			return -EINVAL;
		}
		memcpy(name, path, n);
		name[n] = '\0';
		next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			next = -errno;
		close(fd);
		if (next < 0)
			return next;
		fd = next;
		path = slash + 1;
	}
	*base = path;
	return fd < 0 ? -errno : fd;
}

/* Makes path and all its parents; those that exist are left as they are. */
int
make_dirs(int rootfd, const char *path, unsigned mode)
{
	char part[CPK_MAX_PATH + 1];
	size_t i, n = strlen(path);
	int r;

	if (n >= sizeof(part))
		return -ENAMETOOLONG;
	for (i = 1; i <= n; i++) {
		if (path[i] && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		r = fs->mkdir(rootfd, part, mode);
		if (r && r != -EEXIST)
			return r;
	}
	return 0;
}

int
slurp(int dirfd, const char *path, size_t max, char **data, size_t *n)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC), r = 0;
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		close(fd);
		return -errno;
	}
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > max) {
		close(fd);
		return -EFBIG;
	}
	*data = malloc((size_t)st.st_size + 1);
	*n = 0;
	while (*data && *n < (size_t)st.st_size) {
		got = read(fd, *data + *n, (size_t)st.st_size - *n);
		if (got <= 0) {
			r = got ? -errno : 0;
			break;
		}
		*n += (size_t)got;
	}
	close(fd);
	if (!*data)
		return -ENOMEM;
	(*data)[*n] = '\0';
	if (r)
		free(*data);
	return r;
}

/* Replaces a file atomically and durably. */
int
spill(int dirfd, const char *path, const void *data, size_t n)
{
	char temp[CPK_MAX_PATH + 8];
	int fd, r;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.new", path) >= sizeof(temp))
		return -ENAMETOOLONG;
	fd = fs->open(dirfd, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return fd;
	r = write_all(fd, data, n);
	if (!r)
		r = fs->fsync(fd);
	if (close(fd) && !r)
		r = -errno;
	if (!r)
		r = fs->rename(dirfd, temp, dirfd, path);
	if (r)
		fs->unlink(dirfd, temp, 0);
	return r;
}

/* Everything written below the root so far is durable when this returns 0. */
int
sync_all(int rootfd)
{
	return fs->syncfs(rootfd);
}

static int
remove_at(int dirfd, const char *name)
{
	struct dirent *e;
	int fd, r;
	DIR *d;

	r = fs->unlink(dirfd, name, 0);
	if (r == 0 || r == -ENOENT)
		return 0;
	r = 0;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return -ENOMEM;
	}
	while (!r && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			r = remove_at(fd, e->d_name);
	closedir(d);
	return r ? r : fs->unlink(dirfd, name, AT_REMOVEDIR);
}

int
remove_tree(int rootfd, const char *path)
{
	const char *base;
	int fd = open_parent(rootfd, path, &base), r;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	r = remove_at(fd, base);
	close(fd);
	return r;
}

void
walk_begin(struct walk *w, int rootfd)
{
	memset(w, 0, sizeof(*w));
	w->rootfd = rootfd;
	w->fd = -1;
}

void
walk_reset(struct walk *w)
{
	while (w->depth)
		close(w->fds[--w->depth]);
	w->fd = -1;
	w->path[0] = w->missing[0] = '\0';
}

void
walk_end(struct walk *w)
{
	walk_reset(w);
}

/* Leaves folders until the one at depth is an ancestor of path's first n bytes. */
static void
climb(struct walk *w, const char *path, size_t n)
{
	while (w->depth) {
		size_t len = w->len[w->depth - 1];

		if (len <= n && memcmp(w->path, path, len) == 0 && (len == n || path[len] == '/'))
			return;
		close(w->fds[--w->depth]);
	}
}

static int
descend(struct walk *w, const char *path, size_t n)
{
	char name[CPK_MAX_COMP + 1];
	size_t from = w->depth ? w->len[w->depth - 1] + 1 : 0;

	while (from < n) {
		size_t len = strcspn(path + from, "/");
		int dir = w->depth ? w->fds[w->depth - 1] : w->rootfd, fd;

		if (len == 0 || len > CPK_MAX_COMP)
			return -EINVAL;
		if (w->depth == WALK_DEPTH)
			return -ENAMETOOLONG;
		memcpy(name, path + from, len);
		name[len] = '\0';
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT) {
			memcpy(w->missing, path, from + len);
			w->missing[from + len] = '\0';
		}
		if (fd < 0)
			return -errno;
		memcpy(w->path, path, from + len);
		w->fds[w->depth] = fd;
		w->len[w->depth++] = from + len;
		from += len + 1;
	}
	return 0;
}

/* The missing folder that was met last is on the way to path: nobody has made it since. */
static bool
known_missing(const struct walk *w, const char *path)
{
	size_t n = strlen(w->missing);

	return w->keep_missing && n && strncmp(path, w->missing, n) == 0 && path[n] == '/';
}

int
walk_to(struct walk *w, const char *path, const char **base)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	int r;

	*base = slash ? slash + 1 : path;
	if (known_missing(w, path))
		return -ENOENT;
	climb(w, path, n);
	r = descend(w, path, n);
	w->fd = r ? -1 : w->depth ? w->fds[w->depth - 1] : w->rootfd;
	return r;
}
