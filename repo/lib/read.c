/* SPDX-License-Identifier: MIT */
/*
 * Reading a package as a stream.  The members must follow the manifest's rows one
 * by one, each equal in type, mode, owner, size and link target; so nothing can be
 * repeated, left out or added.  Content is hashed as it passes.
 *
 * The reader is our own and not libarchive's: an install of 1,000 small packages took a third
 * longer with that (an entry costs it conversions of every name, a package a new decompressor and
 * two copies of each byte), and pkg would load libxml2 and ICU to list a directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"
#include "tar.h"

#define SMALL	(32u << 20)		/* packages up to this are read into memory, others mapped */
#define SHORT	(64u << 10)		/* files whose hashes may be deferred */

struct cpk_reader {
	struct cpk_unzip *u;
	int own;			/* u is this reader's alone */
	struct cpk_manifest m;
	char *text;			/* of the manifest */
	size_t ntext;
	char *file;
	void *data;			/* the package file */
	size_t ndata;
	int mapped;
	int stream;			/* data is a stream (patch.h) */
	size_t at;			/* in that */
	struct cpk_hashes *defer;	/* for short files, or NULL */
	int deferred;			/* the current one is */
	struct cpk_member member;
	size_t next;			/* row that the next member must be */
	const struct cpk_file *now;	/* file whose content is being read, or NULL */
	uint64_t left;			/* bytes of it to come */
	size_t shown;			/* of them, shown by cpk_piece and to be passed over */
	crypto_generichash_state *hash;
};

static int
refuse(struct cpk_reader *r, struct cpk_error *err, const char *path, const char *why)
{
	return cpk_fail(err, -EBADMSG, "%s: %s%s%s", r->file, path ? path : "",
			path ? ": " : "", why);
}

/* The member's content is padded to whole blocks. */
static int
skip_padding(struct cpk_reader *r, uint64_t size)
{
	const unsigned char *p;
	size_t n = (size_t)(-size & 511);

	if (cpk_unzip_ahead(r->u, n, &p) < (ssize_t)n)
		return -EBADMSG;
	cpk_unzip_take(r->u, n);
	return 0;
}

static int
next_member(struct cpk_reader *r, struct cpk_error *err)
{
	int c = cpk_tar_next(r->u, &r->member);

	return c < 0 ? refuse(r, err, NULL, r->member.why) : c;
}

/* Content of a known length into memory. */
static int
read_whole(struct cpk_reader *r, char *to, size_t n)
{
	const unsigned char *p;
	size_t got = 0;

	while (got < n) {
		ssize_t have = cpk_unzip_ahead(r->u, 1, &p);

		if (have <= 0)
			return -EBADMSG;
		if ((size_t)have > n - got)
			have = (ssize_t)(n - got);
		memcpy(to + got, p, (size_t)have);
		cpk_unzip_take(r->u, (size_t)have);
		got += (size_t)have;
	}
	return skip_padding(r, n);
}

static int
read_manifest(struct cpk_reader *r, struct cpk_error *err)
{
	char name[1024];
	int c = next_member(r, err);

	if (c < 0)
		return c;
	if (c == 0 || strcmp(r->member.path, CPK_MANIFEST) || r->member.type != '0')
		return refuse(r, err, NULL, "the first member is no .manifest");
	if (r->member.size > CPK_MAX_TEXT)
		return refuse(r, err, NULL, "manifest too long");
	r->ntext = (size_t)r->member.size;
	r->text = malloc(r->ntext + 1);
	if (!r->text)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", r->file);
	if (read_whole(r, r->text, r->ntext))
		return refuse(r, err, NULL, "manifest cut short");
	snprintf(name, sizeof(name), "%s/%s", r->file, CPK_MANIFEST);
	return cpk_manifest_parse(&r->m, r->text, r->ntext, name, err);
}

/* The package file into memory. */
static int
load(struct cpk_reader *r, int fd)
{
	int c = cpk_file_size(fd, &r->ndata);

	if (c)
		return c;
	r->mapped = r->ndata > SMALL;
	if (!r->mapped)
		return cpk_file_read(fd, r->ndata, &r->data);
	r->data = mmap(NULL, r->ndata, PROT_READ, MAP_PRIVATE, fd, 0);
	if (r->data == MAP_FAILED)
		r->data = NULL;
	return r->data ? 0 : -errno;
}

static int
is_known(const struct cpk_reader *r, const uint8_t hash[CPK_HASH], uint64_t bytes)
{
	uint8_t is[CPK_HASH];

	if (r->ndata != bytes)
		return 0;
	cpk_hash(r->data, r->ndata, is);
	return memcmp(is, hash, CPK_HASH) == 0;
}

