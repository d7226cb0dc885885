/* SPDX-License-Identifier: MIT */
/*
 * Reading a package as a stream.  The members must follow the manifest's rows one
 * by one, each equal in type, mode, owner, size and link target; so nothing can be
 * repeated, left out or added.  Content is hashed as it passes.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "local.h"

struct cpk_reader {
	struct archive *a;
	struct cpk_manifest m;
	char *file;
	int fd;
	size_t next;			/* row that the next member must be */
	const struct cpk_file *now;	/* file whose content is being read, or NULL */
	uint64_t got;			/* bytes of it so far */
	crypto_generichash_state *hash;
};

static int
refuse(struct cpk_reader *r, struct cpk_error *err, const char *path, const char *why)
{
	return cpk_fail(err, -EBADMSG, "%s: %s%s%s", r->file, path ? path : "",
			path ? ": " : "", why);
}

static int
archive_fail(struct cpk_reader *r, struct cpk_error *err)
{
	const char *why = archive_error_string(r->a);

	return refuse(r, err, NULL, why ? why : "cannot read");
}

static int
next_entry(struct cpk_reader *r, struct archive_entry **e, struct cpk_error *err)
{
	int c = archive_read_next_header(r->a, e);

	if (c == ARCHIVE_EOF)
		return 0;
	return c == ARCHIVE_OK ? 1 : archive_fail(r, err);
}

static int
read_manifest(struct cpk_reader *r, struct cpk_error *err)
{
	struct archive_entry *e;
	char name[1024], *text;
	const char *path;
	ssize_t n;
	int64_t len;
	int c = next_entry(r, &e, err);

	if (c < 0)
		return c;
	path = c ? archive_entry_pathname(e) : NULL;
	if (!path || strcmp(path, CPK_MANIFEST) != 0 || archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e))
		return refuse(r, err, NULL, "the first member is no .manifest");
	len = archive_entry_size(e);
	if (!archive_entry_size_is_set(e) || len < 0 || len > CPK_MAX_TEXT)
		return refuse(r, err, NULL, "manifest too long");
	text = malloc((size_t)len + 1);
	if (!text)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", r->file);
	n = archive_read_data(r->a, text, (size_t)len);
	snprintf(name, sizeof(name), "%s/%s", r->file, CPK_MANIFEST);
	c = n == len ? cpk_manifest_parse(&r->m, text, (size_t)len, name, err) :
		refuse(r, err, NULL, "manifest cut short");
	free(text);
	return c;
}

static int
open_archive(struct cpk_reader *r, struct cpk_error *err)
{
	r->a = archive_read_new();
	r->hash = aligned_alloc(64, (sizeof(*r->hash) + 63) / 64 * 64);
	if (!r->a || !r->hash)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", r->file);
	if (archive_read_support_format_tar(r->a) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(r->a) != ARCHIVE_OK ||
	    archive_read_open_fd(r->a, r->fd, 65536) != ARCHIVE_OK)
		return archive_fail(r, err);
	return read_manifest(r, err);
}

int
cpk_open_fd(struct cpk_reader **out, int fd, const char *file, struct cpk_error *err)
{
	struct cpk_reader *r = calloc(1, sizeof(*r));
	int c;

	*out = NULL;
	if (!r || !(r->file = strdup(file))) {
		free(r);
		close(fd);
		return cpk_fail(err, -ENOMEM, "%s: out of memory", file);
	}
	r->fd = fd;
	c = open_archive(r, err);
	if (c < 0)
		cpk_close(r);
	else
		*out = r;
	return c;
}

int
cpk_open(struct cpk_reader **out, const char *file, struct cpk_error *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	*out = NULL;
	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	return cpk_open_fd(out, fd, file, err);
}

const struct cpk_manifest *
cpk_reader_manifest(const struct cpk_reader *r)
{
	return &r->m;
}

void
cpk_reader_take(struct cpk_reader *r, struct cpk_manifest *m)
{
	*m = r->m;
	memset(&r->m, 0, sizeof(r->m));
}

void
cpk_close(struct cpk_reader *r)
{
	if (!r)
		return;
	if (r->a)
		archive_read_free(r->a);
	free(r->hash);
	cpk_manifest_free(&r->m);
	close(r->fd);
	free(r->file);
	free(r);
}

static const struct cpk_attr *
find_attr(const struct cpk_file *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->nattrs; i++)
		if (strcmp(f->attrs[i].name, name) == 0)
			return &f->attrs[i];
	return NULL;
}

