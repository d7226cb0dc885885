/* SPDX-License-Identifier: MIT */
/* Files and trees. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/host.h"
#include "util.h"

int
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static char *
read_all(int fd, size_t *len)
{
	struct buf b = { 0 };
	char chunk[65536];
	ssize_t n;

	buf_add(&b, "", 0);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(b.s);
			return NULL;
		}
		buf_add(&b, chunk, (size_t)n);
	}
	if (len)
		*len = b.n;
	return b.s;
}

char *
read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *s;

	if (fd < 0)
		return NULL;
	s = read_all(fd, len);
	close(fd);
	return s;
}

static int
write_full(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno != EINTR)
			return -errno;
		if (w > 0) {
			s += w;
			n -= (size_t)w;
		}
	}
	return 0;
}

int
write_file(const char *path, const char *s, size_t n, mode_t mode)
{
	char *tmp = fmt("%s.XXXXXX", path);
	int fd = mkstemp(tmp), r;

	if (fd < 0) {
		r = -errno;
		free(tmp);
		return r;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	r = write_full(fd, s, n);
	if (r == 0 && fchmod(fd, mode) < 0)
		r = -errno;
	close(fd);
	if (r == 0 && rename(tmp, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(tmp);
	free(tmp);
	return r;
}

int
make_dirs(const char *path)
{
	char *copy = xdup(path), *p;
	int r = 0;

	for (p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			r = -errno;
		*p = '/';
	}
	if (mkdir(copy, 0777) < 0 && errno != EEXIST)
		r = -errno;
	free(copy);
	return r;
}

static int
remove_at(int dirfd, const char *name)
{
	struct dirent *e;
	int fd, r = 0;
	DIR *d;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM && errno != EACCES)
		return -errno;
	fchmodat(dirfd, name, 0700, 0);
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return -errno;
	while ((e = readdir(d)) && r == 0)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			r = remove_at(fd, e->d_name);
	closedir(d);
	if (r == 0 && unlinkat(dirfd, name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

char *
real_dir(const char *path)
{
	char here[PATH_MAX], *found = NULL;
	int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (back >= 0 && chdir(path) == 0) {
		found = getcwd(here, sizeof(here)) ? xdup(here) : NULL;
		if (fchdir(back) < 0)
			die("cannot go back to where cook was called");
	}
	if (back >= 0)
		close(back);
	return found;
}

int
remove_tree(const char *path)
{
	return remove_at(AT_FDCWD, path);
}

static int
copy_data(int in, int out)
{
	char chunk[65536];
	ssize_t n;
	int r;

	if (host_clone(out, in) == 0)
		return 0;
	while ((n = read(in, chunk, sizeof(chunk))) > 0) {
		r = write_full(out, chunk, (size_t)n);
		if (r < 0)
			return r;
	}
	return n < 0 ? -errno : 0;
}

int
copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, r;

	if (in < 0)
		return -errno;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		r = -errno;
		close(in);
		return r;
	}
	r = copy_data(in, out);
	if (r == 0 && fchmod(out, mode) < 0)
		r = -errno;
	close(out);
	close(in);
	return r;
}

int
list_dir(const char *path, struct list *out)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d)
		return -errno;
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			list_add(out, e->d_name);
	closedir(d);
	cpk_list_sort(out);
	return 0;
}

static int
same_content(const char *a, const char *b)
{
	size_t na = 0, nb = 0;
	char *sa = read_file(a, &na), *sb = read_file(b, &nb);
	int same = sa && sb && na == nb && memcmp(sa, sb, na) == 0;

	free(sa);
	free(sb);
	return same;
}

static int
same_link(const char *a, const char *b)
{
	char ta[PATH_MAX], tb[PATH_MAX];
	ssize_t na = readlink(a, ta, sizeof(ta)), nb = readlink(b, tb, sizeof(tb));

	return na > 0 && na == nb && memcmp(ta, tb, (size_t)na) == 0;
}

static int
merge_link(const char *from, const char *to)
{
	char target[PATH_MAX];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (symlink(target, to) == 0)
		return 0;
	return errno == EEXIST && same_link(from, to) ? 0 : -errno;
}

static int
merge_file(const char *from, const char *to, mode_t mode, int hard)
{
	int r;

	if (hard && link(from, to) == 0)
		return 0;
	if (hard && errno == EEXIST)
		return same_content(from, to) ? 0 : -EEXIST;
	r = copy_file(from, to, mode);
	return r == -EEXIST && same_content(from, to) ? 0 : r;
}

static int merge_dir(const char *from, const char *to, int hard, char *clash);

int
merge_path(const char *from, const char *to, int hard, char *clash)
{
	struct stat st;
	int r;

	if (lstat(from, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return merge_dir(from, to, hard, clash);
	r = S_ISLNK(st.st_mode) ? merge_link(from, to) :
		merge_file(from, to, st.st_mode & 07777, hard);
	if (r == -EEXIST && clash)
		snprintf(clash, PATH_MAX, "%s", to);
	return r;
}

static int
merge_dir(const char *from, const char *to, int hard, char *clash)
{
	struct list names = { 0 };
	size_t i;
	int r = list_dir(from, &names);

	if (r == 0 && mkdir(to, 0755) < 0 && errno != EEXIST)
		r = -errno;
	for (i = 0; r == 0 && i < names.n; i++) {
		char *a = fmt("%s/%s", from, names.v[i]), *b = fmt("%s/%s", to, names.v[i]);

		r = merge_path(a, b, hard, clash);
		free(a);
		free(b);
	}
	cpk_list_free(&names);
	return r;
}

int
merge_tree(const char *from, const char *to, int hard, char *clash)
{
	int r;

	if (clash)
		*clash = '\0';
	r = make_dirs(to);
	return r < 0 ? r : merge_dir(from, to, hard, clash);
}