/* The archive is in memory. */
static int
begin_archive(struct cpk_reader *r, struct cpk_error *err)
{
	if (!r->u) {
		r->u = cpk_unzip_new();
		r->own = 1;
	}
	r->hash = aligned_alloc(64, (sizeof(*r->hash) + 63) / 64 * 64);
	if (!r->u || !r->hash)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", r->file);
	cpk_unzip_start(r->u, r->data, r->ndata);
	return read_manifest(r, err);
}

static int
begin(struct cpk_reader *r, int fd, const uint8_t *hash, uint64_t bytes, struct cpk_error *err)
{
	int c = load(r, fd);

	if (c)
		return cpk_fail(err, c, "%s: %s", r->file, strerror(-c));
	if (hash && !is_known(r, hash, bytes))
		return cpk_fail(err, -EKEYREJECTED, "%s: does not have the length and hash that the"
				" signed index names", r->file);
	return begin_archive(r, err);
}

/* A reader of n bytes in memory, which are its own; NULL when out of memory. */
static struct cpk_reader *
new_reader(void *data, size_t n, const char *file, struct cpk_error *err)
{
	struct cpk_reader *r = calloc(1, sizeof(*r));

	if (r)
		r->file = strdup(file);
	if (!r || !r->file) {
		free(r);
		free(data);
		cpk_fail(err, -ENOMEM, "%s: out of memory", file);
		return NULL;
	}
	r->data = data;
	r->ndata = n;
	return r;
}

int
cpk_open_known(struct cpk_reader **out, int fd, const char *file, const uint8_t hash[CPK_HASH],
		uint64_t bytes, struct cpk_unzip *u, struct cpk_error *err)
{
	struct cpk_reader *r = new_reader(NULL, 0, file, err);
	int c;

	*out = NULL;
	if (!r) {
		close(fd);
		return -ENOMEM;
	}
	r->u = u;
	c = begin(r, fd, hash, bytes, err);
	close(fd);
	if (c < 0)
		cpk_close(r);
	else
		*out = r;
	return c;
}

int
cpk_open_data(struct cpk_reader **out, void *data, size_t n, const char *file, struct cpk_unzip *u,
		struct cpk_error *err)
{
	struct cpk_reader *r = new_reader(data, n, file, err);
	int c;

	*out = NULL;
	if (!r)
		return -ENOMEM;
	r->u = u;
	c = begin_archive(r, err);
	if (c < 0)
		cpk_close(r);
	else
		*out = r;
	return c;
}

