/* SPDX-License-Identifier: MIT */
/* Whole files: read into memory, replaced atomically. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

/* Reads until n bytes or the end. */
static ssize_t
read_all(int fd, char *buf, size_t n)
{
	size_t got = 0;
	ssize_t r;

	while (got < n && (r = read(fd, buf + got, n - got)) != 0) {
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

int
read_file(const char *path, size_t max, char **data, size_t *n, struct cpk_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size < 0 || (size_t)st.st_size > max) {
		close(fd);
		return cpk_fail(err, -EFBIG, "%s: no file, or over %zu bytes", path, max);
	}
	*data = malloc((size_t)st.st_size + 1);
	got = *data ? read_all(fd, *data, (size_t)st.st_size) : -ENOMEM;
	close(fd);
	if (got < 0) {
		free(*data);
		return cpk_fail(err, (int)got, "%s: %s", path, strerror((int)-got));
	}
	(*data)[got] = '\0';
	*n = (size_t)got;
	return 0;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		p += r;
		n -= (size_t)r;
	}
	return fsync(fd) ? -errno : 0;
}

int
write_file(const char *path, const void *data, size_t n, struct cpk_error *err)
{
	char temp[4096];
	int fd, r;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.new", path) >= sizeof(temp))
		return cpk_fail(err, -ENAMETOOLONG, "%s: name too long", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", temp, strerror(errno));
	r = write_all(fd, data, n);
	if (close(fd) && !r)
		r = -errno;
	if (!r && rename(temp, path))
		r = -errno;
	if (!r)
		return 0;
	unlink(temp);
	return cpk_fail(err, r, "%s: %s", path, strerror(-r));
}

int
make_folders(const char *dir, struct cpk_error *err)
{
	static const char *const names[] = { "", "/metadata", "/targets", "/pool", "/staging" };
	char path[4096];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		if (mkdir(path, 0755) && errno != EEXIST)
			return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	}
	return 0;
}
