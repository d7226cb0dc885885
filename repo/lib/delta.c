/* SPDX-License-Identifier: MIT */
/* Reading a delta and applying it (delta.h). Nothing in it is trusted: every length is checked. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "beyond.h"
#include "delta.h"
#include "local.h"

static const char magic[] = "calx-delta 1\n";
#define HEAD	(sizeof(magic) - 1 + 32 + 4 + 32 + 4 + 4 + 1 + 4 + 4)
#define MAX_OPS	(64u << 20)

size_t
cpk_block_len(const char *s, size_t n)
{
	const char *end = n ? cpk_find(s, n, "\n\n", 2) : NULL;

	return end ? (size_t)(end - s) + 2 : 0;
}

/* The value of the line that begins with word, from *at on. */
static int
span_of(const char *s, size_t n, const char *word, char end, size_t *at, struct cpk_span *out)
{
	const char *p = cpk_find(s + *at, n - *at, word, strlen(word)), *q;

	if (!p)
		return -EBADMSG;
	p += strlen(word);
	q = memchr(p, end, (size_t)(s + n - p));
	if (!q || memchr(p, '\n', (size_t)(q - p)))
		return -EBADMSG;
	out->at = (size_t)(p - s);
	out->n = (size_t)(q - p);
	*at = (size_t)(q - s);
	return 0;
}

int
cpk_block_spans(const char *s, size_t n, struct cpk_spans *out)
{
	size_t at = 0;

	if (span_of(s, n, "\nversion ", '\n', &at, &out->version) ||
	    span_of(s, n, "\nsize ", '\n', &at, &out->size) ||
	    span_of(s, n, "\npackage ", ' ', &at, &out->hash) ||
	    span_of(s, n, " ", '\n', &at, &out->bytes) || out->hash.n != CPK_HEX - 1)
		return -EBADMSG;
	return 0;
}

static uint32_t
u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

int
cpk_delta_parse(struct cpk_delta *d, const void *data, size_t n, const char *file,
		struct cpk_error *err)
{
	const uint8_t *p = (const uint8_t *)data + sizeof(magic) - 1;

	if (n < HEAD || memcmp(data, magic, sizeof(magic) - 1))
		return cpk_fail(err, -EBADMSG, "%s: is no delta of a format known here", file);
	memcpy(d->prev, p, 32);
	d->prev_bytes = u32(p + 32);
	memcpy(d->from, p + 36, 32);
	d->from_bytes = u32(p + 68);
	d->to_bytes = u32(p + 72);
	d->prefixed = p[76];
	d->nops = u32(p + 77);
	d->nframe = u32(p + 81);
	d->frame = (const uint8_t *)data + HEAD;
	if (d->nframe > n - HEAD || (n - HEAD - d->nframe) % CPK_HASH || d->nops > MAX_OPS ||
	    d->from_bytes > CPK_MAX_INDEX || d->to_bytes > CPK_MAX_INDEX)
		return cpk_fail(err, -EBADMSG, "%s: malformed", file);
	d->hashes = d->frame + d->nframe;
	d->nhashes = (n - HEAD - d->nframe) / CPK_HASH;
	return 0;
}

/* The state of applying: the old text is eaten from the front, the new one grows to its end. */
struct apply {
	const uint8_t *op, *op_end;
	const char *old;
	size_t nold;
	char *to, *to_end;
	const uint8_t *hash;
	size_t nhash;
};

static int
varint(struct apply *a, uint64_t *out)
{
	unsigned shift = 0;

	for (*out = 0; a->op < a->op_end && shift < 63; shift += 7) {
		*out |= (uint64_t)(*a->op & 127) << shift;
		if (!(*a->op++ & 128))
			return 0;
	}
	return -EBADMSG;
}

static int
put(struct apply *a, const void *s, size_t n)
{
	if (n > (size_t)(a->to_end - a->to))
		return -EBADMSG;
	memcpy(a->to, s, n);
	a->to += n;
	return 0;
}

/* Takes n packages off the old text; those that stay are written. */
static int
take(struct apply *a, uint64_t n, int keep)
{
	size_t len;

	for (; n; n--) {
		len = cpk_block_len(a->old, a->nold);
		if (!len || (keep && put(a, a->old, len)))
			return -EBADMSG;
		a->old += len;
		a->nold -= len;
	}
	return 0;
}

/* The decimal number of a span, larger by the zigzag varint that follows. */
static int
put_number(struct apply *a, const struct cpk_span *s, char end)
{
	char text[32];
	uint64_t delta, v = 0;
	size_t i;
	int n;

	for (i = 0; i < s->n && i < 19 && a->old[s->at + i] >= '0' && a->old[s->at + i] <= '9'; i++)
		v = 10 * v + (uint64_t)(a->old[s->at + i] - '0');
	if (!s->n || i != s->n || varint(a, &delta))
		return -EBADMSG;
	v += delta >> 1 ^ (delta & 1 ? UINT64_MAX : 0);
	n = snprintf(text, sizeof(text), "%" PRIu64 "%c", v, end);
	return put(a, text, (size_t)n);
}

