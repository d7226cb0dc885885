/* SPDX-License-Identifier: MIT */
/*
 * Unpacking a whole package into an empty directory.  Safe because the manifest
 * was checked: paths stay inside, and every parent is a directory of the package
 * and so no link.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"

static int
fail(const struct cpk_file *f, struct cpk_error *err)
{
	return cpk_fail(err, -errno, "%s: %s", f->path, strerror(errno));
}

static int
write_full(int fd, const char *buf, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, buf, n);

		if (w < 0 && errno != EINTR)
			return -errno;
		if (w > 0) {
			buf += w;
			n -= (size_t)w;
		}
	}
	return 0;
}

static int
extract_file(struct cpk_reader *r, int root, const struct cpk_file *f, struct cpk_error *err)
{
	int fd = openat(root, f->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	char buf[65536];
	ssize_t n;

	if (fd < 0)
		return fail(f, err);
	while ((n = cpk_read(r, buf, sizeof(buf), err)) > 0) {
		if (write_full(fd, buf, (size_t)n) < 0) {
			n = fail(f, err);
			break;
		}
	}
	if (n == 0 && fchmod(fd, f->mode) < 0)
		n = fail(f, err);
	close(fd);
	return (int)n;
}

static int
extract_one(struct cpk_reader *r, int root, const struct cpk_file *f, struct cpk_error *err)
{
	if (f->type == 'f')
		return extract_file(r, root, f, err);
	if (f->type == 'l')
		return symlinkat(f->link, root, f->path) < 0 ? fail(f, err) : 0;
	if (f->type == 'h')
		return linkat(root, f->link, root, f->path, 0) < 0 ? fail(f, err) : 0;
	return mkdirat(root, f->path, 0700) < 0 ? fail(f, err) : 0;
}

/* Modes of directories come last, so that read-only ones can be filled. */
static int
set_dir_modes(const struct cpk_manifest *m, int root, struct cpk_error *err)
{
	size_t i;

	for (i = m->nfiles; i-- > 0;)
		if (m->files[i].type == 'd' && fchmodat(root, m->files[i].path, m->files[i].mode, 0) < 0)
			return fail(&m->files[i], err);
	return 0;
}

int
cpk_extract(const char *file, const char *dir, struct cpk_error *err)
{
	const struct cpk_file *f;
	struct cpk_reader *r;
	int root, c;

	c = cpk_open(&r, file, err);
	if (c < 0)
		return c;
	root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		c = cpk_fail(err, -errno, "%s: %s", dir, strerror(errno));
	while (root >= 0 && (c = cpk_next(r, &f, err)) > 0) {
		c = extract_one(r, root, f, err);
		if (c < 0)
			break;
	}
	if (c == 0)
		c = set_dir_modes(cpk_reader_manifest(r), root, err);
	if (root >= 0)
		close(root);
	cpk_close(r);
	return c;
}
