/* SPDX-License-Identifier: MIT */
/*
 * A patch makes a package's stream of that of another build of it. The stream of a package is the
 * text of its manifest, then the content of its files in the order of their rows: a system that
 * has the old package installed can make the old stream from its disk. What comes out counts only
 * by hashes: that of the manifest is signed (index(5)), those of the files are in the manifest.
 *
 *	"calx-patch 1 OLD MANIFEST NEW\n"	lengths: old stream, new manifest, new stream
 *	a zstd frame whose prefix is the old stream
 */
#ifndef CPK_PATCH_H
#define CPK_PATCH_H

#include "cpk.h"

#define CPK_MAX_STREAM	(96u << 20)	/* bytes of a stream; larger packages have no patches */

struct cpk_patch {
	size_t old, manifest, new;	/* lengths */
	const void *frame;		/* in the data parsed */
	size_t nframe;
};

int cpk_patch_parse(struct cpk_patch *p, const void *data, size_t n, const char *file,
		struct cpk_error *err);

/* Makes the new stream, fresh. */
int cpk_patch_apply(const struct cpk_patch *p, const void *old, size_t nold, char **new,
		const char *file, struct cpk_error *err);
int cpk_patch_make(const void *old, size_t nold, const void *new, size_t nnew, size_t manifest,
		char **out, size_t *n);

/* The stream of a package that is being read, and the length of its manifest; -EFBIG. */
int cpk_stream(struct cpk_reader *r, char **out, size_t *n, size_t *manifest, struct cpk_error *err);

#endif
