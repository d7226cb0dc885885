/* SPDX-License-Identifier: MIT */
/* Damaged images: a flipped bit is detected and never shown as data; nonsense crashes nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../os/srv/fs/lib/format.h"
#include "ops.h"
#include "tests.h"

#define MAXSEEN	2000
#define FLIPS	1000u

struct list {
	char *path[MAXSEEN];
	uint64_t digest[MAXSEEN];
	size_t n;
	bool exact;
};

static struct dev *sample(uint64_t nblocks, unsigned ops)
{
	struct dev *d = dev_new(nblocks);
	struct cfs *fs = dev_mkfs(d);
	struct model *m = model_new(64);

	for (unsigned i = 0; i < ops; i++)
		model_step(m, fs);
	model_close_all(m, fs);
	OK(cfs_unmount(fs));
	model_free(m);
	d->quiet = true;
	return d;
}

static void add(void *arg, const char *path, uint64_t digest)
{
	struct list *l = arg;

	CHECK(l->n < MAXSEEN);
	l->path[l->n] = strdup(path);
	l->digest[l->n++] = digest;
}

/* What can be read must be what was written. Paths come in the same order as in the sound image. */
static void compare(void *arg, const char *path, uint64_t digest)
{
	struct list *l = arg;

	while (l->n < MAXSEEN && l->path[l->n] && strcmp(l->path[l->n], path))
		l->n++;
	if (l->n == MAXSEEN || !l->path[l->n])
		FAIL("%.40s: not in the sound image", path);
	if (l->digest[l->n] != digest)
		FAIL("%.40s: wrong contents without an error", path);
}

/* True when the check noticed. */
static bool flip_one(struct dev *d, struct list *l, uint64_t bit)
{
	struct cfs_mount_opt o = { .flags = CFS_RDONLY };
	unsigned errors = 0;
	struct cfs_io io;
	struct cfs *fs;
	int faults;

	d->mem[bit / 8] ^= 1 << bit % 8;
	d->logged = 0;
	faults = dev_check(d, 0, false);
	dev_io(d, &io);
	if (!cfs_mount(&io, &o, &fs)) {
		l->n = 0;
		dump_each(fs, compare, l, &errors);
		cfs_abandon(fs);
		if (errors && !faults)
			FAIL("bit %llu: an error, but the check finds nothing", (unsigned long long)bit);
		if (errors && !d->logged)
			FAIL("bit %llu: an error that was not logged", (unsigned long long)bit);
	} else if (!faults) {
		FAIL("bit %llu: cannot be mounted, but the check finds nothing", (unsigned long long)bit);
	}
	d->mem[bit / 8] ^= 1 << bit % 8;
	return faults != 0;
}

void test_flips(void)
{
	struct dev *d = sample(1500, 3000);
	struct cfs *fs = dev_mount(d, CFS_RDONLY, 0);
	struct list l = { 0 };
	unsigned errors, found = 0;
	struct cfs_statfs st;

	dump_each(fs, add, &l, &errors);
	cfs_statfs(fs, &st);
	CHECK(!errors && l.n > 50);
	cfs_abandon(fs);
	for (int i = 0; i < (int)FLIPS; i++)
		found += flip_one(d, &l, rnd() % (d->nblocks * CFS_PAGE * 8));
	/* About as many flips as there are used blocks must have been noticed. */
	CHECK(found > FLIPS * (st.blocks - st.free) / st.blocks * 9 / 10);
	for (size_t i = 0; i < l.n || l.path[i]; i++)
		free(l.path[i]);
	dev_free(d);
}

static void ignore(void *arg, const char *path, uint64_t digest)
{
	(void)arg;
	(void)path;
	(void)digest;
}

/* Random damage; superblocks get a right checksum again, and the mount ignores those of nodes. */
static void damage(struct dev *d)
{
	static const uint64_t good[] = { 0, 1, 2, 7, 8, 0xff, 0x100, 0xffff, 0x7fffffff, ~0ull, 1ull << 63 };
	unsigned hits = 1 + pick(20);

	while (hits--) {
		uint64_t blk = pick(4) ? pick(300) : pick((uint32_t)d->nblocks);
		uint8_t *p = d->mem + blk * CFS_PAGE;
		uint32_t at = pick(3) ? pick(300) : pick(CFS_PAGE);
		uint64_t v = pick(2) ? good[pick(11)] : rnd();

		if (pick(3))
			p[at] = (uint8_t)v;
		else
			memcpy(p + (at & 0xff8), &v, 8);
	}
	for (uint64_t i = 0; i < 4; i++) {
		struct cfs_super *sb = (void *)(d->mem + (i < 2 ? i + 1 : d->nblocks - 4 + i) * CFS_PAGE);

		sb->csum = cfs_xxh64(sb, CFS_PAGE - 8, 0);
	}
}

static void use(struct dev *d)
{
	struct cfs_mount_opt o = { .flags = CFS_NOVERIFY, .cache_nodes = 64 };
	struct cfs_inode *root, *ip;
	unsigned errors;
	struct cfs_io io;
	struct cfs *fs;
	char name[8];

	dev_check(d, CFS_NOVERIFY, false);
	dev_io(d, &io);
	if (cfs_mount(&io, &o, &fs))
		return;
	dump_each(fs, ignore, NULL, &errors);
	root = cfs_root(fs);
	for (int i = 0; i < 40 && root; i++) {
		size_t n = (size_t)sprintf(name, "n%u", pick(36));
		static uint8_t buf[8 * CFS_PAGE];

		if (cfs_lookup(root, name, n, &ip)) {
			cfs_create(root, name, n, &(struct cfs_new){ .mode = 0100644 }, NULL);
			continue;
		}
		cfs_write(ip, pick(100), 1 + pick(8), buf, 0, 0);
		if (pick(2))
			cfs_truncate(ip, pick(100000));
		if (pick(2))
			cfs_rename(root, name, n, root, "new", 3, pick(3));
		if (pick(2))
			cfs_unlink(root, name, n);
		cfs_iput(ip);
	}
	cfs_iput(root);
	cfs_unmount(fs);
}

/* For half of FUZZ_SECONDS. */
void test_fuzz(void)
{
	const char *s = getenv("FUZZ_SECONDS");
	time_t end = time(NULL) + (s ? atoi(s) : 5) / 2 + 1;
	struct dev *sound = sample(1500, 2500), *d = dev_new(1500);
	unsigned long n = 0;

	d->quiet = true;
	for (; time(NULL) < end; n++) {
		memcpy(d->mem, sound->mem, 1500 * CFS_PAGE);
		damage(d);
		use(d);
	}
	fprintf(stderr, "fuzz: %lu images\n", n);
	CHECK(n > 0);
	dev_free(sound);
	dev_free(d);
}
