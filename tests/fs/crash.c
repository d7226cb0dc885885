/* SPDX-License-Identifier: MIT */
/*
 * Power cuts. A workload runs on a recording device; then, for every point of the record, disks are made
 * as a power cut there could leave them: all that was flushed, and of the rest a random choice, some
 * blocks only in part. Each must mount, check clean, and be exactly the state of some commit that is no
 * older than the last sync that returned.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops.h"
#include "tests.h"

#define MAXGEN	4000

static uint64_t digest[MAXGEN];		/* by generation; 0: not known (a commit inside an operation) */

/* Applies writes [from, to) of the log as a disk with a cache might. */
static void apply_some(const struct dev *d, uint8_t *img, size_t from, size_t to, uint32_t chance)
{
	for (size_t i = from; i < to; i++) {
		const struct rec *r = &d->log[i];
		size_t at = 0, n = CFS_PAGE;

		if (pick(100) >= chance)
			continue;
		if (!pick(10)) {		/* torn: some sectors of it */
			at = 512 * pick(8);
			n = 512 * (1 + pick((uint32_t)(8 - at / 512)));
		}
		memcpy(img + r->blk * CFS_PAGE + at, r->data + at, n);
	}
}

static void check_image(struct dev *img, uint64_t synced, size_t cut)
{
	struct cfs_statfs st;
	struct cfs *fs;

	if (dev_check(img, 0, true))
		FAIL("cut at %zu: the check finds faults", cut);
	fs = dev_mount(img, 0, 0);
	cfs_statfs(fs, &st);
	if (st.gen < synced)
		FAIL("cut at %zu: generation %llu, but %llu was synced", cut, (unsigned long long)st.gen,
		     (unsigned long long)synced);
	if (digest[st.gen] && dump(fs) != digest[st.gen])
		FAIL("cut at %zu: contents are not those of generation %llu", cut, (unsigned long long)st.gen);
	OK(cfs_unmount(fs));
	if (dev_check(img, 0, true))
		FAIL("cut at %zu: faults after the first mount", cut);
}

struct point {
	size_t at;		/* log length when a sync returned */
	uint64_t gen;
};

static void replay(struct dev *d, const uint8_t *start, const struct point *p, size_t np, unsigned tries)
{
	struct dev *stable = dev_new(d->nblocks), *img = dev_new(d->nblocks);
	size_t bytes = d->nblocks * CFS_PAGE, flushed = 0, k = 0;
	uint64_t synced = 0;
	unsigned long images = 0;

	memcpy(stable->mem, start, bytes);
	img->quiet = true;
	for (size_t cut = 0; cut <= d->nlog; cut++) {
		for (; k < np && p[k].at <= cut; k++)
			synced = p[k].gen;
		for (unsigned t = 0; t < tries; t++, images++) {
			memcpy(img->mem, stable->mem, bytes);
			apply_some(d, img->mem, flushed, cut, t ? 25 * pick(5) : 100);
			check_image(img, synced, cut);
		}
		if (cut < d->nlog && d->log[cut].blk == FLUSH) {
			for (; flushed < cut; flushed++)
				memcpy(stable->mem + d->log[flushed].blk * CFS_PAGE, d->log[flushed].data, CFS_PAGE);
			flushed = cut + 1;
		}
	}
	fprintf(stderr, "crash: %zu cut points, %lu images\n", d->nlog, images);
	dev_free(stable);
	dev_free(img);
}

static uint64_t generation(struct cfs *fs)
{
	struct cfs_statfs st;

	cfs_statfs(fs, &st);
	return st.gen;
}

/* Snapshots come and go meanwhile: what they keep is checked with everything else. */
static void toggle_snapshot(struct cfs *fs)
{
	char name[2] = { (char)('a' + (int)pick(3)), 0 };
	int err = cfs_snapshot_create(fs, name, 1);

	if (err == -EEXIST)
		err = cfs_snapshot_delete(fs, name, 1);
	if (err != -ENOSPC)
		OK(err);
}

static void one_run(uint64_t nblocks, unsigned warm, unsigned ops, unsigned tries)
{
	struct dev *d = dev_new(nblocks);
	struct cfs *fs = dev_mkfs(d);
	struct model *m = model_new(24);
	uint8_t *start = malloc(nblocks * CFS_PAGE);
	struct point p[MAXGEN];
	size_t np = 0;

	for (unsigned i = 0; i < warm; i++)
		model_step(m, fs);
	OK(cfs_sync(fs));
	memcpy(start, d->mem, nblocks * CFS_PAGE);
	memset(digest, 0, sizeof digest);
	p[np++] = (struct point){ 0, generation(fs) };
	digest[generation(fs)] = 0;
	dev_record(d, true);
	for (unsigned i = 0; i < ops; i++) {
		model_step(m, fs);
		if (!pick(12))
			toggle_snapshot(fs);
		if (pick(5))
			continue;
		model_close_all(m, fs);		/* orphans are freed by the mount: not part of the digest */
		OK(cfs_sync(fs));
		CHECK(generation(fs) < MAXGEN);
		digest[generation(fs)] = dump(fs);
		p[np++] = (struct point){ d->nlog, generation(fs) };
	}
	dev_record(d, false);
	model_close_all(m, fs);
	cfs_abandon(fs);
	replay(d, start, p, np, tries);
	free(start);
	model_free(m);
	dev_free(d);
}

void test_crash(void)
{
	const char *s = getenv("CRASH_OPS");
	unsigned ops = s ? (unsigned)atoi(s) : 120;

	one_run(1024, 300, ops, 3);
	one_run(400, 600, ops, 3);	/* nearly full: blocks are reused at once */
}
