/* SPDX-License-Identifier: MIT */
/* Parsing and printing the index of a repository (index.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "index.h"
#include "local.h"
#include "parse.h"

struct cpk_package *
cpk_index_add(struct cpk_index *x)
{
	if (x->n == x->cap) {
		size_t cap = x->cap ? 2 * x->cap : 64;
		struct cpk_package *v = realloc(x->v, cap * sizeof(*v));

		if (!v)
			return NULL;
		x->v = v;
		x->cap = cap;
	}
	memset(&x->v[x->n], 0, sizeof(*x->v));
	return &x->v[x->n++];
}

void
cpk_package_clear(struct cpk_package *p)
{
	free(p->name);
	free(p->version);
	free(p->arch);
	free(p->license);
	free(p->summary);
	free(p->origin);
	cpk_list_free(&p->depends);
	cpk_list_free(&p->provides);
	cpk_list_free(&p->conflicts);
	cpk_list_free(&p->replaces);
	memset(p, 0, sizeof(*p));
}

void
cpk_index_free(struct cpk_index *x)
{
	size_t i;

	for (i = 0; i < x->n; i++)
		cpk_package_clear(&x->v[i]);
	free(x->v);
	memset(x, 0, sizeof(*x));
}

static int
copy_list(struct cpk_list *to, const struct cpk_list *from)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (cpk_list_add(to, from->v[i]))
			return -ENOMEM;
	return 0;
}

static char *
copy(const char *s, int *bad)
{
	char *t = s ? strdup(s) : NULL;

	*bad |= s && !t;
	return t;
}

int
cpk_package_from(struct cpk_package *p, const struct cpk_manifest *m)
{
	char version[CPK_MAX_VERSION + 16];
	int bad = 0;

	snprintf(version, sizeof(version), "%s-%u", m->version, m->release);
	p->name = copy(m->name, &bad);
	p->version = copy(version, &bad);
	p->arch = copy(m->arch, &bad);
	p->license = copy(m->license, &bad);
	p->summary = copy(m->summary, &bad);
	p->origin = copy(m->origin, &bad);
	p->size = m->size;
	bad |= copy_list(&p->depends, &m->depends);
	bad |= copy_list(&p->provides, &m->provides);
	bad |= copy_list(&p->conflicts, &m->conflicts);
	bad |= copy_list(&p->replaces, &m->replaces);
	return bad ? -ENOMEM : 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct cpk_package *p = a, *q = b;
	int r = strcmp(p->name, q->name);

	return r ? r : cpk_version_cmp(q->version, p->version);
}

void
cpk_index_sort(struct cpk_index *x)
{
	if (x->n)
		qsort(x->v, x->n, sizeof(*x->v), by_name);
}

/* "VERSION-RELEASE" */
static const char *
bad_full_version(const char *s)
{
	char version[CPK_MAX_VERSION + 1];
	const char *dash = strrchr(s, '-');
	uint64_t release;

	if (!dash || dash - s > CPK_MAX_VERSION || cpk_parse_number(dash + 1, 1u << 30, &release))
		return "not VERSION-RELEASE";
	memcpy(version, s, (size_t)(dash - s));
	version[dash - s] = '\0';
	return cpk_bad_version(version);
}

static const char *
set_text(char **to, const char *value, const char *(*bad)(const char *))
{
	const char *why = bad(value);

	if (why)
		return why;
	*to = strdup(value);
	return *to ? NULL : "out of memory";
}

static const char *
add_dep(struct cpk_list *l, const char *value)
{
	const char *why = cpk_bad_dep(value);

	if (!why && l->n == CPK_MAX_LIST)
		why = "too many";
	if (!why && cpk_list_add(l, value))
		why = "out of memory";
	return why;
}

static const char *
set_package(struct cpk_package *p, char *value)
{
	char *space = strchr(value, ' ');

	if (!space)
		return "not HASH BYTES";
	*space = '\0';
	if (cpk_unhex(value, p->hash))
		return "hash is not 64 hexadecimal digits";
	if (cpk_parse_number(space + 1, CPK_MAX_PACKAGE, &p->bytes) || !p->bytes)
		return "not a length";
	return NULL;
}

static const char *
set_size(struct cpk_package *p, const char *value)
{
	return cpk_parse_number(value, INT64_MAX, &p->size) ? "not a size" : NULL;
}

enum key { NAME, VERSION, ARCH, LICENSE, SUMMARY, DEPENDS, PROVIDES, CONFLICTS, REPLACES, ORIGIN, SIZE,
	PACKAGE, NKEYS };
static const char *const keys[NKEYS] = { "name", "version", "arch", "license", "summary",
	"depends", "provides", "conflicts", "replaces", "origin", "size", "package" };
#define REQUIRED (1u << NAME | 1u << VERSION | 1u << ARCH | 1u << SIZE | 1u << PACKAGE)

static const char *
set_key(struct cpk_package *p, enum key key, char *value)
{
	switch (key) {
	case NAME:	return set_text(&p->name, value, cpk_bad_name);
	case VERSION:	return set_text(&p->version, value, bad_full_version);
	case ARCH:	return set_text(&p->arch, value, cpk_bad_arch);
	case LICENSE:	return set_text(&p->license, value, cpk_bad_text);
	case SUMMARY:	return set_text(&p->summary, value, cpk_bad_text);
	case ORIGIN:	return set_text(&p->origin, value, cpk_bad_text);
	case DEPENDS:	return add_dep(&p->depends, value);
	case PROVIDES:	return add_dep(&p->provides, value);
	case CONFLICTS:	return add_dep(&p->conflicts, value);
	case REPLACES:	return add_dep(&p->replaces, value);
	case SIZE:	return set_size(p, value);
	case PACKAGE:	return set_package(p, value);
	default:	return "unknown key";
	}
}

