/* SPDX-License-Identifier: MIT */
/*
 * Patches from one build of a package to the next: pool/HH/HASH.cpd by the BLAKE2b-256 of the patch,
 * and patches.zst, a signed target of lines "OLD NEW MANIFEST PATCH BYTES": the hash of the manifest
 * that is installed, of the package that is wanted, of its manifest, of the patch and its length.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/local.h"
#include "lib/patch.h"
#include "repo.h"

#define PATH	4096
#define HEAD	"calx-patches 1\n\n"
#define HEX	(2 * CPK_HASH)
#define LINE	(4 * (HEX + 1))		/* where BYTES begins */

static int
load(struct store *s, struct cpk_error *err)
{
	char *text, *line, *save;
	size_t n;
	int r;

	if (s->patches_known)
		return 0;
	s->patches_known = 1;
	r = store_text(s, "patches.zst", &text, &n, err);
	if (r)
		return r == -ENOENT ? 0 : r;
	if (n < sizeof(HEAD) - 1 || memcmp(text, HEAD, sizeof(HEAD) - 1))
		r = cpk_fail(err, -EBADMSG, "%s: patches.zst is of no known format", s->dir);
	line = r ? NULL : strtok_r(text + sizeof(HEAD) - 1, "\n", &save);
	for (; line && !r; line = strtok_r(NULL, "\n", &save))
		r = strlen(line) > LINE ? cpk_list_add(&s->patches, line) : -EBADMSG;
	free(text);
	return r;
}

void
patches_free(struct store *s)
{
	cpk_list_free(&s->patches);
	s->patches_known = 0;
}

static void
patch_path(const struct store *s, const char *hex, char buf[PATH])
{
	snprintf(buf, PATH, "%s/pool/%.2s/%.64s.cpd", s->dir, hex, hex);
}

/* The newest package of the same name and architecture that was there before. */
static const struct cpk_package *
before(const struct store *s, const struct cpk_package *new)
{
	const struct cpk_package *best = NULL;
	size_t i;

	for (i = 0; i < s->index.n; i++) {
		const struct cpk_package *p = &s->index.v[i];

		if (p->name && strcmp(p->name, new->name) == 0 && strcmp(p->arch, new->arch) == 0 &&
		    memcmp(p->hash, new->hash, CPK_HASH) &&
		    (!best || cpk_version_cmp(p->version, best->version) > 0))
			best = p;
	}
	return best;
}

struct stream {
	char *s;
	size_t n, manifest;
	char hex[CPK_HEX];		/* of the manifest */
};

static int
read_stream(const struct store *s, const struct cpk_package *p, struct stream *out,
		struct cpk_error *err)
{
	struct cpk_reader *r;
	uint8_t hash[CPK_HASH];
	char path[PATH];
	int c;

	store_path(path, sizeof(path), s->dir, p->hash);
	c = cpk_open(&r, path, err);
	if (c)
		return c;
	c = cpk_stream(r, &out->s, &out->n, &out->manifest, err);
	cpk_close(r);
	if (c)
		return c;
	cpk_hash(out->s, out->manifest, hash);
	cpk_hex(hash, out->hex);
	return 0;
}

static int
put(struct store *s, const struct cpk_package *p, const struct stream *old,
		const struct stream *new, struct cpk_error *err)
{
	char path[PATH], line[LINE + 32], package[CPK_HEX], hex[CPK_HEX], *data;
	uint8_t hash[CPK_HASH];
	size_t n;
	int r = cpk_patch_make(old->s, old->n, new->s, new->n, new->manifest, &data, &n);

	if (r)
		return r;
	if (n < p->bytes * 3 / 4) {
		cpk_hash(data, n, hash);
		cpk_hex(hash, hex);
		cpk_hex(p->hash, package);
		patch_path(s, hex, path);
		*strrchr(path, '/') = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			r = cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
		patch_path(s, hex, path);
		if (!r)
			r = write_file(path, data, n, err);
		snprintf(line, sizeof(line), "%s %s %s %s %zu", old->hex, package, new->hex, hex, n);
		if (!r && cpk_list_add(&s->patches, line))
			r = -ENOMEM;
	}
	free(data);
	return r;
}

int
patches_make(struct store *s, const struct cpk_package *new, struct cpk_error *err)
{
	const struct cpk_package *old = s->patch ? before(s, new) : NULL;
	struct stream a = { 0 }, b = { 0 };
	int r = old ? load(s, err) : 0;

	if (!old || r)
		return r;
	/* What is too large, or no longer here, has no patch. */
	if (read_stream(s, old, &a, err) == 0 && read_stream(s, new, &b, err) == 0)
		r = put(s, new, &a, &b, err);
	free(a.s);
	free(b.s);
	return r;
}

static int
wanted(const struct store *s, const char *line)
{
	char hex[CPK_HEX] = "";
	uint8_t hash[CPK_HASH];
	size_t i;

	memcpy(hex, line + HEX + 1, HEX);
	if (cpk_unhex(hex, hash))
		return 0;
	for (i = 0; i < s->index.n; i++)
		if (memcmp(hash, s->index.v[i].hash, CPK_HASH) == 0)
			return 1;
	return 0;
}

int
patches_write(struct store *s, struct cpk_error *err)
{
	struct cpk_list kept = { 0 };
	struct cpk_buf b = { 0 };
	size_t i;
	int r = load(s, err);

	for (i = 0; !r && i < s->patches.n; i++)
		if (wanted(s, s->patches.v[i]))
			r = cpk_list_add(&kept, s->patches.v[i]);
	cpk_list_free(&s->patches);
	s->patches = kept;
	cpk_list_sort(&s->patches);
	if (r || !s->patches.n) {
		if (!r)
			json_object_del(json_object_get(json_object_get(s->targets, "signed"), "targets"),
					"patches.zst");
		return r;
	}
	cpk_buf_str(&b, HEAD);
	for (i = 0; i < s->patches.n; i++) {
		cpk_buf_str(&b, s->patches.v[i]);
		cpk_buf_str(&b, "\n");
	}
	r = b.bad ? -ENOMEM : store_put_text(s, "patches.zst", b.s, b.n, err);
	free(b.s);
	return r;
}

int
patches_named(const struct store *s, const uint8_t hash[CPK_HASH])
{
	char hex[CPK_HEX];
	size_t i;

	cpk_hex(hash, hex);
	for (i = 0; i < s->patches.n; i++)
		if (memcmp(s->patches.v[i] + 3 * (HEX + 1), hex, HEX) == 0)
			return 1;
	return 0;
}

int
patches_check(const struct store *from)
{
	struct store s = { .dir = from->dir, .targets = from->targets };
	struct cpk_error err;
	char path[PATH], hex[CPK_HEX];
	uint8_t hash[CPK_HASH];
	uint64_t bytes;
	size_t i;
	int bad = load(&s, &err) ? complain("%s", err.text) : 0, fd, r;

	for (i = 0; i < s.patches.n; i++) {
		patch_path(&s, s.patches.v[i] + 3 * (HEX + 1), path);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		r = fd < 0 ? -errno : cpk_hash_fd(fd, hash, &bytes);
		if (fd >= 0)
			close(fd);
		if (!r)
			cpk_hex(hash, hex);
		if (r || memcmp(hex, s.patches.v[i] + 3 * (HEX + 1), HEX) ||
		    bytes != strtoull(s.patches.v[i] + LINE, NULL, 10))
			bad = (complain("%s: %s", path, r ? strerror(-r) : "is not what patches.zst names"),
					TUF_SWAPPED);
	}
	patches_free(&s);
	return bad;
}