static int
put_version(struct apply *a, const struct cpk_span *old)
{
	uint64_t head, tail, mid;
	const char *s = a->old + old->at;

	if (varint(a, &head) || varint(a, &tail) || varint(a, &mid) || head > old->n ||
	    tail > old->n - head || mid > (size_t)(a->op_end - a->op))
		return -EBADMSG;
	if (put(a, s, head) || put(a, a->op, mid) || put(a, s + old->n - tail, tail))
		return -EBADMSG;
	a->op += mid;
	return 0;
}

/* The package at the front of the old text, with other values. */
static int
put_changed(struct apply *a)
{
	size_t len = cpk_block_len(a->old, a->nold);
	struct cpk_spans s;
	char hex[CPK_HEX];
	size_t at;

	if (!len || cpk_block_spans(a->old, len, &s) || !a->nhash)
		return -EBADMSG;
	if (put(a, a->old, s.version.at) || put_version(a, &s.version))
		return -EBADMSG;
	at = s.version.at + s.version.n;
	if (put(a, a->old + at, s.size.at - at) || put_number(a, &s.size, '\n'))
		return -EBADMSG;
	at = s.size.at + s.size.n + 1;
	cpk_hex(a->hash, hex);
	a->hash += CPK_HASH;
	a->nhash--;
	if (put(a, a->old + at, s.hash.at - at) || put(a, hex, CPK_HEX - 1) || put(a, " ", 1))
		return -EBADMSG;
	return put_number(a, &s.bytes, '\n') || put(a, "\n", 1) ? -EBADMSG : 0;
}

static int
step(struct apply *a)
{
	uint64_t op, n;
	int r;

	if (varint(a, &op))
		return -EBADMSG;
	n = op >> 3;
	switch (op & 7) {
	case 0:	return take(a, n, 1);
	case 1:	return take(a, n, 0);
	case 2:
		if (n > (size_t)(a->op_end - a->op) || put(a, a->op, n))
			return -EBADMSG;
		a->op += n;
		return 0;
	case 3:
	case 4:
		r = take(a, n, 1);
		if (!r)
			r = put_changed(a);
		return r || (op & 7) == 4 ? r : take(a, 1, 0);
	default:
		return -EBADMSG;
	}
}

static int
unpack_ops(const struct cpk_delta *d, const char *old, size_t nold, uint8_t **ops)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	size_t got;
	int r = 0;

	*ops = malloc(d->nops + 1);
	if (!z || !*ops) {
		ZSTD_freeDCtx(z);
		free(*ops);
		return -ENOMEM;
	}
	if (d->prefixed)
		ZSTD_DCtx_refPrefix(z, old, nold);
	got = ZSTD_decompressDCtx(z, *ops, d->nops, d->frame, d->nframe);
	if (ZSTD_isError(got) || got != d->nops) {
		free(*ops);
		r = -EBADMSG;
	}
	ZSTD_freeDCtx(z);
	return r;
}

int
cpk_delta_apply(const struct cpk_delta *d, const char *old, size_t nold, char **new, size_t *nnew,
		const char *file, struct cpk_error *err)
{
	static const char head[] = CPK_INDEX_HEAD;
	size_t skip = sizeof(head) - 1;
	struct apply a = { .hash = d->hashes, .nhash = d->nhashes };
	uint8_t *ops;
	int r;

	if (nold != d->from_bytes || nold < skip || memcmp(old, head, skip) || d->to_bytes < skip)
		return cpk_fail(err, -EBADMSG, "%s: is for another index", file);
	r = unpack_ops(d, old, nold, &ops);
	if (r)
		return cpk_fail(err, r, "%s: does not unpack to the length it says", file);
	*new = malloc((size_t)d->to_bytes + 1);
	a.old = old + skip;
	a.nold = nold - skip;
	a.op = ops;
	a.op_end = ops + d->nops;
	a.to = *new;
	a.to_end = *new + d->to_bytes;
	r = *new ? put(&a, head, skip) : -ENOMEM;
	while (!r && a.op < a.op_end)
		r = step(&a);
	free(ops);
	if (!r && (a.to != a.to_end || a.nhash))
		r = -EBADMSG;
	if (r) {
		free(*new);
		return cpk_fail(err, r, "%s: does not fit the index", file);
	}
	*a.to = '\0';
	*nnew = d->to_bytes;
	return 0;
}
