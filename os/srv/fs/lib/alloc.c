/* SPDX-License-Identifier: MIT */
/*
 * Free space: one bitmap block for each group of 32768 blocks, loaded when first needed.
 *
 * `used` is the state that the next commit writes; `busy` also holds what was freed since the last
 * commit, which the last durable state still needs. Allocation looks at busy only. A bitmap block
 * and an index block have two fixed places each and are written to the one that is not current, so
 * writing the map needs no allocation.
 */
#include "fs.h"

#define WORDS	((int)(CFS_GROUP / 64))

uint32_t fs_ngroups(uint64_t nblocks)
{
	return (uint32_t)((nblocks + CFS_GROUP - 1) / CFS_GROUP);
}

static uint32_t nindex(uint64_t nblocks)
{
	return (fs_ngroups(nblocks) + CFS_IDX_GROUPS - 1) / CFS_IDX_GROUPS;
}

uint64_t bitmap_block(uint32_t nidx, uint64_t g, uint32_t slot)
{
	return g * CFS_GROUP + (g ? 0 : CFS_IDX_FIRST + 2 * nidx) + slot;
}

bool alloc_fixed(uint64_t nblocks, uint64_t blk)
{
	if (blk < CFS_GROUP)
		return blk < CFS_IDX_FIRST + 2 * nindex(nblocks) + 2 || blk >= nblocks - 2;
	return blk % CFS_GROUP < 2 || blk >= nblocks - 2;
}

uint64_t alloc_data_start(uint64_t nblocks)
{
	uint64_t start = CFS_IDX_FIRST + 2 * nindex(nblocks) + 2 + nblocks / 16;

	return start < 8192 ? start : 8192;
}

bool bit_get(const uint64_t *map, uint64_t i)
{
	return map[i / 64] >> (i % 64) & 1;
}

static void set_bits(uint64_t *map, uint32_t i, uint32_t n)
{
	for (; n; i++, n--)
		map[i / 64] |= 1ull << (i % 64);
}

static void clear_bits(uint64_t *map, uint32_t i, uint32_t n)
{
	for (; n; i++, n--)
		map[i / 64] &= ~(1ull << (i % 64));
}

/* First bit >= i with the given value, or CFS_GROUP. */
static uint32_t next_bit(const uint64_t *map, uint32_t i, bool val)
{
	uint64_t flip = val ? 0 : ~0ull, w;

	if (i >= CFS_GROUP)
		return CFS_GROUP;
	w = (map[i / 64] ^ flip) & ~0ull << (i % 64);
	for (i /= 64; !w; w = map[i] ^ flip)
		if (++i == WORDS)
			return CFS_GROUP;
	return i * 64 + (uint32_t)__builtin_ctzll(w);
}

static uint32_t count_free(const uint64_t *map)
{
	uint32_t n = 0;

	for (int i = 0; i < WORDS; i++)
		n += (uint32_t)__builtin_popcountll(~map[i]);
	return n;
}

/* The blocks of this group that are never free must be marked, whatever the disk says. */
static bool fixed_marked(struct cfs *fs, uint32_t g, const uint64_t *map)
{
	uint64_t first = (uint64_t)g * CFS_GROUP, last = fs->nblocks - 1;
	uint32_t head = g ? 2 : CFS_IDX_FIRST + 2 * fs->nidx + 2;

	if (next_bit(map, 0, false) < head)
		return false;
	if (g == fs->ngrp - 1 && next_bit(map, (uint32_t)(fs->nblocks - first), false) < CFS_GROUP)
		return false;
	for (uint64_t b = last - 1; b <= last; b++)
		if (b / CFS_GROUP == g && !bit_get(map, (uint32_t)(b % CFS_GROUP)))
			return false;
	return true;
}

/* A group whose bitmap cannot be trusted is never allocated from; frees in it are lost until a repair. */
static void group_bad(struct cfs *fs, uint32_t g, const char *why)
{
	struct group *gr = &fs->grp[g];

	fs_log(fs, "calxfs: free map of group %u: %s", (unsigned)g, why);
	gr->bad = true;
	fs->nfree -= gr->nfree;
	gr->nfree = 0;
}

