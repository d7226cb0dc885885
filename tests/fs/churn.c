/* SPDX-License-Identifier: MIT */
/*
 * Snapshots, shared copies, holes and blocks set aside, in random order: every page of every file of the present
 * state and of each snapshot is compared with a model, the whole is checked, and in the end all space is free again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev.h"
#include "tests.h"

#define FILES	5u
#define PAGES	96u
#define SNAPS	6u

/* Pages by tag (0: zeros), files by number. */
struct state {
	uint64_t tag[FILES][PAGES];
};

struct saved {
	bool used;
	char name[16];
	struct state s;
};

static struct state now;
static struct saved snaps[SNAPS];
static uint8_t buf[PAGES * CFS_PAGE], want[CFS_PAGE];
static unsigned names, enospc;

static struct cfs_inode *file(struct cfs_inode *root, unsigned i)
{
	char name[2] = { (char)('a' + (int)i), 0 };
	struct cfs_inode *ip;

	OK(cfs_lookup(root, name, 1, &ip));
	return ip;
}

static void check_tree(struct cfs_inode *root, const struct state *s)
{
	for (unsigned i = 0; i < FILES; i++) {
		struct cfs_inode *ip = file(root, i);

		OK(cfs_read(ip, 0, PAGES, buf));
		for (unsigned p = 0; p < PAGES; p++) {
			fill_page(want, s->tag[i][p]);
			if (memcmp(want, buf + p * CFS_PAGE, CFS_PAGE))
				FAIL("file %u page %u differs", i, p);
		}
		cfs_iput(ip);
	}
}

static void check_saved(struct cfs *fs, const struct saved *sv)
{
	struct cfs_inode *dir, *root = cfs_root(fs), *top;

	OK(cfs_lookup(root, CFS_SNAPDIR, sizeof CFS_SNAPDIR - 1, &dir));
	OK(cfs_lookup(dir, sv->name, strlen(sv->name), &top));
	check_tree(top, &sv->s);
	CHECK(cfs_create(top, "new", 3, &(struct cfs_new){ .mode = 0100644 }, NULL) == -EROFS);
	cfs_iput(top);
	cfs_iput(dir);
	cfs_iput(root);
}

/* A full disk is no failure; what was done in part is made known again. */
static bool done(struct cfs_inode *ip, unsigned i, unsigned p, unsigned n, int err)
{
	if (err != -ENOSPC) {
		OK(err);
		return true;
	}
	enospc++;
	OK(cfs_punch(ip, p, n));
	memset(&now.tag[i][p], 0, n * 8);
	return false;
}

static void change(struct cfs_inode *root, unsigned i, unsigned p, unsigned n)
{
	struct cfs_inode *ip = file(root, i), *other;
	unsigned k = pick(FILES), to = pick(PAGES - n + 1);

	switch (pick(8)) {
	case 0:
		OK(cfs_punch(ip, p, n));
		memset(&now.tag[i][p], 0, n * 8);
		break;
	case 1:
		if (!done(ip, i, p, n, cfs_allocate(ip, p, n)))
			break;
		break;
	case 2: case 3:
		other = file(root, k);
		if (k == i && p < to + n && to < p + n)
			CHECK(cfs_clone(ip, p, other, to, n, PAGES * CFS_PAGE) == -EINVAL);
		else if (done(other, k, to, n, cfs_clone(ip, p, other, to, n, PAGES * CFS_PAGE)))
			memmove(&now.tag[k][to], &now.tag[i][p], n * 8);
		cfs_iput(other);
		break;
	default:
		for (unsigned q = 0; q < n; q++)
			fill_page(buf + q * CFS_PAGE, now.tag[i][p + q] = rnd() | 1);
		done(ip, i, p, n, cfs_write(ip, p, n, buf, PAGES * CFS_PAGE, 0));
	}
	cfs_iput(ip);
}

