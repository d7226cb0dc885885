/* SPDX-License-Identifier: MIT */
/* Patches between packages (patch.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "local.h"
#include "patch.h"

#define HEAD_MAX	80
#define WINDOW_LOG	27	/* two streams are within reach */
_Static_assert(2ull * CPK_MAX_STREAM <= 2ull << WINDOW_LOG, "of the window");

int
cpk_patch_parse(struct cpk_patch *p, const void *data, size_t n, const char *file,
		struct cpk_error *err)
{
	char head[HEAD_MAX];
	const char *nl = memchr(data, '\n', n < HEAD_MAX ? n : HEAD_MAX);
	unsigned long long old, manifest, new;
	int end = 0;

	if (nl) {
		memcpy(head, data, (size_t)(nl - (const char *)data));
		head[nl - (const char *)data] = '\0';
	}
	if (!nl || sscanf(head, "calx-patch 1 %9llu %9llu %9llu%n", &old, &manifest, &new, &end) != 3 ||
	    head[end])
		return cpk_fail(err, -EBADMSG, "%s: is no patch", file);
	if (old > CPK_MAX_STREAM || new > CPK_MAX_STREAM || manifest > new || !manifest)
		return cpk_fail(err, -EBADMSG, "%s: a patch of lengths that cannot be", file);
	p->old = (size_t)old;
	p->manifest = (size_t)manifest;
	p->new = (size_t)new;
	p->frame = nl + 1;
	p->nframe = n - (size_t)(nl + 1 - (const char *)data);
	return 0;
}

int
cpk_patch_apply(const struct cpk_patch *p, const void *old, size_t nold, char **new,
		const char *file, struct cpk_error *err)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	size_t got = 0;

	*new = malloc(p->new + 1);
	if (z && *new && nold == p->old) {
		ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG + 1);
		ZSTD_DCtx_refPrefix(z, old, nold);
		got = ZSTD_decompressDCtx(z, *new, p->new, p->frame, p->nframe);
	}
	ZSTD_freeDCtx(z);
	if (got == p->new && !ZSTD_isError(got))
		return 0;
	free(*new);
	*new = NULL;
	return cpk_fail(err, -EBADMSG, "%s: does not fit what is installed", file);
}

/* The frame behind room for the head: its length, or 0. */
static size_t
pack(const void *old, size_t nold, const void *new, size_t nnew, char *out, size_t cap)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t n = 0;
	int log = 17;

	while (log < WINDOW_LOG + 1 && (1ull << log) < (unsigned long long)nold + nnew)
		log++;
	if (z) {
		ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, 12);
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, log);
		ZSTD_CCtx_setParameter(z, ZSTD_c_enableLongDistanceMatching, 1);
		ZSTD_CCtx_refPrefix(z, old, nold);
		n = ZSTD_compress2(z, out, cap, new, nnew);
	}
	ZSTD_freeCCtx(z);
	return ZSTD_isError(n) ? 0 : n;
}

int
cpk_patch_make(const void *old, size_t nold, const void *new, size_t nnew, size_t manifest,
		char **out, size_t *n)
{
	size_t cap = HEAD_MAX + ZSTD_compressBound(nnew), frame;
	int head;

	*out = malloc(cap);
	if (!*out)
		return -ENOMEM;
	head = snprintf(*out, HEAD_MAX, "calx-patch 1 %zu %zu %zu\n", nold, manifest, nnew);
	frame = pack(old, nold, new, nnew, *out + head, cap - (size_t)head);
	if (!frame) {
		free(*out);
		return -ENOMEM;
	}
	*n = (size_t)head + frame;
	return 0;
}

int
cpk_stream(struct cpk_reader *r, char **out, size_t *n, size_t *manifest, struct cpk_error *err)
{
	const struct cpk_manifest *m = cpk_reader_manifest(r);
	struct cpk_buf b = { 0 };
	const struct cpk_file *f;
	const void *p;
	ssize_t got = 0;
	char *text;
	int c = cpk_manifest_print(m, &text, manifest);

	if (!c && (m->size > CPK_MAX_STREAM || *manifest > CPK_MAX_STREAM - m->size))
		c = -EFBIG;
	if (!c) {
		cpk_buf_add(&b, text, *manifest);
		free(text);
	}
	while (!c && (c = cpk_next(r, &f, err)) > 0)
		for (c = 0; f->type == 'f' && (got = cpk_piece(r, &p, err)) != 0;) {
			if (got < 0) {
				c = (int)got;
				break;
			}
			cpk_buf_add(&b, p, (size_t)got);
		}
	if (!c && b.bad)
		c = -ENOMEM;
	*out = b.s;
	*n = b.n;
	if (c)
		free(b.s);
	return c;
}
