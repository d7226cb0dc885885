/* SPDX-License-Identifier: MIT */
/* What names, files and times do. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev.h"
#include "tests.h"

static const struct cfs_new file = { .mode = 0100644 }, dirmode = { .mode = 0040755 };

static void finish(struct dev *d, struct cfs *fs)
{
	OK(cfs_unmount(fs));
	CHECK(dev_check(d, 0, true) == 0);
	dev_free(d);
}

void test_names(void)
{
	struct dev *d = dev_new(1024);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *a, *sub, *same;
	char longest[257], text[5000];

	memset(longest, 'x', 256);
	OK(cfs_create(root, "a", 1, &file, &a));
	CHECK(cfs_create(root, "a", 1, &file, NULL) == -EEXIST);
	OK(cfs_create(root, longest, 255, &file, NULL));
	CHECK(cfs_create(root, longest, 256, &file, NULL) == -ENAMETOOLONG);
	CHECK(cfs_create(a, "b", 1, &file, NULL) == -ENOTDIR);
	OK(cfs_create(root, "sub", 3, &dirmode, &sub));
	CHECK(root->a.nlink == 3);
	OK(cfs_link(sub, "alias", 5, a));
	CHECK(a->a.nlink == 2);
	OK(cfs_lookup(sub, "alias", 5, &same));
	CHECK(same == a);
	CHECK(cfs_link(root, "dir", 3, sub) == -EPERM);
	a->a.nlink = 65000;
	CHECK(cfs_link(sub, "too many", 8, a) == -EMLINK);
	a->a.nlink = 2;
	CHECK(cfs_rmdir(root, "sub", 3) == -ENOTEMPTY);
	CHECK(cfs_unlink(root, "sub", 3) == -EISDIR);
	CHECK(cfs_rename(root, "sub", 3, sub, "loop", 4, 0) == -EINVAL);
	OK(cfs_rename(root, "a", 1, sub, "alias", 5, 0));	/* two names of one file: nothing happens */
	OK(cfs_unlink(root, "a", 1));
	memset(text, 't', sizeof text);
	OK(cfs_symlink(root, "l", 1, &file, text, 4095, NULL));
	CHECK(cfs_symlink(root, "m", 1, &file, text, 4096, NULL) == -ENAMETOOLONG);
	cfs_iput(same);
	OK(cfs_lookup(root, "l", 1, &same));
	memset(text, 0, sizeof text);
	CHECK(cfs_readlink(same, text, sizeof text) == 4095 && text[4094] == 't');
	CHECK(cfs_readlink(a, text, sizeof text) == -EINVAL);
	cfs_iput(same);
	cfs_iput(a);
	cfs_iput(sub);
	cfs_iput(root);
	finish(d, fs);
}

/* 100,000 names in one directory: found, listed once each, removed. */
void test_many_names(void)
{
	struct dev *d = dev_new(32768);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *dir;
	char name[32];
	uint64_t ino;

	OK(cfs_create(root, "dir", 3, &dirmode, &dir));
	for (int i = 0; i < 100000; i++)
		OK(cfs_create(dir, name, (size_t)sprintf(name, "file-%d", i), &file, NULL));
	OK(cfs_sync(fs));
	for (int i = 0; i < 100000; i += 7)
		OK(cfs_find(dir, name, (size_t)sprintf(name, "file-%d", i), &ino));
	CHECK(cfs_find(dir, "file-100000", 11, &ino) == -ENOENT);
	CHECK(dev_check(d, 0, true) == 0);
	for (int i = 0; i < 100000; i++)
		OK(cfs_unlink(dir, name, (size_t)sprintf(name, "file-%d", i)));
	CHECK(dir->a.size == 0);
	cfs_iput(dir);
	OK(cfs_rmdir(root, "dir", 3));
	cfs_iput(root);
	finish(d, fs);
}

/* Offsets beyond 4 GiB, on a disk that is much smaller. */
void test_large_file(void)
{
	struct dev *d = dev_new(2048);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	uint64_t far = (1ull << 40) / CFS_PAGE, at;
	static uint8_t page[CFS_PAGE], want[CFS_PAGE];
	struct cfs_attr a = { .size = (1ull << 40) + CFS_PAGE };

	OK(cfs_create(root, "big", 3, &file, &ip));
	fill_page(want, 77);
	OK(cfs_write(ip, far, 1, want, 0, 0));
	OK(cfs_setattr(ip, CFS_SET_SIZE, &a));
	cfs_iput(ip);
	cfs_iput(root);
	OK(cfs_unmount(fs));
	fs = dev_mount(d, 0, 0);
	root = cfs_root(fs);
	OK(cfs_lookup(root, "big", 3, &ip));
	CHECK(ip->a.size == a.size && ip->a.blocks == 1);
	OK(cfs_read(ip, far, 1, page));
	CHECK(!memcmp(page, want, CFS_PAGE));
	OK(cfs_seek(ip, 0, false, &at));
	CHECK(at == far);
	CHECK(cfs_seek(ip, far + 1, false, &at) == -ENXIO);
	CHECK(cfs_write(ip, ~0ull / CFS_PAGE, 1, page, 0, 0) == -EFBIG);
	cfs_iput(ip);
	cfs_iput(root);
	finish(d, fs);
}

