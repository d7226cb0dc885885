/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what pkg and repo parse: index, delta of it, signed file, journal, history, merges,
 * metadata, world and pins, repos.conf, packages, tar archives, manifests, patches. The first byte chooses.
 * An index or manifest that parses must print to the same bytes again; what is refused must be
 * named; nothing outside the root may change (fuzz_root.c).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "apply.h"
#include "delta.h"
#include "fuzz.h"
#include "history.h"
#include "patch.h"
#include "signed.h"
#include "tuf.h"

/* In place of msg.c: what is said is kept, to see that it says something. */
static char said[2048];

static void
keep(const char *fmt, va_list ap)
{
	vsnprintf(said, sizeof(said), fmt, ap);
}

void
complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(fmt, ap);
	va_end(ap);
}

int
fail(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(fmt, ap);
	va_end(ap);
	return -(int)status;
}

void
say(const struct pkg *k, const char *fmt, ...)
{
	(void)k, (void)fmt;
}

const char *
human(uint64_t bytes, char buf[16])
{
	(void)bytes;
	return strcpy(buf, "some");
}

const char *
colour(const struct pkg *k, enum colour c)
{
	(void)k, (void)c;
	return "";
}

static void
relations(const char *data, size_t n)
{
	struct cpk_list l = { 0 };
	char *text = malloc(n + 1);
	struct cpk_dep d;
	size_t i;

	memcpy(text, data, n);
	text[n] = '\0';
	if (relations_parse(&l, text, n, "world")) {
		if (!strstr(said, "world"))
			abort();
	} else {
		for (i = 0; i < l.n; i++)
			if (cpk_dep_parse(&d, l.v[i]) || !relation_of(&l, d.name))
				abort();
	}
	cpk_list_free(&l);
	free(text);
}

static void
config(const char *data, size_t n)
{
	static struct pkg k;
	char *text = malloc(n + 1);

	memset(&k, 0, sizeof(k));
	memcpy(text, data, n);
	text[n] = '\0';
	if (config_parse(&k, text, n) && !strstr(said, "repos.conf"))
		abort();
	free(text);
}

static void
read_package(const void *data, size_t n)
{
	const struct cpk_file *f;
	struct cpk_reader *r;
	struct cpk_error err;
	const void *p;
	int fd = memfd_create("cpk", 0), c;

	if (fd < 0 || write(fd, data, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET))
		abort();
	err.text[0] = '\0';
	c = cpk_open_fd(&r, fd, "fuzz.cpk", &err);
	while (!c && (c = cpk_next(r, &f, &err)) > 0)
		for (c = 0; !c && f->type == 'f';)
			if ((c = (int)cpk_piece(r, &p, &err)) <= 0)
				break;
			else
				c = 0;
	if (c < 0 && strncmp(err.text, "fuzz.cpk", 8))
		abort();
	cpk_close(r);
}

static void
package(const char *data, size_t n)
{
	read_package(data, n);
}

/* The archive in a package: the frame around it is good. */
static void
archive(const char *data, size_t n)
{
	size_t cap = ZSTD_compressBound(n), len;
	char *frame = malloc(cap);

	len = ZSTD_compress(frame, cap, data, n, 1);
	if (ZSTD_isError(len))
		abort();
	read_package(frame, len);
	free(frame);
}

/* An old stream, a NUL, a patch for it. */
static void
patch(const char *data, size_t n)
{
	const char *end = memchr(data, '\0', n);
	size_t nold = end ? (size_t)(end - data) : 0;
	struct cpk_patch p;
	struct cpk_error err;
	char *new;

	if (!end || cpk_patch_parse(&p, end + 1, n - nold - 1, "fuzz", &err) || p.new > 1 << 20)
		return;
	if (cpk_patch_apply(&p, data, nold, &new, "fuzz", &err) == 0)
		free(new);
}

