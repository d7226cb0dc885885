/* SPDX-License-Identifier: MIT */
/* Making a delta (delta.h): both texts are sorted by name, so one walk along them finds the changes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "delta.h"
#include "local.h"

struct block {
	const char *s;
	size_t n, nname;		/* the first line is "name NAME" */
};

struct blocks {
	struct block *v;
	size_t n;
};

struct make {
	struct cpk_buf ops, hashes;
	uint64_t copy;			/* packages to copy before the next operation */
	int literal;			/* new text is among the operations */
};

static int
split(const char *s, size_t n, struct blocks *out)
{
	size_t cap = 0, skip = sizeof(CPK_INDEX_HEAD) - 1, len;

	if (n < skip || memcmp(s, CPK_INDEX_HEAD, skip))
		return -EBADMSG;
	for (s += skip, n -= skip; n; s += len, n -= len) {
		len = cpk_block_len(s, n);
		if (!len)
			return -EBADMSG;
		if (out->n == cap) {
			struct block *v = realloc(out->v, (cap = cap ? 2 * cap : 256) * sizeof(*v));

			if (!v)
				return -ENOMEM;
			out->v = v;
		}
		out->v[out->n++] = (struct block){ s, len, (size_t)((char *)memchr(s, '\n', len) - s) };
	}
	return 0;
}

static void
varint(struct cpk_buf *b, uint64_t v)
{
	char c;

	for (; v > 127; v >>= 7) {
		c = (char)(v | 128);
		cpk_buf_add(b, &c, 1);
	}
	c = (char)v;
	cpk_buf_add(b, &c, 1);
}

static void
op(struct make *m, uint64_t n, unsigned kind)
{
	varint(&m->ops, n << 3 | kind);
}

static void
flush_copies(struct make *m)
{
	if (m->copy)
		op(m, m->copy, 0);
	m->copy = 0;
}

static int
same(const struct block *a, const struct block *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static int
same_part(const struct block *a, size_t a0, size_t a1, const struct block *b, size_t b0, size_t b1)
{
	return a1 - a0 == b1 - b0 && memcmp(a->s + a0, b->s + b0, a1 - a0) == 0;
}

#define END(x)	((x).at + (x).n)

/* Only version, sizes and hash differ. */
static int
derivable(const struct block *a, const struct cpk_spans *x, const struct block *b,
		const struct cpk_spans *y)
{
	return same_part(a, 0, x->version.at, b, 0, y->version.at) &&
		same_part(a, END(x->version), x->size.at, b, END(y->version), y->size.at) &&
		same_part(a, END(x->size), x->hash.at, b, END(y->size), y->hash.at) &&
		x->size.n && y->size.n && x->bytes.n && y->bytes.n && x->size.n < 19 &&
		y->size.n < 19 && x->bytes.n < 19 && y->bytes.n < 19;
}

static void
number(struct make *m, const struct block *a, struct cpk_span x, const struct block *b,
		struct cpk_span y)
{
	int64_t d = atoll(b->s + y.at) - atoll(a->s + x.at);

	varint(&m->ops, (uint64_t)d << 1 ^ (uint64_t)(d >> 63));
}

static void
version(struct make *m, const char *a, size_t na, const char *b, size_t nb)
{
	size_t head = 0, tail = 0;

	while (head < na && head < nb && a[head] == b[head])
		head++;
	while (tail < na - head && tail < nb - head && a[na - 1 - tail] == b[nb - 1 - tail])
		tail++;
	varint(&m->ops, head);
	varint(&m->ops, tail);
	varint(&m->ops, nb - head - tail);
	if (nb - head - tail)
		cpk_buf_add(&m->ops, b + head, nb - head - tail);
}

/* Writes b as a change of a; kind 3 passes over a, 4 leaves it. 0 when it cannot be one. */
static int
derive(struct make *m, const struct block *a, const struct block *b, unsigned kind)
{
	struct cpk_spans x, y;
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];

	if (cpk_block_spans(a->s, a->n, &x) || cpk_block_spans(b->s, b->n, &y) ||
	    !derivable(a, &x, b, &y))
		return 0;
	memcpy(hex, b->s + y.hash.at, CPK_HEX - 1);
	hex[CPK_HEX - 1] = '\0';
	if (cpk_unhex(hex, hash))
		return 0;
	op(m, m->copy, kind);
	m->copy = 0;
	version(m, a->s + x.version.at, x.version.n, b->s + y.version.at, y.version.n);
	number(m, a, x.size, b, y.size);
	number(m, a, x.bytes, b, y.bytes);
	cpk_buf_add(&m->hashes, (char *)hash, sizeof(hash));
	return 1;
}

static int
name_cmp(const struct block *a, const struct block *b)
{
	size_t n = a->nname < b->nname ? a->nname : b->nname;
	int r = memcmp(a->s, b->s, n);

	return r ? r : (a->nname > b->nname) - (a->nname < b->nname);
}