static int group_load(struct cfs *fs, uint32_t g)
{
	struct group *gr = &fs->grp[g];
	uint64_t *map;

	if (gr->used || gr->bad)
		return gr->bad ? -EIO : 0;
	map = fs->io.alloc(fs->io.ctx, 2 * CFS_BLOCK);
	if (!map)
		return -ENOMEM;
	if (fs->io.read(fs->io.ctx, bitmap_block(fs->nidx, g, gr->slot), 1, map))
		group_bad(fs, g, "cannot be read");
	else if (!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(map, CFS_BLOCK, 0) != gr->csum)
		group_bad(fs, g, "bad checksum");
	else if (count_free(map) != gr->disk_free || !fixed_marked(fs, g, map))
		group_bad(fs, g, "inconsistent");
	if (gr->bad) {
		fs->io.free(fs->io.ctx, map);
		return -EIO;
	}
	gr->used = map;
	gr->busy = map + WORDS;
	memcpy(gr->busy, gr->used, CFS_BLOCK);
	gr->maxrun = CFS_GROUP;
	return 0;
}

static int index_load(struct cfs *fs, uint32_t i, struct cfs_index *ix)
{
	struct cfs_idxref *ref = &fs->sb.idx[i];
	int err;

	if (ref->slot > 1) {
		ref->slot = 0;
		return -EIO;
	}
	err = fs->io.read(fs->io.ctx, CFS_IDX_FIRST + 2 * i + ref->slot, 1, ix);
	if (err)
		return err;
	if ((!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(ix, CFS_BLOCK, 0) != ref->csum) ||
	    ix->magic != CFS_INDEX_MAGIC || ix->index != i) {
		fs_log(fs, "calxfs: index block %u of the free map: bad checksum", (unsigned)i);
		return -EIO;
	}
	return 0;
}

/* Without its index block nothing is known of these groups: they are left alone until a repair. */
static void index_lost(struct cfs *fs, uint32_t i)
{
	for (uint32_t k = 0; k < CFS_IDX_GROUPS && i * CFS_IDX_GROUPS + k < fs->ngrp; k++)
		fs->grp[i * CFS_IDX_GROUPS + k].bad = true;
}

static int index_take(struct cfs *fs, uint32_t i, const struct cfs_index *ix)
{
	for (uint32_t k = 0; k < CFS_IDX_GROUPS && i * CFS_IDX_GROUPS + k < fs->ngrp; k++) {
		struct group *gr = &fs->grp[i * CFS_IDX_GROUPS + k];
		const struct cfs_gdesc *d = &ix->group[k];

		if (d->slot > 1 || d->nfree > CFS_GROUP) {
			gr->bad = true;
			continue;
		}
		*gr = (struct group){ .slot = d->slot, .disk_free = d->nfree, .nfree = d->nfree,
				      .maxrun = d->nfree, .csum = d->csum };
		fs->nfree += d->nfree;
	}
	return 0;
}

int alloc_load(struct cfs *fs)
{
	struct cfs_index *ix = fs->io.alloc(fs->io.ctx, sizeof *ix);
	int err = 0;

	fs->ngrp = fs_ngroups(fs->nblocks);
	fs->nidx = nindex(fs->nblocks);
	fs->grp = fs->io.alloc(fs->io.ctx, fs->ngrp * sizeof *fs->grp);
	if (!fs->grp || !ix) {
		fs->io.free(fs->io.ctx, ix);
		return -ENOMEM;
	}
	memset(fs->grp, 0, fs->ngrp * sizeof *fs->grp);
	for (uint32_t i = 0; i < fs->nidx && !err; i++) {
		if (index_load(fs, i, ix) || index_take(fs, i, ix))
			index_lost(fs, i);
	}
	fs->io.free(fs->io.ctx, ix);
	fs->data_goal = alloc_data_start(fs->nblocks);
	fs->meta_goal = 0;
	fs->twin_goal = fs->nblocks / 2;
	return err;
}

void alloc_free_all(struct cfs *fs)
{
	for (uint32_t g = 0; fs->grp && g < fs->ngrp; g++)
		fs->io.free(fs->io.ctx, fs->grp[g].used);
	fs->io.free(fs->io.ctx, fs->grp);
}

/* The best run of at most `want` free blocks in group g from bit `from` on: the first full one, else the longest. */
static uint32_t find_run(struct group *gr, uint32_t from, uint32_t want, uint32_t *at)
{
	uint32_t best = 0;

	for (uint32_t i = next_bit(gr->busy, from, false); i < CFS_GROUP;) {
		uint32_t end = next_bit(gr->busy, i, true), n = end - i;

		if (n > best) {
			best = n;
			*at = i;
		}
		if (n >= want)
			return want;
		i = next_bit(gr->busy, end, false);
	}
	if (!from)
		gr->maxrun = best;
	return best;
}