int
cpk_open_fd(struct cpk_reader **out, int fd, const char *file, struct cpk_error *err)
{
	return cpk_open_known(out, fd, file, NULL, 0, NULL, err);
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

/* From the manifest on; data is the reader's. */
static int
begin_stream(struct cpk_reader *r, size_t manifest, const uint8_t hash[CPK_HASH],
		struct cpk_error *err)
{
	uint8_t is[CPK_HASH];

	r->stream = 1;
	r->at = manifest;
	if (manifest <= r->ndata)
		cpk_hash(r->data, manifest, is);
	if (manifest > r->ndata || memcmp(is, hash, CPK_HASH))
		return cpk_fail(err, -EKEYREJECTED, "%s: does not have the manifest that was signed for it",
				r->file);
	r->text = malloc(manifest + 1);
	r->hash = aligned_alloc(64, (sizeof(*r->hash) + 63) / 64 * 64);
	if (!r->text || !r->hash)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", r->file);
	memcpy(r->text, r->data, manifest);
	r->ntext = manifest;
	return cpk_manifest_parse(&r->m, r->text, manifest, r->file, err);
}

int
cpk_open_stream(struct cpk_reader **out, void *data, size_t n, size_t manifest,
		const uint8_t hash[CPK_HASH], const char *file, struct cpk_error *err)
{
	struct cpk_reader *r = new_reader(data, n, file, err);
	int c;

	*out = NULL;
	if (!r)
		return -ENOMEM;
	c = begin_stream(r, manifest, hash, err);
	if (c < 0)
		cpk_close(r);
	else
		*out = r;
	return c;
}

const struct cpk_manifest *
cpk_reader_manifest(const struct cpk_reader *r)
{
	return &r->m;
}

void
cpk_reader_take(struct cpk_reader *r, struct cpk_manifest *m, char **text, size_t *len)
{
	*m = r->m;
	*text = r->text;
	*len = r->ntext;
	r->text = NULL;
	memset(&r->m, 0, sizeof(r->m));
}

void
cpk_reader_defer(struct cpk_reader *r, struct cpk_hashes *h)
{
	r->defer = h;
}

void
cpk_close(struct cpk_reader *r)
{
	if (!r)
		return;
	if (r->own)
		cpk_unzip_free(r->u);
	if (r->mapped && r->data)
		munmap(r->data, r->ndata);
	else
		free(r->data);
	cpk_member_clear(&r->member);
	cpk_manifest_free(&r->m);
	free(r->text);
	free(r->hash);
	free(r->file);
	free(r);
}

/* Reads what is left of the current file, so that its hash is checked. */
static int
drain(struct cpk_reader *r, struct cpk_error *err)
{
	const void *p;
	ssize_t n;

	do {
		n = cpk_piece(r, &p, err);
	} while (n > 0);
	return (int)n;
}

static int
begin_file(struct cpk_reader *r, const struct cpk_file *f)
{
	if (f->type == 'f') {
		r->now = f;
		r->left = f->size;
		r->shown = 0;
		r->deferred = r->defer && f->size <= SHORT && cpk_hashes_room(r->defer, f->size);
		if (!r->deferred)
			crypto_generichash_init(r->hash, NULL, 0, CPK_HASH);
	}
	return 1;
}

/* Of a stream there are no members to compare: its manifest is signed itself. */
static int
next_of_stream(struct cpk_reader *r, const struct cpk_file **out, struct cpk_error *err)
{
	if (r->next == r->m.nfiles)
		return r->at == r->ndata ? 0 : refuse(r, err, NULL, "longer than the manifest says");
	*out = &r->m.files[r->next++];
	return begin_file(r, *out);
}

int
cpk_next(struct cpk_reader *r, const struct cpk_file **out, struct cpk_error *err)
{
	const struct cpk_file *f;
	const char *why;
	int c = drain(r, err);

	if (c == 0 && r->stream)
		return next_of_stream(r, out, err);
	if (c == 0)
		c = next_member(r, err);
	if (c < 0)
		return c;
	if (r->next == r->m.nfiles)
		return c == 0 ? 0 : refuse(r, err, NULL, "more members than the manifest names");
	f = &r->m.files[r->next];
	if (c == 0)
		return refuse(r, err, f->path, "missing in the package");
	if (!cpk_member_is(&r->member, f))
		return refuse(r, err, f->path, "another member is in its place");
	why = cpk_member_differs(&r->member, f);
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
	if (r->deferred)
		cpk_hashes_end(r->defer, f->hash, f->path);
	else
		crypto_generichash_final(r->hash, hash, CPK_HASH);
	if (!r->deferred && memcmp(hash, f->hash, CPK_HASH) != 0)
		return refuse(r, err, f->path, "hash differs from the manifest");
	return !r->stream && skip_padding(r, f->size) ? refuse(r, err, f->path, "cut short") : 0;
}

static void
pass(struct cpk_reader *r)
{
	if (r->stream)
		r->at += r->shown;
	else
		cpk_unzip_take(r->u, r->shown);
	r->shown = 0;
}

static ssize_t
ahead(struct cpk_reader *r, const unsigned char **p)
{
	if (!r->stream)
		return cpk_unzip_ahead(r->u, 1, p);
	*p = (const unsigned char *)r->data + r->at;
	return (ssize_t)(r->ndata - r->at);
}

/* Shows up to max bytes, and counts them as read. */
static ssize_t
show(struct cpk_reader *r, const void **p, size_t max, struct cpk_error *err)
{
	const unsigned char *s;
	ssize_t n;

	pass(r);
	if (!r->now)
		return 0;
	if (!r->left)
		return end_file(r, err);
	n = ahead(r, &s);
	if (n <= 0) {
		const char *path = r->now->path;

		r->now = NULL;
		return refuse(r, err, path, n ? "cannot be unpacked" : "cut short");
	}
	if ((size_t)n > max)
		n = (ssize_t)max;
	if ((uint64_t)n > r->left)
		n = (ssize_t)r->left;
	r->left -= (uint64_t)n;
	r->shown = (size_t)n;
	if (r->deferred)
		cpk_hashes_add(r->defer, s, (size_t)n);
	else
		crypto_generichash_update(r->hash, s, (size_t)n);
	*p = s;
	return n;
}

ssize_t
cpk_piece(struct cpk_reader *r, const void **p, struct cpk_error *err)
{
	return show(r, p, SIZE_MAX, err);
}

ssize_t
cpk_read(struct cpk_reader *r, void *buf, size_t len, struct cpk_error *err)
{
	const void *p;
	ssize_t n = show(r, &p, len, err);

	if (n > 0)
		memcpy(buf, p, (size_t)n);
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