/* The format has each attribute twice, in two spellings. */
static int
attrs_differ(const struct cpk_file *f, struct archive_entry *e)
{
	const struct cpk_attr *a;
	unsigned char seen[CPK_MAX_ATTRS] = { 0 };
	const char *name;
	const void *value;
	size_t i, len;

	if (!f->nattrs && !archive_entry_xattr_count(e))
		return 0;
	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &name, &value, &len) == ARCHIVE_OK) {
		a = name ? find_attr(f, name) : NULL;
		if (!a || a->len != len || memcmp(a->value, value, len))
			return 1;
		seen[a - f->attrs] = 1;
	}
	for (i = 0; i < f->nattrs && seen[i]; i++)
		;
	return i != f->nattrs;
}

static const char *
differs(const struct cpk_file *f, struct archive_entry *e)
{
	mode_t type = f->type == 'd' ? AE_IFDIR : f->type == 'l' ? AE_IFLNK : AE_IFREG;
	const char *owner = archive_entry_uname(e), *group = archive_entry_gname(e);
	const char *link = archive_entry_symlink(e), *hard = archive_entry_hardlink(e);

	if (f->type == 'h')
		return hard && strcmp(hard, f->link) == 0 ? NULL : "hard link differs from the manifest";
	if (hard || archive_entry_filetype(e) != type)
		return "type differs from the manifest";
	if (archive_entry_perm(e) != f->mode)
		return "mode differs from the manifest";
	if (!owner || !group || strcmp(owner, f->owner) || strcmp(group, f->group))
		return "owner differs from the manifest";
	if (f->type == 'f' && (uint64_t)archive_entry_size(e) != f->size)
		return "size differs from the manifest";
	if (f->type == 'l' && (!link || strcmp(link, f->link)))
		return "link target differs from the manifest";
	return attrs_differ(f, e) ? "attributes differ from the manifest" : NULL;
}

/* libarchive reports directories with a slash at the end. */
static int
same_path(const struct cpk_file *f, const char *path)
{
	size_t n = strlen(f->path);

	if (!path || strncmp(path, f->path, n) != 0)
		return 0;
	return !path[n] || (f->type == 'd' && strcmp(path + n, "/") == 0);
}

/* Reads what is left of the current file, so that its hash is checked. */
static int
drain(struct cpk_reader *r, struct cpk_error *err)
{
	unsigned char buf[65536];
	ssize_t n;

	do {
		n = cpk_read(r, buf, sizeof(buf), err);
	} while (n > 0);
	return (int)n;
}

static int
begin_file(struct cpk_reader *r, const struct cpk_file *f)
{
	if (f->type == 'f') {
		r->now = f;
		r->got = 0;
		crypto_generichash_init(r->hash, NULL, 0, CPK_HASH);
	}
	return 1;
}

int
cpk_next(struct cpk_reader *r, const struct cpk_file **out, struct cpk_error *err)
{
	const struct cpk_file *f;
	struct archive_entry *e;
	const char *why;
	int c = drain(r, err);

	if (c == 0)
		c = next_entry(r, &e, err);
	if (c < 0)
		return c;
	if (r->next == r->m.nfiles)
		return c == 0 ? 0 : refuse(r, err, NULL, "more members than the manifest names");
	f = &r->m.files[r->next];
	if (c == 0)
		return refuse(r, err, f->path, "missing in the package");
	if (!same_path(f, archive_entry_pathname(e)))
		return refuse(r, err, f->path, "another member is in its place");
	why = differs(f, e);
	if (why)
		return refuse(r, err, f->path, why);
	r->next++;
	*out = f;
	return begin_file(r, f);
}

static int
end_file(struct cpk_reader *r, struct cpk_error *err)
{
	const struct cpk_file *f = r->now;
	uint8_t hash[CPK_HASH];

	r->now = NULL;
	crypto_generichash_final(r->hash, hash, CPK_HASH);
	if (r->got != f->size)
		return refuse(r, err, f->path, "length differs from the manifest");
	if (memcmp(hash, f->hash, CPK_HASH) != 0)
		return refuse(r, err, f->path, "hash differs from the manifest");
	return 0;
}

ssize_t
cpk_read(struct cpk_reader *r, void *buf, size_t len, struct cpk_error *err)
{
	ssize_t n;

	if (!r->now)
		return 0;
	n = archive_read_data(r->a, buf, len);
	if (n < 0) {
		r->now = NULL;
		return archive_fail(r, err);
	}
	if (n == 0)
		return end_file(r, err);
	r->got += (uint64_t)n;
	if (r->got > r->now->size)
		return refuse(r, err, r->now->path, "length differs from the manifest");
	crypto_generichash_update(r->hash, buf, (size_t)n);
	return n;
}

int
cpk_verify(const char *file, struct cpk_error *err)
{
	const struct cpk_file *f;
	struct cpk_reader *r;
	int c = cpk_open(&r, file, err);

	if (c < 0)
		return c;
	do {
		c = cpk_next(r, &f, err);
	} while (c > 0);
	cpk_close(r);
	return c;
}
