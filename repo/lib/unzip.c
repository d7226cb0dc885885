/* SPDX-License-Identifier: MIT */
/* The bytes of a package file, unpacked a piece at a time (local.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "local.h"

#define PIECE	(256u << 10)
_Static_assert(CPK_PIECE <= PIECE / 2, "what is asked for fits");

struct cpk_unzip {
	ZSTD_DCtx *z;
	unsigned char *buf;
	size_t at, end;			/* of what is unpacked and not yet taken */
	ZSTD_inBuffer in;
	size_t hint;			/* 0: between two frames */
};

struct cpk_unzip *
cpk_unzip_new(void)
{
	struct cpk_unzip *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->z = ZSTD_createDCtx();
	u->buf = malloc(PIECE);
	if (u->z && u->buf)
		return u;
	cpk_unzip_free(u);
	return NULL;
}

void
cpk_unzip_free(struct cpk_unzip *u)
{
	if (!u)
		return;
	ZSTD_freeDCtx(u->z);
	free(u->buf);
	free(u);
}

void
cpk_unzip_start(struct cpk_unzip *u, const void *data, size_t n)
{
	ZSTD_DCtx_reset(u->z, ZSTD_reset_session_only);
	u->in = (ZSTD_inBuffer){ data, n, 0 };
	u->at = u->end = u->hint = 0;
}

/* Unpacks some more behind what is there: 1, 0 at the end, or -EBADMSG. */
static int
fill(struct cpk_unzip *u)
{
	ZSTD_outBuffer out = { u->buf, PIECE, 0 };

	if (u->at) {
		memmove(u->buf, u->buf + u->at, u->end - u->at);
		u->end -= u->at;
		u->at = 0;
	}
	out.pos = u->end;
	while (out.pos == u->end) {
		size_t before = u->in.pos;

		if (u->in.pos == u->in.size && u->hint == 0)
			return 0;
		u->hint = ZSTD_decompressStream(u->z, &out, &u->in);
		if (ZSTD_isError(u->hint))
			return -EBADMSG;
		if (out.pos == u->end && u->in.pos == before && u->hint)
			return -EBADMSG;		/* cut short in a frame */
	}
	u->end = out.pos;
	return 1;
}

ssize_t
cpk_unzip_ahead(struct cpk_unzip *u, size_t want, const unsigned char **p)
{
	int r = 1;

	while (r > 0 && u->end - u->at < want)
		r = fill(u);
	*p = u->buf + u->at;
	return r < 0 ? r : (ssize_t)(u->end - u->at);
}

void
cpk_unzip_take(struct cpk_unzip *u, size_t n)
{
	u->at += n;
}
