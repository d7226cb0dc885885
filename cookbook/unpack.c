/* SPDX-License-Identifier: MIT */
/* Unpacking source archives: any format of libarchive, nothing outside the folder. */
#include <archive.h>
#include <archive_entry.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cook.h"

#define FLAGS (ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_NODOTDOT | \
		ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_UNLINK)

/* The path without its first `strip` components, or NULL when nothing is left. */
static const char *
stripped(const char *path, int strip)
{
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	for (; strip > 0; strip--) {
		path = strchr(path, '/');
		if (!path)
			return NULL;
		path += strspn(path, "/");
	}
	return *path && strcmp(path, ".") != 0 ? path : NULL;
}

/* The path itself or a folder above it. */
static int
matches(const char *pattern, const char *path)
{
	char *folder = xdup(path), *slash;
	int r = fnmatch(pattern, folder, 0);

	while (r != 0 && (slash = strrchr(folder, '/')) != NULL) {
		*slash = '\0';
		r = fnmatch(pattern, folder, 0);
	}
	free(folder);
	return r == 0;
}

/* A pattern also takes everything below a folder that it matches. */
static int
is_omitted(const struct list *omit, const char *path)
{
	size_t i;

	for (i = 0; omit && i < omit->n; i++)
		if (matches(omit->v[i], path))
			return 1;
	return 0;
}

/* Puts the entry below dir; 0 when it is to be left out. */
static int
relocate(struct archive_entry *e, const char *dir, int strip, const struct list *omit)
{
	const char *path = archive_entry_pathname(e), *link = archive_entry_hardlink(e);
	mode_t type = archive_entry_filetype(e);
	char *to;

	path = path && *path != '/' ? stripped(path, strip) : NULL;
	if (!path || is_omitted(omit, path) || (!link && type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK))
		return 0;
	to = fmt("%s/%s", dir, path);
	if (link) {
		char *target;

		link = stripped(link, strip);
		target = link ? fmt("%s/%s", dir, link) : NULL;
		if (target)
			archive_entry_set_hardlink(e, target);
		free(target);
	}
	archive_entry_set_pathname(e, to);
	archive_entry_set_perm(e, (archive_entry_perm(e) & 0755) | (type == AE_IFDIR ? 0700 : 0600));
	free(to);
	return 1;
}

static int
copy_data(struct archive *in, struct archive *out)
{
	const void *block;
	size_t n;
	int64_t at;
	int r;

	while ((r = archive_read_data_block(in, &block, &n, &at)) == ARCHIVE_OK)
		if (archive_write_data_block(out, block, n, at) < ARCHIVE_OK)
			return ARCHIVE_FAILED;
	return r == ARCHIVE_EOF ? ARCHIVE_OK : r;
}

static int
unpack_all(struct archive *in, struct archive *out, const char *dir, int strip,
		const struct list *omit)
{
	struct archive_entry *e;
	int r;

	while ((r = archive_read_next_header(in, &e)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		if (!relocate(e, dir, strip, omit))
			continue;
		if (archive_write_header(out, e) < ARCHIVE_WARN)
			return -1;
		if (archive_entry_size(e) > 0 && copy_data(in, out) != ARCHIVE_OK)
			return -1;
		if (archive_write_finish_entry(out) < ARCHIVE_WARN)
			return -1;
	}
	return r == ARCHIVE_EOF ? 0 : -1;
}

static int
complain(const char *archive, struct archive *in, struct archive *out)
{
	const char *why = archive_error_string(in);

	if (!why)
		why = archive_error_string(out);
	warn_("%s: cannot unpack: %s", archive, why ? why : "damaged");
	return -1;
}

int
unpack(const char *archive, const char *dir, int strip, const struct list *omit)
{
	struct archive *in = archive_read_new(), *out = archive_write_disk_new();
	int r = -1;

	if (!in || !out)
		die("out of memory");
	archive_read_support_format_all(in);
	archive_read_support_filter_all(in);
	archive_write_disk_set_options(out, FLAGS);
	if (archive_read_open_filename(in, archive, 65536) == ARCHIVE_OK)
		r = unpack_all(in, out, dir, strip, omit);
	if (r < 0)
		complain(archive, in, out);
	else if (archive_write_close(out) != ARCHIVE_OK)
		r = complain(archive, out, in);
	archive_read_free(in);
	archive_write_free(out);
	return r;
}