static void snapshot(struct cfs *fs)
{
	struct saved *sv = &snaps[pick(SNAPS)];
	int err;

	if (!sv->used) {
		sprintf(sv->name, "s%u", names++);
		err = cfs_snapshot_create(fs, sv->name, strlen(sv->name));
		if (err == -ENOSPC)
			return;
		OK(err);
		sv->s = now;
		sv->used = true;
		CHECK(cfs_snapshot_create(fs, sv->name, strlen(sv->name)) == -EEXIST);
		return;
	}
	check_saved(fs, sv);
	err = cfs_snapshot_delete(fs, sv->name, strlen(sv->name));
	if (err == -EBUSY)
		return;		/* two have grown from it */
	OK(err);
	sv->used = false;
}

static struct cfs *roll_back(struct dev *d, struct cfs *fs)
{
	struct saved *sv = &snaps[pick(SNAPS)];

	if (sv->used) {
		OK(cfs_snapshot_rollback(fs, sv->name, strlen(sv->name)));
		now = sv->s;
	}
	OK(cfs_unmount(fs));
	return dev_mount(d, 0, 64);
}

static struct cfs *start(struct dev *d, uint64_t *avail)
{
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs);
	struct cfs_statfs st;

	for (unsigned i = 0; i < FILES; i++) {
		char name[2] = { (char)('a' + (int)i), 0 };

		OK(cfs_create(root, name, 1, &(struct cfs_new){ .mode = 0100644 }, NULL));
	}
	cfs_iput(root);
	OK(cfs_sync(fs));
	cfs_statfs(fs, &st);
	*avail = st.avail;
	memset(&now, 0, sizeof now);
	memset(snaps, 0, sizeof snaps);
	return fs;
}

static void churn_all(struct cfs *fs, unsigned ops)
{
	for (unsigned i = 0; i < ops; i++) {
		struct cfs_inode *root = cfs_root(fs);
		unsigned p = pick(PAGES), n = 1 + pick(pick(4) ? 8 : PAGES);

		change(root, pick(FILES), p, n < PAGES - p ? n : PAGES - p);
		cfs_iput(root);
		if (!pick(20))
			OK(cfs_sync(fs));
		if (!pick(25))
			snapshot(fs);
	}
}

static void finish(struct dev *d, struct cfs *fs, uint64_t avail)
{
	struct cfs_inode *root = cfs_root(fs);
	struct cfs_statfs st;

	for (unsigned left = SNAPS; left--;)
		for (unsigned i = 0; i < SNAPS; i++)
			if (snaps[i].used && !cfs_snapshot_delete(fs, snaps[i].name, strlen(snaps[i].name)))
				snaps[i].used = false;
	for (unsigned i = 0; i < FILES; i++) {
		struct cfs_inode *ip = file(root, i);

		CHECK(!snaps[i].used);
		OK(cfs_truncate(ip, 0));
		cfs_iput(ip);
	}
	cfs_iput(root);
	OK(cfs_sync(fs));
	cfs_statfs(fs, &st);
	if (st.avail + 8 < avail)
		FAIL("%llu blocks are lost", (unsigned long long)(avail - st.avail));
	OK(cfs_unmount(fs));
	CHECK(dev_check(d, 0, true) == 0);
}

static void churn(uint64_t nblocks, unsigned rounds)
{
	struct dev *d = dev_new(nblocks);
	uint64_t avail;
	struct cfs *fs = start(d, &avail);

	for (unsigned r = 0; r < rounds; r++) {
		struct cfs_inode *root;

		churn_all(fs, 150);
		if (!pick(3))
			fs = roll_back(d, fs);
		root = cfs_root(fs);
		check_tree(root, &now);
		cfs_iput(root);
		for (unsigned i = 0; i < SNAPS; i++)
			if (snaps[i].used)
				check_saved(fs, &snaps[i]);
		OK(cfs_sync(fs));
		if (dev_check(d, 0, true))
			FAIL("round %u: the check finds faults", r);
	}
	finish(d, fs, avail);
	dev_free(d);
}

void test_churn(void)
{
	const char *s = getenv("CHURN_ROUNDS");
	unsigned n = s ? (unsigned)atoi(s) : 40;

	churn(6000, n);
	churn(1200, n);		/* often full */
}
