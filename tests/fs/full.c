/* SPDX-License-Identifier: MIT */
/* Disks that are full or fail. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops.h"
#include "tests.h"

static const struct cfs_new file = { .mode = 0100644 };

static uint64_t available(struct cfs *fs)
{
	struct cfs_statfs st;

	cfs_statfs(fs, &st);
	return st.avail;
}

static int add_file(struct cfs_inode *root, int i, uint32_t pages)
{
	static uint8_t buf[16 * CFS_PAGE];
	struct cfs_attr a = { .size = pages * CFS_PAGE };
	struct cfs_inode *ip;
	char name[16];
	int err = cfs_create(root, name, (size_t)sprintf(name, "%d", i), &file, &ip);

	if (err)
		return err;
	for (uint32_t p = 0; p < pages; p++)
		fill_page(buf + p * CFS_PAGE, (uint64_t)i * 100 + p + 1);
	err = cfs_write(ip, 0, pages, buf, 0, 0);
	if (!err)
		err = cfs_setattr(ip, CFS_SET_SIZE, &a);
	cfs_iput(ip);
	return err;
}

static void check_file(struct cfs_inode *root, int i, uint32_t pages)
{
	static uint8_t got[CFS_PAGE], want[CFS_PAGE];
	struct cfs_inode *ip;
	char name[16];

	OK(cfs_lookup(root, name, (size_t)sprintf(name, "%d", i), &ip));
	for (uint32_t p = 0; p < pages; p++) {
		OK(cfs_read(ip, p, 1, got));
		fill_page(want, (uint64_t)i * 100 + p + 1);
		CHECK(!memcmp(got, want, CFS_PAGE));
	}
	cfs_iput(ip);
}

/* Fill, meet ENOSPC, remount, find all, delete all, and have all space back. Several times. */
void test_full(void)
{
	struct dev *d = dev_new(3000);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs);
	uint64_t before = available(fs);
	char name[16];
	int n, err;

	for (int round = 0; round < 3; round++) {
		uint32_t pages = round ? 7 : 1;

		for (n = 0; !(err = add_file(root, n, pages)); n++)
			;
		CHECK(err == -ENOSPC && n > 200);
		cfs_iput(root);
		OK(cfs_unmount(fs));
		CHECK(dev_check(d, 0, true) == 0);
		fs = dev_mount(d, 0, 0);
		root = cfs_root(fs);
		for (int i = 0; i < n; i++)
			check_file(root, i, pages);
		for (int i = 0; i < n; i++)
			OK(cfs_unlink(root, name, (size_t)sprintf(name, "%d", i)));
		err = cfs_unlink(root, name, (size_t)sprintf(name, "%d", n));
		CHECK(!err || err == -ENOENT);
		OK(cfs_sync(fs));
		CHECK(available(fs) + 2 >= before);
	}
	cfs_iput(root);
	OK(cfs_unmount(fs));
	dev_free(d);
}

/* Pages promised by cfs_reserve can be written in any order, whatever else goes on. */
void test_reserve(void)
{
	struct dev *d = dev_new(2000);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	static uint8_t page[CFS_PAGE];
	uint64_t n = 0;
	int i = 0;

	OK(cfs_create(root, "r", 1, &file, &ip));
	CHECK(cfs_reserve(fs, 1ull << 60) == -ENOSPC);
	while (!cfs_reserve(fs, 10))
		n += 10;
	CHECK(n > 1000);
	while (!add_file(root, i, 1))
		i++;
	for (uint64_t k = 0; k < n; k++) {
		uint64_t p = k * 7919 % n * 3;

		fill_page(page, p);
		OK(cfs_write(ip, p, 1, page, 0, CFS_CREDIT));
		if (!pick(50))
			OK(cfs_sync(fs));
	}
	CHECK(cfs_reserve(fs, n / 4) == -ENOSPC);
	cfs_iput(ip);
	OK(cfs_unlink(root, "r", 1));
	OK(cfs_sync(fs));
	OK(cfs_reserve(fs, 1000));
	cfs_unreserve(fs, 1000);
	cfs_iput(root);
	OK(cfs_unmount(fs));
	CHECK(dev_check(d, 0, true) == 0);
	dev_free(d);
}

/* A disk that stops taking writes at any moment: an error, no damage, the last synced state stays. */
void test_failing(void)
{
	for (long after = 0; after < 150; after += 3) {
		struct dev *d = dev_new(1024);
		struct cfs *fs = dev_mkfs(d);
		struct cfs_inode *root = cfs_root(fs);
		int err = 0;

		d->quiet = true;
		for (int i = 0; i < 20; i++)
			OK(add_file(root, i, 2));
		OK(cfs_sync(fs));
		d->fail_after = after;
		for (int i = 20; i < 60 && !err; i++) {
			err = add_file(root, i, 2);
			if (!err && i % 5 == 0)
				err = cfs_sync(fs);
		}
		CHECK(err == -EIO || err == -EROFS || after >= 120);
		cfs_iput(root);
		cfs_abandon(fs);
		d->fail_after = -1;
		CHECK(dev_check(d, 0, true) == 0);
		fs = dev_mount(d, 0, 0);
		root = cfs_root(fs);
		for (int i = 0; i < 20; i++)
			check_file(root, i, 2);
		cfs_iput(root);
		OK(cfs_unmount(fs));
		dev_free(d);
	}
}
