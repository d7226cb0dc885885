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

	if (n >= sizeof(part))
		return -ENAMETOOLONG;
	for (i = 1; i <= n; i++) {
		if (path[i] && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdirat(rootfd, part, mode) && errno != EEXIST)
			return -errno;
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
	const char *p = data;
	int fd, r = 0;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.new", path) >= sizeof(temp))
		return -ENAMETOOLONG;
	fd = openat(dirfd, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	while (!r && n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno != EINTR)
			r = -errno;
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
	if (!r && fsync(fd))
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	if (!r && renameat(dirfd, temp, dirfd, path))
		r = -errno;
	if (r)
		unlinkat(dirfd, temp, 0);
	return r;
}

/* Everything written below the root so far is durable when this returns 0. */
int
sync_all(int rootfd)
{
	return syncfs(rootfd) ? -errno : 0;
}

static int
remove_at(int dirfd, const char *name)
{
	struct dirent *e;
	int fd, r = 0;
	DIR *d;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
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
	if (!r && unlinkat(dirfd, name, AT_REMOVEDIR))
		r = -errno;
	return r;
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
