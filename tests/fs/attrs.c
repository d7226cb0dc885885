/* SPDX-License-Identifier: MIT */
/* Extended attributes; both copies of metadata; damage that is healed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../os/srv/fs/lib/format.h"
#include "dev.h"
#include "tests.h"

static uint8_t value[CFS_XATTR_MAX + 1], got[CFS_XATTR_MAX];

static int set(struct cfs_inode *ip, const char *name, size_t size, unsigned seed, uint32_t flags)
{
	for (size_t i = 0; i < size; i++)
		value[i] = (uint8_t)(seed + i * 7);
	return cfs_setxattr(ip, name, strlen(name), value, size, flags);
}

static void check_value(struct cfs_inode *ip, const char *name, size_t size, unsigned seed)
{
	CHECK(cfs_getxattr(ip, name, strlen(name), NULL, 0) == (int)size);
	CHECK(cfs_getxattr(ip, name, strlen(name), got, sizeof got) == (int)size);
	for (size_t i = 0; i < size; i++)
		CHECK(got[i] == (uint8_t)(seed + i * 7));
}

static int count(void *arg, const char *name, size_t n)
{
	(void)name;
	(void)n;
	++*(int *)arg;
	return 0;
}

static uint64_t avail(struct cfs *fs)
{
	struct cfs_statfs st;

	OK(cfs_sync(fs));
	cfs_statfs(fs, &st);
	return st.avail;
}

void test_xattrs(void)
{
	static const size_t sizes[] = { 0, 1, 700, 768, 769, 5000, CFS_XATTR_MAX };
	struct dev *d = dev_new(3000);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs), *ip;
	uint64_t before;
	char name[300];
	int n = 0;

	OK(cfs_create(root, "warm", 4, &(struct cfs_new){ .mode = 0100644 }, NULL));
	before = avail(fs);
	OK(cfs_create(root, "f", 1, &(struct cfs_new){ .mode = 0100644 }, &ip));
	CHECK(cfs_getxattr(ip, "user.x", 6, got, 10) == -ENODATA);
	CHECK(set(ip, "user.x", 5, 1, CFS_XATTR_REPLACE) == -ENODATA);
	CHECK(cfs_setxattr(ip, "user.x", 6, value, CFS_XATTR_MAX + 1, 0) == -E2BIG);
	for (unsigned i = 0; i < 7; i++) {
		sprintf(name, "user.%u%0*u", i, (int)(i * 40), 0);
		OK(set(ip, name, sizes[i], i, CFS_XATTR_CREATE));
		CHECK(set(ip, name, 1, i, CFS_XATTR_CREATE) == -EEXIST);
	}
	for (unsigned i = 0; i < 7; i++) {
		sprintf(name, "user.%u%0*u", i, (int)(i * 40), 0);
		check_value(ip, name, sizes[i], i);
		OK(set(ip, name, sizes[6 - i], i + 100, CFS_XATTR_REPLACE));
	}
	CHECK(cfs_getxattr(ip, "user.00", 7, got, 1) == -ERANGE);
	OK(cfs_unmount(fs));
	CHECK(dev_check(d, 0, true) == 0);
	fs = dev_mount(d, 0, 0);
	root = cfs_root(fs);
	OK(cfs_lookup(root, "f", 1, &ip));
	for (unsigned i = 0; i < 7; i++) {
		sprintf(name, "user.%u%0*u", i, (int)(i * 40), 0);
		check_value(ip, name, sizes[6 - i], i + 100);
	}
	OK(cfs_listxattr(ip, count, &n));
	CHECK(n == 7);
	sprintf(name, "user.%u%0*u", 3, 120, 0);
	OK(cfs_removexattr(ip, name, strlen(name)));
	CHECK(cfs_removexattr(ip, name, strlen(name)) == -ENODATA);
	cfs_iput(ip);
	OK(cfs_unlink(root, "f", 1));
	CHECK(avail(fs) + 2 >= before);
	cfs_iput(root);
	OK(cfs_unmount(fs));
	CHECK(dev_check(d, 0, true) == 0);
	dev_free(d);
}

static struct dev *with_files(unsigned n)
{
	struct dev *d = dev_new(3000);
	struct cfs *fs = dev_mkfs(d);
	struct cfs_inode *root = cfs_root(fs);
	char name[16];

	for (unsigned i = 0; i < n; i++)
		OK(cfs_create(root, name, (size_t)sprintf(name, "file%u", i), &(struct cfs_new){ .mode = 0100644 }, NULL));
	cfs_iput(root);
	OK(cfs_unmount(fs));
	d->quiet = true;
	return d;
}

static bool is_node(const uint8_t *p)
{
	return ((const struct cfs_nodehead *)p)->magic == CFS_NODE_MAGIC;
}

/* Every first copy is destroyed: all is there, and healed by reading it; then every second one. */
void test_twins(void)
{
	struct dev *d = with_files(500);
	struct cfs_check_opt o = { .repair = true };
	struct cfs_check_stat st;
	struct cfs_io io;
	struct cfs *fs;
	uint64_t sum;
	unsigned hits;

	fs = dev_mount(d, 0, 0);
	sum = dump(fs);
	OK(cfs_unmount(fs));
	for (unsigned half = 0; half < 2; half++) {
		hits = 0;
		for (uint64_t b = half ? 1500 : 16; b < (half ? 2998 : 1500u); b++)
			if (is_node(d->mem + b * CFS_PAGE)) {
				d->mem[b * CFS_PAGE + pick(CFS_PAGE)] ^= 0x40;
				hits++;
			}
		CHECK(hits > 5);
		CHECK(dev_check(d, 0, false) > 0);
		fs = dev_mount(d, CFS_RDONLY, 0);
		CHECK(dump(fs) == sum);
		cfs_abandon(fs);
		dev_io(d, &io);
		CHECK(cfs_check(&io, &o, &st) == 0);
		CHECK(st.repaired > 0);
		CHECK(dev_check(d, 0, true) == 0);
	}
	/* The free map is made again from the tree. */
	d->mem[(CFS_IDX_FIRST + 2) * CFS_PAGE + 100] ^= 1;
	d->mem[(CFS_IDX_FIRST + 3) * CFS_PAGE + 100] ^= 1;
	CHECK(dev_check(d, 0, false) > 0);
	dev_io(d, &io);
	CHECK(cfs_check(&io, &o, &st) == 0);
	CHECK(dev_check(d, 0, true) == 0);
	dev_free(d);
}