void test_sparse(void)
{
	struct dev *d = dev_new(2048);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	static uint8_t buf[300 * CFS_PAGE], zero[CFS_PAGE];
	struct cfs_attr a = { .size = sizeof buf };
	uint64_t at;

	OK(cfs_create(root, "s", 1, &file, &ip));
	for (uint32_t i = 0; i < 300; i++)
		fill_page(buf + (size_t)i * CFS_PAGE, i + 1);
	OK(cfs_write(ip, 0, 300, buf, 0, 0));
	OK(cfs_setattr(ip, CFS_SET_SIZE, &a));
	OK(cfs_punch(ip, 100, 100));
	CHECK(ip->a.blocks == 200);
	OK(cfs_seek(ip, 5, true, &at));
	CHECK(at == 100);
	OK(cfs_seek(ip, 150, false, &at));
	CHECK(at == 200);
	OK(cfs_truncate(ip, 10 * CFS_PAGE + 5));
	OK(cfs_truncate(ip, 20 * CFS_PAGE));
	memset(buf, 1, sizeof buf);
	OK(cfs_read(ip, 0, 20, buf));
	fill_page(zero, 11);
	CHECK(!memcmp(buf + 10 * CFS_PAGE, zero, 5));
	memset(zero, 0, CFS_PAGE);
	CHECK(!memcmp(buf + 10 * CFS_PAGE + 5, zero, CFS_PAGE - 5) && !memcmp(buf + 11 * CFS_PAGE, zero, CFS_PAGE));
	CHECK(ip->a.blocks == 11);
	cfs_iput(ip);
	cfs_iput(root);
	finish(d, fs);
}

void test_times(void)
{
	struct dev *d = dev_new(256);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	struct cfs_attr a = { .time = { { -5, 999999999 }, { 1ll << 40, 1 } } };
	struct cfs_time change;

	OK(cfs_create(root, "t", 1, &file, &ip));
	change = ip->a.time[CFS_CTIME];
	OK(cfs_setattr(ip, CFS_SET_ATIME | CFS_SET_MTIME, &a));
	CHECK(ip->a.time[CFS_CTIME].nsec != change.nsec);
	cfs_iput(ip);
	cfs_iput(root);
	OK(cfs_unmount(fs));
	fs = dev_mount(d, 0, 0);
	root = cfs_root(fs);
	OK(cfs_lookup(root, "t", 1, &ip));
	CHECK(ip->a.time[0].sec == -5 && ip->a.time[0].nsec == 999999999 && ip->a.time[1].sec == 1ll << 40);
	cfs_iput(ip);
	cfs_iput(root);
	finish(d, fs);
}

/* A file without names lives while it is open, and a mount after a crash frees it. */
void test_orphans(void)
{
	struct dev *d = dev_new(2048);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	static uint8_t buf[128 * CFS_PAGE], got[CFS_PAGE];
	struct cfs_statfs before, after;

	OK(cfs_sync(fs));
	cfs_statfs(fs, &before);
	for (int crash = 0; crash < 2; crash++) {
		OK(cfs_create(root, "o", 1, &file, &ip));
		fill_page(buf, 5);
		for (uint32_t k = 0; k < 8; k++)
			OK(cfs_write(ip, k * 200, 128, buf, 0, 0));
		OK(cfs_unlink(root, "o", 1));
		OK(cfs_read(ip, 0, 1, got));
		CHECK(!memcmp(got, buf, CFS_PAGE));
		CHECK(cfs_link(root, "p", 1, ip) == -ENOENT);
		OK(cfs_sync(fs));
		CHECK(dev_check(d, 0, true) == 0);
		if (crash) {
			cfs_abandon(fs);
			fs = dev_mount(d, 0, 0);
			root = cfs_root(fs);
		} else {
			cfs_iput(ip);
		}
		OK(cfs_sync(fs));
		cfs_statfs(fs, &after);
		CHECK(after.free == before.free);
	}
	cfs_iput(root);
	finish(d, fs);
}

struct seen {
	unsigned char got[1000];
	uint64_t cookie;
	int budget;
};

static int take(void *arg, const struct cfs_dent *d)
{
	struct seen *s = arg;

	if (!s->budget--)
		return 1;
	s->cookie = d->next;
	if (d->next > 2) {
		char name[8] = "";

		memcpy(name, d->name, 4);
		s->got[atoi(name)]++;
	}
	return 0;
}

/* Entries removed and added while a listing is under way disturb no other entry. */
void test_readdir_cookies(void)
{
	struct dev *d = dev_new(4096);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs);
	struct seen s = { .cookie = 0 };
	char name[16];

	for (int i = 0; i < 900; i++)
		OK(cfs_create(root, name, (size_t)sprintf(name, "%04d", i), &file, NULL));
	for (int round = 0; round < 400; round++) {
		s.budget = 3;
		OK(cfs_readdir(root, s.cookie, take, &s));
		if (round < 100) {
			OK(cfs_unlink(root, name, (size_t)sprintf(name, "%04d", 800 + round)));
			OK(cfs_create(root, name, (size_t)sprintf(name, "%04d", 900 + round), &file, NULL));
		}
	}
	for (int i = 0; i < 800; i++)
		if (s.got[i] != 1)
			FAIL("entry %d was listed %d times", i, s.got[i]);
	cfs_iput(root);
	finish(d, fs);
}