/* What was never looked at is left out: nothing was written there since the mount. */
uint64_t cfs_free_run(const struct cfs *fs, uint64_t *blk)
{
	uint32_t g = (uint32_t)(*blk / CFS_GROUP), from = *blk % CFS_GROUP, i;

	for (; g < fs->ngrp; g++, from = 0) {
		if (!fs->grp[g].used)
			continue;
		i = next_bit(fs->grp[g].busy, from, false);
		if (i == CFS_GROUP)
			continue;
		*blk = (uint64_t)g * CFS_GROUP + i;
		return next_bit(fs->grp[g].busy, i, true) - i;
	}
	return 0;
}

static void take_run(struct cfs *fs, uint32_t g, uint32_t at, uint32_t n)
{
	struct group *gr = &fs->grp[g];

	set_bits(gr->used, at, n);
	set_bits(gr->busy, at, n);
	gr->nfree -= n;
	gr->dirty = true;
	fs->nfree -= n;
	fs->changed = true;
}

/*
 * Takes up to `want` contiguous blocks, near goal if possible: the first place with a full run, else the
 * longest run seen. -ENOSPC only when nothing at all is free.
 */
int alloc_run(struct cfs *fs, uint64_t goal, uint32_t want, uint64_t *blk, uint32_t *got)
{
	uint32_t g = (uint32_t)(goal / CFS_GROUP), best = 0, bestg = 0, bestat = 0;

	if (goal >= fs->nblocks) {
		g = 0;
		goal = 0;
	}
	for (uint32_t k = 0; k <= fs->ngrp && best < want; k++, g = (g + 1) % fs->ngrp) {
		struct group *gr = &fs->grp[g];
		uint32_t at = 0, n, from = k ? 0 : (uint32_t)(goal % CFS_GROUP);

		if (gr->maxrun <= best || !gr->nfree || group_load(fs, g))
			continue;
		n = find_run(gr, from, want, &at);
		if (n > best) {
			best = n;
			bestg = g;
			bestat = at;
		}
	}
	if (!best)
		return -ENOSPC;
	take_run(fs, bestg, bestat, best);
	*blk = (uint64_t)bestg * CFS_GROUP + bestat;
	*got = best;
	return 0;
}

/* Gives back blocks that were just taken and never written. */
static void untake(struct cfs *fs, uint64_t blk, uint32_t n)
{
	for (; n; blk++, n--) {
		struct group *gr = &fs->grp[blk / CFS_GROUP];

		clear_bits(gr->used, blk % CFS_GROUP, 1);
		clear_bits(gr->busy, blk % CFS_GROUP, 1);
		gr->nfree++;
		gr->maxrun = CFS_GROUP;
		fs->nfree++;
	}
}

/* One block for a node: the block after the last one if it is free, else the start of a long free run. */
static int meta_block(struct cfs *fs, uint64_t *goal, uint64_t home, uint64_t *blk)
{
	uint64_t b = *goal;
	uint32_t g = (uint32_t)(b / CFS_GROUP), got;
	int err;

	if (b && b < fs->nblocks && !group_load(fs, g) && !bit_get(fs->grp[g].busy, b % CFS_GROUP)) {
		take_run(fs, g, b % CFS_GROUP, 1);
	} else {
		err = alloc_run(fs, b > home + alloc_data_start(fs->nblocks) ? home : b, 32, &b, &got);
		if (err)
			return err;
		untake(fs, b + 1, got - 1);
	}
	*goal = b + 1;
	*blk = b;
	return 0;
}

/* The second copies lie in the second half of the disk, if there is room. */
int alloc_meta(struct cfs *fs, uint64_t *blk, uint64_t *twin)
{
	int err = meta_block(fs, &fs->meta_goal, 0, blk);

	*twin = 0;
	if (err || fs->copies < 2)
		return err;
	err = meta_block(fs, &fs->twin_goal, fs->nblocks / 2, twin);
	if (err)
		untake(fs, *blk, 1);
	return err;
}