/* A manifest, a NUL, content. */
static void
stream(const char *data, size_t n)
{
	const char *end = memchr(data, '\0', n);
	size_t manifest = end ? (size_t)(end - data) : n;
	const struct cpk_file *f;
	struct cpk_reader *r;
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	char *copy = malloc(n + 1);

	memcpy(copy, data, manifest);
	if (end)
		memcpy(copy + manifest, end + 1, n - manifest - 1);
	cpk_hash(data, manifest, hash);
	if (cpk_open_stream(&r, copy, end ? n - 1 : n, manifest, hash, "fuzz", &err))
		return;
	while (cpk_next(r, &f, &err) > 0)
		;
	cpk_close(r);
}

static void
index_text(const char *data, size_t n)
{
	struct cpk_index x;
	struct cpk_error err;
	char *text;
	size_t len;

	if (cpk_index_parse(&x, data, n, "fuzz", &err))
		return;
	if (cpk_index_print(&x, &text, &len))
		abort();
	if (len != n || memcmp(text, data, n))
		abort();
	free(text);
	cpk_index_free(&x);
}

/* An old text, a NUL, a delta for it. */
static void
delta(const char *data, size_t n)
{
	const char *end = memchr(data, '\0', n);
	size_t nold = end ? (size_t)(end - data) : 0, len;
	struct cpk_delta d;
	struct cpk_error err;
	char *text;

	if (!end || cpk_delta_parse(&d, end + 1, n - nold - 1, "fuzz", &err) || d.nops > 1 << 20 ||
	    d.to_bytes > 1 << 20)
		return;
	if (cpk_delta_apply(&d, data, nold, &text, &len, "fuzz", &err) == 0)
		free(text);
}

/* Whatever kind it says it is; what is accepted must stand having its signatures counted. */
static void
metadata(const char *data, size_t n)
{
	static const char *const types[] = { "root", "timestamp", "snapshot", "targets" };
	char name[TUF_MAX_NAME + 1];
	struct tuf_md *md;
	struct cpk_error err;
	json_t *role;
	size_t i, j = 0;
	int end;

	for (i = 0; i < 4; i++) {
		if (tuf_md_parse(&md, data, n, types[i], "fuzz", &err))
			continue;
		if (i == 0)
			tuf_md_verify(md, tuf_root_keys(md), tuf_root_role(md, "root"), "fuzz", &err);
		if (i == 3)
			while (tuf_delegated(json_object_get(md->body, "delegations"), "a/b.c", &j, name,
					&role, &end))
				;
		tuf_md_free(md);
	}
}

static void
signed_file(const char *data, size_t n)
{
	static struct cpk_keys keys;
	struct cpk_error err;
	const char *payload;
	size_t len;

	if (cpk_signed_check(&keys, data, n, "fuzz", &payload, &len, &err) == 0)
		abort();	/* no key is known: nothing may pass */
}

static void
history(const char *data, size_t n)
{
	struct entry e;

	if (history_parse(&e, data, n))
		return;
	history_free(&e);
}

/* Three texts of a third each. What both agree on, and what one alone changed, must come out. */
static void
merge(const char *data, size_t n)
{
	size_t third = n / 3, len;
	char *out;

	if (merge3(data, third, data + third, third, data + 2 * third, third, &out, &len) == 0)
		free(out);
	if (memchr(data, '\0', 2 * third))
		return;
	if (merge3(data, third, data, third, data + third, third, &out, &len) || len != third ||
	    memcmp(out, data + third, third))
		abort();
	free(out);
	if (merge3(data, third, data + third, third, data, third, &out, &len) || len != third ||
	    memcmp(out, data + third, third))
		abort();
	free(out);
}

static void
journal(const char *data, size_t n)
{
	struct step step;
	const char *s = data, *start, *end;

	if (journal_check(data, n, &start, &end) == 0)
		s = start;
	while (journal_step(&s, data + n, &step) > 0)
		if (cpk_path_refused(step.path))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return cpk_init();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const parse[])(const char *, size_t) = { index_text, delta, signed_file, journal,
		history, merge, metadata, relations, config, package, archive, fuzz_steps,
		fuzz_rows, patch, stream };
	char *copy;

	if (n < 1)
		return 0;
	copy = malloc(n);		/* of exactly this length: reads beyond it are seen */
	if (!copy)
		return 0;
	memcpy(copy, data + 1, n - 1);
	parse[data[0] % (sizeof(parse) / sizeof(*parse))](copy, n - 1);
	free(copy);
	return 0;
}