/* One "KEY VALUE" line of a package; seen holds the keys so far. */
static int
parse_key(struct cpk_parse *in, struct cpk_package *p, unsigned *seen)
{
	char *space = strchr(in->line, ' ');
	const char *why;
	unsigned k;

	if (!space || !space[1])
		return cpk_parse_fail(in, 0, "not KEY VALUE");
	*space = '\0';
	for (k = 0; k < NKEYS && strcmp(keys[k], in->line); k++)
		;
	if (k == NKEYS)
		return cpk_parse_fail(in, 0, "unknown key");
	if (*seen >> k > (*seen >> k & 1) ||
	    ((*seen >> k & 1) && (k < DEPENDS || k > REPLACES)))
		return cpk_parse_fail(in, 0, "key repeated or out of order");
	*seen |= 1u << k;
	why = set_key(p, k, space + 1);
	return why ? cpk_parse_fail(in, (size_t)(space + 1 - in->line), why) : 0;
}

/* A package up to its empty line. */
static int
parse_package(struct cpk_parse *in, struct cpk_index *x)
{
	struct cpk_package *p;
	unsigned seen = 0;
	int r;

	if (x->n == CPK_MAX_PACKAGES)
		return cpk_parse_fail(in, 0, "too many packages");
	p = cpk_index_add(x);
	if (!p)
		return cpk_parse_fail(in, 0, "out of memory");
	do {
		r = parse_key(in, p, &seen);
		if (!r)
			r = cpk_parse_line(in);
	} while (!r && *in->line);
	if (!r && (seen & REQUIRED) != REQUIRED)
		r = cpk_parse_fail(in, 0, "package without name, version, arch, size or package");
	return r;
}

int
cpk_index_parse(struct cpk_index *x, const char *text, size_t len, const char *file,
		struct cpk_error *err)
{
	struct cpk_parse in = { .text = text, .len = len, .file = file, .err = err };
	int r;

	memset(x, 0, sizeof(*x));
	if (len > CPK_MAX_INDEX)
		return cpk_fail(err, -EFBIG, "%s: too long", file);
	r = cpk_parse_line(&in);
	if (!r && strcmp(in.line, "calx-index 1"))
		r = cpk_parse_fail(&in, 0, "is not an index of a format known here");
	if (!r)
		r = cpk_parse_line(&in);
	if (!r && *in.line)
		r = cpk_parse_fail(&in, 0, "expected an empty line");
	while (!r && in.at < in.len) {
		r = cpk_parse_line(&in);
		if (!r)
			r = parse_package(&in, x);
	}
	if (r)
		cpk_index_free(x);
	return r;
}

static void
print_text(struct cpk_buf *b, const char *key, const char *value)
{
	if (value)
		cpk_buf_fmt(b, "%s %s\n", key, value);
}

static void
print_list(struct cpk_buf *b, const char *key, const struct cpk_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		print_text(b, key, l->v[i]);
}

static void
print_package(struct cpk_buf *b, const struct cpk_package *p)
{
	char hex[CPK_HEX];

	print_text(b, "name", p->name);
	print_text(b, "version", p->version);
	print_text(b, "arch", p->arch);
	print_text(b, "license", p->license);
	print_text(b, "summary", p->summary);
	print_list(b, "depends", &p->depends);
	print_list(b, "provides", &p->provides);
	print_list(b, "conflicts", &p->conflicts);
	print_list(b, "replaces", &p->replaces);
	print_text(b, "origin", p->origin);
	cpk_hex(p->hash, hex);
	cpk_buf_fmt(b, "size %llu\npackage %s %llu\n\n", (unsigned long long)p->size, hex,
			(unsigned long long)p->bytes);
}

int
cpk_index_print(const struct cpk_index *x, char **text, size_t *len)
{
	struct cpk_buf b = { 0 };
	size_t i;

	cpk_buf_str(&b, "calx-index 1\n\n");
	for (i = 0; i < x->n; i++)
		print_package(&b, &x->v[i]);
	if (b.bad) {
		free(b.s);
		return -ENOMEM;
	}
	*text = b.s;
	*len = b.n;
	return 0;
}

int
cpk_zstd_pack(const void *text, size_t len, char **out, size_t *outlen)
{
	size_t cap = ZSTD_compressBound(len), n;

	*out = malloc(cap);
	if (!*out)
		return -ENOMEM;
	n = ZSTD_compress(*out, cap, text, len, 12);
	if (ZSTD_isError(n)) {
		free(*out);
		return -EIO;
	}
	*outlen = n;
	return 0;
}

int
cpk_zstd_unpack(const void *data, size_t n, size_t len, char **out, const char *file,
		struct cpk_error *err)
{
	size_t got;

	if (len > CPK_MAX_INDEX)
		return cpk_fail(err, -EFBIG, "%s: says it is %zu bytes long", file, len);
	*out = malloc(len + 1);
	if (!*out)
		return cpk_fail(err, -ENOMEM, "out of memory");
	got = ZSTD_decompress(*out, len, data, n);
	if (ZSTD_isError(got) || got != len) {
		free(*out);
		*out = NULL;
		return cpk_fail(err, -EBADMSG, "%s: %s", file,
				ZSTD_isError(got) ? ZSTD_getErrorName(got) : "wrong length");
	}
	(*out)[len] = '\0';
	return 0;
}
