/* SPDX-License-Identifier: MIT */
/*
 * What changed between two texts of an index, small: a package that went to another version costs
 * its hash and about eight bytes (index(5)).
 *
 *	"calx-delta 1\n"
 *	32 bytes, u32	SHA-256 and length of the delta that leads to the old text; zeros: none
 *	32 bytes, u32	BLAKE2b-256 and length of the old text
 *	u32		length of the new text
 *	u8		1: the frame was made with the old text as its prefix
 *	u32, u32	lengths of the operations, and of the zstd frame that holds them
 *	the frame; then the new hashes of changed packages, 32 bytes each
 *
 * Numbers are little-endian. An operation is a varint N*8+KIND:
 *
 *	0 copy N packages of the old text	1 pass over N of them
 *	2 N bytes of new text follow
 *	3 copy N, then the next one is changed	4 the same, but the next one is not passed over
 *
 * A change: bytes kept at the head and at the tail of the version, length of what comes between and
 * that; then how much larger (zigzag) the installed size and the package are. All varints.
 */
#ifndef CPK_DELTA_H
#define CPK_DELTA_H

#include "index.h"

struct cpk_delta {
	uint8_t prev[32];		/* SHA-256 of the delta before; prev_bytes 0: none */
	uint32_t prev_bytes;
	uint8_t from[CPK_HASH];		/* of the old text */
	uint32_t from_bytes, to_bytes;
	int prefixed;
	uint32_t nops;			/* of the operations, unpacked */
	const uint8_t *frame;		/* in the data parsed */
	size_t nframe;
	const uint8_t *hashes;
	size_t nhashes;			/* how many */
};

int cpk_delta_parse(struct cpk_delta *d, const void *data, size_t n, const char *file,
		struct cpk_error *err);

/* Makes the new text (fresh) of the old one. Its hash is the caller's to check. */
int cpk_delta_apply(const struct cpk_delta *d, const char *old, size_t nold, char **new, size_t *nnew,
		const char *file, struct cpk_error *err);

/* Makes a delta of two texts; prev and prev_bytes as above. -E2BIG when it would not be smaller. */
int cpk_delta_make(const char *old, size_t nold, const char *new, size_t nnew,
		const uint8_t prev[32], uint32_t prev_bytes, char **out, size_t *n);

/* The values of a package's text that a change replaces, as ranges of it. */
struct cpk_span {
	size_t at, n;
};
struct cpk_spans {
	struct cpk_span version, size, hash, bytes;
};

/* The length of the package that begins at s, its empty line included; 0 when there is no end. */
size_t cpk_block_len(const char *s, size_t n);
int cpk_block_spans(const char *s, size_t n, struct cpk_spans *out);

#define CPK_INDEX_HEAD	"calx-index 1\n\n"

#endif
