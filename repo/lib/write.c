/* SPDX-License-Identifier: MIT */
/* Writing a package: pax tar in zstd, the same bytes for the same input. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "local.h"

struct writer {
	struct archive *a;
	const char *out;
	int root;
	time_t mtime;
	struct cpk_error *err;
};

static int
archive_fail(struct writer *w)
{
	const char *why = archive_error_string(w->a);

	return cpk_fail(w->err, -EIO, "%s: %s", w->out, why ? why : "cannot write");
}

static struct archive_entry *
new_entry(struct writer *w, const char *path, mode_t type, unsigned mode, uint64_t size)
{
	struct archive_entry *e = archive_entry_new();

	if (!e)
		return NULL;
	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, mode);
	archive_entry_set_size(e, (int64_t)size);
	archive_entry_set_mtime(e, w->mtime, 0);
	archive_entry_set_uid(e, 0);
	archive_entry_set_gid(e, 0);
	archive_entry_set_uname(e, "root");
	archive_entry_set_gname(e, "root");
	return e;
}

static int
put_header(struct writer *w, struct archive_entry *e)
{
	int r = e && archive_write_header(w->a, e) == ARCHIVE_OK ? 0 : archive_fail(w);

	archive_entry_free(e);
	return r;
}

static int
put_manifest(struct writer *w, const struct cpk_manifest *m)
{
	char *text;
	size_t len;
	int r = cpk_manifest_print(m, &text, &len);

	if (r < 0)
		return cpk_fail(w->err, r, "%s: out of memory", w->out);
	r = len > CPK_MAX_TEXT ? cpk_fail(w->err, -E2BIG, "%s: manifest too long", w->out) : 0;
	if (r == 0)
		r = put_header(w, new_entry(w, CPK_MANIFEST, AE_IFREG, 0644, len));
	if (r == 0 && archive_write_data(w->a, text, len) != (ssize_t)len)
		r = archive_fail(w);
	free(text);
	return r;
}

static int
put_content(struct writer *w, const struct cpk_file *f)
{
	int fd = openat(w->root, f->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	unsigned char buf[65536];
	uint64_t left = f->size;
	ssize_t n;

	if (fd < 0)
		return cpk_fail(w->err, -errno, "%s: %s", f->path, strerror(errno));
	while (r == 0 && left > 0) {
		n = read(fd, buf, left < sizeof(buf) ? left : sizeof(buf));
		if (n <= 0)
			r = cpk_fail(w->err, -EIO, "%s: changed while it was read", f->path);
		else if (archive_write_data(w->a, buf, (size_t)n) != n)
			r = archive_fail(w);
		else
			left -= (uint64_t)n;
	}
	close(fd);
	return r;
}

static int
put_file(struct writer *w, const struct cpk_file *f)
{
	mode_t type = f->type == 'd' ? AE_IFDIR : f->type == 'l' ? AE_IFLNK : AE_IFREG;
	struct archive_entry *e = new_entry(w, f->path, type, f->mode, f->size);
	size_t i;
	int r;

	if (e) {
		archive_entry_set_uname(e, f->owner);
		archive_entry_set_gname(e, f->group);
		if (f->type == 'h')
			archive_entry_set_hardlink(e, f->link);
		else if (f->link)
			archive_entry_set_symlink(e, f->link);
		for (i = 0; i < f->nattrs; i++)
			archive_entry_xattr_add_entry(e, f->attrs[i].name, f->attrs[i].value,
					f->attrs[i].len);
	}
	r = put_header(w, e);
	return r == 0 && f->type == 'f' ? put_content(w, f) : r;
}

static int
open_archive(struct writer *w, int fd, int level)
{
	char opt[32];

	w->a = archive_write_new();
	if (!w->a)
		return cpk_fail(w->err, -ENOMEM, "%s: out of memory", w->out);
	snprintf(opt, sizeof(opt), "%d", level);
	if (archive_write_set_format_pax_restricted(w->a) != ARCHIVE_OK ||
	    archive_write_add_filter_zstd(w->a) != ARCHIVE_OK ||
	    archive_write_set_filter_option(w->a, "zstd", "compression-level", opt) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(w->a, 1) != ARCHIVE_OK ||
	    archive_write_open_fd(w->a, fd) != ARCHIVE_OK)
		return archive_fail(w);
	return 0;
}

static int
write_all(struct writer *w, int fd, const struct cpk_manifest *m, int level)
{
	size_t i;
	int r = open_archive(w, fd, level);

	if (r == 0)
		r = put_manifest(w, m);
	for (i = 0; r == 0 && i < m->nfiles; i++)
		r = put_file(w, &m->files[i]);
	if (r == 0 && archive_write_close(w->a) != ARCHIVE_OK)
		r = archive_fail(w);
	archive_write_free(w->a);
	if (r == 0 && fsync(fd) < 0)
		r = cpk_fail(w->err, -errno, "%s: %s", w->out, strerror(errno));
	return r;
}

int
cpk_write(const char *out, const struct cpk_manifest *m, const char *dir,
		time_t mtime, int level, struct cpk_error *err)
{
	struct writer w = { .out = out, .mtime = mtime, .err = err };
	char tmp[4096];
	int fd, r;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.XXXXXX", out) >= sizeof(tmp))
		return cpk_fail(err, -ENAMETOOLONG, "%s: path too long", out);
	w.root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w.root < 0)
		return cpk_fail(err, -errno, "%s: %s", dir, strerror(errno));
	fd = mkstemp(tmp);
	if (fd < 0) {
		close(w.root);
		return cpk_fail(err, -errno, "%s: %s", tmp, strerror(errno));
	}
	fchmod(fd, 0644);
	r = write_all(&w, fd, m, level);
	if (r == 0 && rename(tmp, out) < 0)
		r = cpk_fail(err, -errno, "%s: %s", out, strerror(errno));
	if (r < 0)
		unlink(tmp);
	close(fd);
	close(w.root);
	return r;
}