static int release_part(struct cfs *fs, uint32_t g, uint32_t at, uint32_t n, bool now)
{
	struct group *gr = &fs->grp[g];

	if (group_load(fs, g))
		return 0;
	for (uint32_t i = at; i < at + n; i++) {
		uint64_t blk = (uint64_t)g * CFS_GROUP + i;

		if (!bit_get(gr->used, i) || alloc_fixed(fs->nblocks, blk)) {
			fs_log(fs, "calxfs: block %llu freed twice", (unsigned long long)blk);
			return -EIO;
		}
	}
	clear_bits(gr->used, at, n);
	gr->dirty = true;
	fs->changed = true;
	if (now) {
		clear_bits(gr->busy, at, n);
		gr->nfree += n;
		gr->maxrun = CFS_GROUP;
		fs->nfree += n;
	} else {
		fs->npending += n;
	}
	return 0;
}

int alloc_release(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen)
{
	return gen <= fs->snap_gen ? 0 : alloc_free(fs, blk, n, gen);
}

/*
 * Blocks taken in the running transaction are usable at once, others after the commit. Not where blocks
 * are encrypted: the nonce of a transaction and the block's number are used for one content only.
 */
int alloc_free(struct cfs *fs, uint64_t blk, uint32_t n, uint64_t gen)
{
	while (n) {
		uint32_t at = blk % CFS_GROUP, k = CFS_GROUP - at < n ? CFS_GROUP - at : n;
		int err = release_part(fs, (uint32_t)(blk / CFS_GROUP), at, k, gen == fs->gen && !fs->crypt);

		if (err)
			return err;
		blk += k;
		n -= k;
	}
	return 0;
}

uint32_t alloc_dirty(const struct cfs *fs)
{
	uint32_t n = fs->nidx;

	for (uint32_t g = 0; g < fs->ngrp; g++)
		n += fs->grp[g].dirty;
	return n;
}

static int bitmap_seal(struct cfs *fs, uint32_t g, struct cfs_commit *c)
{
	struct group *gr = &fs->grp[g];
	uint8_t *buf;

	gr->slot ^= 1;
	gr->csum = cfs_xxh64(gr->used, CFS_BLOCK, 0);
	gr->disk_free = count_free(gr->used);
	buf = commit_add(c, bitmap_block(fs->nidx, g, gr->slot));
	if (!buf)
		return -ENOMEM;
	memcpy(buf, gr->used, CFS_BLOCK);
	gr->sealed = (uint64_t *)buf;
	gr->dirty = false;
	return 0;
}

static int index_seal(struct cfs *fs, uint32_t i, struct cfs_commit *c)
{
	struct cfs_idxref *ref = &c->sb.idx[i];
	struct cfs_index *ix;

	ref->slot ^= 1;
	ix = (void *)commit_add(c, CFS_IDX_FIRST + 2 * i + ref->slot);
	if (!ix)
		return -ENOMEM;
	memset(ix, 0, sizeof *ix);
	ix->magic = CFS_INDEX_MAGIC;
	ix->index = i;
	ix->gen = fs->gen;
	for (uint32_t k = 0; k < CFS_IDX_GROUPS && i * CFS_IDX_GROUPS + k < fs->ngrp; k++) {
		struct group *gr = &fs->grp[i * CFS_IDX_GROUPS + k];

		ix->group[k] = (struct cfs_gdesc){ gr->csum, gr->disk_free, gr->slot };
	}
	ref->csum = cfs_xxh64(ix, CFS_BLOCK, 0);
	return 0;
}

int alloc_seal(struct cfs *fs, struct cfs_commit *c)
{
	int err = 0;

	for (uint32_t i = 0; i < fs->nidx && !err; i++) {
		bool any = false;

		for (uint32_t g = i * CFS_IDX_GROUPS; g < fs->ngrp && g < (i + 1) * CFS_IDX_GROUPS && !err; g++)
			if (fs->grp[g].dirty) {
				any = true;
				err = bitmap_seal(fs, g, c);
			}
		if (any && !err)
			err = index_seal(fs, i, c);
	}
	return err;
}

/* The commit is durable: what it freed may be used, but for what was taken meanwhile. */
void alloc_committed(struct cfs *fs)
{
	for (uint32_t g = 0; g < fs->ngrp; g++) {
		struct group *gr = &fs->grp[g];
		uint32_t now;

		if (!gr->sealed)
			continue;
		for (int i = 0; i < WORDS; i++)
			gr->busy[i] = gr->used[i] | gr->sealed[i];
		now = count_free(gr->busy);
		fs->nfree += now - gr->nfree;
		gr->nfree = now;
		gr->maxrun = CFS_GROUP;
		gr->sealed = NULL;
	}
}
