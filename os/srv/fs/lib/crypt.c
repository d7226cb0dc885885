/* SPDX-License-Identifier: MIT */
/*
 * Checksums and encryption: blocks on their way between memory and disk.
 *
 * An encrypted block's nonce is 16 random bytes of the transaction that wrote it and the block's number;
 * a transaction writes a block once (alloc_free). Nodes have nonce and tag in their head, which is in
 * clear and proved by the tag; data have them in the extent.
 */
#include "fs.h"

#define CLEAR	32u	/* bytes of a head before its nonce */
#define HEAD	((uint32_t)sizeof(struct cfs_nodehead))

static void make_nonce(uint8_t out[24], const uint8_t nonce[16], uint64_t blk)
{
	memcpy(out, nonce, 16);
	memcpy(out + 16, &blk, 8);
}

uint64_t node_seal(struct cfs *fs, const void *clear, void *out)
{
	struct cfs_nodehead *h = out;
	uint8_t nonce[24];

	memcpy(out, clear, CFS_BLOCK);
	if (fs->crypt) {
		memcpy(h->nonce, fs->nonce, 16);
		make_nonce(nonce, h->nonce, h->blk);
		fs->crypt->seal(fs->crypt, (uint8_t *)out + HEAD, CFS_BLOCK - HEAD, out, CLEAR, nonce, h->tag);
	}
	return cfs_xxh64(out, CFS_BLOCK, 0);
}

int node_open(const struct cfs *fs, void *buf)
{
	struct cfs_nodehead *h = buf;
	uint8_t nonce[24];

	make_nonce(nonce, h->nonce, h->blk);
	return fs->crypt->open(fs->crypt, (uint8_t *)buf + HEAD, CFS_BLOCK - HEAD, buf, CLEAR, nonce, h->tag);
}

/* Blocks of x from `in`: checksums alone, or encrypted to `out` with the running transaction's nonce. */
int data_seal(struct cfs *fs, struct ext *x, const uint8_t *in, uint8_t *out)
{
	uint8_t nonce[24];
	uint64_t sum;

	if (fs->crypt)
		memcpy(x->tail, fs->nonce, 16);
	for (uint32_t i = 0; i < x->e.count; i++, in += CFS_BLOCK) {
		if (!fs->crypt) {
			sum = cfs_xxh64(in, CFS_BLOCK, 0);
			memcpy(x->tail + 8 * i, &sum, 8);
			continue;
		}
		make_nonce(nonce, fs->nonce, x->e.blk + i);
		memcpy(out, in, CFS_BLOCK);
		fs->crypt->seal(fs->crypt, out, CFS_BLOCK, NULL, 0, nonce, x->tail + 16 + 16 * i);
		out += CFS_BLOCK;
	}
	return 0;
}

/* Verifies a block of data, and decrypts it in place. */
int data_open(const struct cfs *fs, const uint8_t *nonce, uint64_t blk, const uint8_t *sum, uint8_t *page)
{
	uint8_t full[24];
	uint64_t want;

	if (fs->crypt) {
		make_nonce(full, nonce, blk);
		return fs->crypt->open(fs->crypt, page, CFS_BLOCK, NULL, 0, full, sum);
	}
	memcpy(&want, sum, 8);
	return cfs_xxh64(page, CFS_BLOCK, 0) == want ? 0 : -EIO;
}