/* Where among v[i..n) of the same name b stands unchanged; n when nowhere. */
static size_t
find(const struct blocks *x, size_t i, const struct block *b)
{
	for (; i < x->n && name_cmp(&x->v[i], b) == 0; i++)
		if (same(&x->v[i], b))
			return i;
	return x->n;
}

static void
literal(struct make *m, const struct block *b)
{
	flush_copies(m);
	op(m, b->n, 2);
	cpk_buf_add(&m->ops, b->s, b->n);
	m->literal = 1;
}

static void
pass(struct make *m, size_t n)
{
	flush_copies(m);
	if (n)
		op(m, n, 1);
}

/* b comes next in the new text, and old packages from *i on have its name or a later one. */
static void
next_block(struct make *m, const struct blocks *old, size_t *i, const struct blocks *new, size_t j)
{
	const struct block *b = &new->v[j];
	size_t at = find(old, *i, b);

	if (at < old->n) {
		if (at > *i)
			pass(m, at - *i);
		*i = at + 1;
		m->copy++;
	} else if (*i < old->n && name_cmp(&old->v[*i], b) == 0) {
		/* The old one may still come, after b. */
		unsigned kind = find(new, j + 1, &old->v[*i]) < new->n ? 4 : 3;

		if (derive(m, &old->v[*i], b, kind))
			*i += kind == 3;
		else
			literal(m, b);
	} else {
		literal(m, b);
	}
}

static void
walk(struct make *m, const struct blocks *old, const struct blocks *new)
{
	size_t i = 0, j, gone;

	for (j = 0; j < new->n; j++) {
		for (gone = 0; i + gone < old->n && name_cmp(&old->v[i + gone], &new->v[j]) < 0; gone++)
			;
		if (gone)
			pass(m, gone);
		i += gone;
		next_block(m, old, &i, new, j);
	}
	flush_copies(m);
}

static void
u32(struct cpk_buf *b, size_t v)
{
	char c[4] = { (char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24) };

	cpk_buf_add(b, c, 4);
}

/* The operations as a zstd frame, whose window reaches back over the old text. */
static int
pack(const struct make *m, const char *old, size_t nold, char **out, size_t *n)
{
	size_t cap = ZSTD_compressBound(m->ops.n), got;
	ZSTD_CCtx *z = ZSTD_createCCtx();
	int bits = 10;

	while (bits < 30 && (size_t)1 << bits < nold + m->ops.n)
		bits++;
	*out = malloc(cap);
	if (!z || !*out) {
		ZSTD_freeCCtx(z);
		free(*out);
		return -ENOMEM;
	}
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, 19);
	ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, 0);
	if (m->literal) {
		ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, 9);
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, bits);
		ZSTD_CCtx_refPrefix(z, old, nold);
	}
	got = ZSTD_compress2(z, *out, cap, m->ops.s ? m->ops.s : "", m->ops.n);
	ZSTD_freeCCtx(z);
	if (ZSTD_isError(got)) {
		free(*out);
		return -EIO;
	}
	*n = got;
	return 0;
}

static int
assemble(struct make *m, const char *old, size_t nold, size_t nnew, const uint8_t prev[32],
		uint32_t prev_bytes, char **out, size_t *n)
{
	struct cpk_buf b = { 0 };
	uint8_t from[CPK_HASH];
	char *frame, flag = (char)m->literal;
	size_t nframe;
	int r = pack(m, old, nold, &frame, &nframe);

	if (r)
		return r;
	cpk_hash(old, nold, from);
	cpk_buf_str(&b, "calx-delta 1\n");
	cpk_buf_add(&b, (const char *)prev, 32);
	u32(&b, prev_bytes);
	cpk_buf_add(&b, (char *)from, sizeof(from));
	u32(&b, nold);
	u32(&b, nnew);
	cpk_buf_add(&b, &flag, 1);
	u32(&b, m->ops.n);
	u32(&b, nframe);
	cpk_buf_add(&b, frame, nframe);
	if (m->hashes.n)
		cpk_buf_add(&b, m->hashes.s, m->hashes.n);
	free(frame);
	if (b.bad || b.n >= nnew) {
		free(b.s);
		return b.bad ? -ENOMEM : -E2BIG;
	}
	*out = b.s;
	*n = b.n;
	return 0;
}

int
cpk_delta_make(const char *old, size_t nold, const char *new, size_t nnew,
		const uint8_t prev[32], uint32_t prev_bytes, char **out, size_t *n)
{
	struct blocks a = { 0 }, b = { 0 };
	struct make m = { 0 };
	int r = split(old, nold, &a);

	if (!r)
		r = split(new, nnew, &b);
	if (!r) {
		walk(&m, &a, &b);
		r = m.ops.bad || m.hashes.bad ? -ENOMEM :
			assemble(&m, old, nold, nnew, prev, prev_bytes, out, n);
	}
	free(a.v);
	free(b.v);
	free(m.ops.s);
	free(m.hashes.s);
	return r;
}
