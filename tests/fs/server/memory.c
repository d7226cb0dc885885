/* SPDX-License-Identifier: MIT */
/* A file system in memory has the pages that its files need, not those that they once needed. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

#define SIZE	(64ul << 20)
#define HALF	(SIZE / 2 / PAGE)
#define N	32u			/* pages written at once */

static uint8_t data[N * PAGE], got[N * PAGE];

static struct cfs_io io;

/* Pages that the device has. */
static long resident(void)
{
	static unsigned char vec[SIZE / PAGE];
	long n = 0;

	CHECK(mincore(io.ctx, SIZE, vec) == 0);
	for (size_t i = 0; i < SIZE / PAGE; i++)
		n += vec[i] & 1;
	return n;
}

static struct cfs_inode *make(const char *name, uint64_t pages)
{
	struct cfs_inode *dir = cfs_root(fsd.fs), *ip;

	OK(cfs_create(dir, name, strlen(name), &(struct cfs_new){ .mode = 0100644 }, &ip));
	for (uint64_t p = 0; p < pages; p += N) {
		for (uint32_t i = 0; i < N; i++)
			fill_page(data + i * PAGE, p + i);
		OK(cfs_write(ip, p, N, data, (p + N) * PAGE, 0));
	}
	cfs_iput(dir);
	return ip;
}

static void same(struct cfs_inode *ip, uint64_t pages)
{
	for (uint64_t p = 0; p < pages; p += N) {
		OK(cfs_read(ip, p, N, got));
		for (uint32_t i = 0; i < N; i++)
			fill_page(data + i * PAGE, p + i);
		CHECK(memcmp(got, data, sizeof got) == 0);
	}
}

static void removed(const char *name, struct cfs_inode *ip)
{
	struct cfs_inode *dir = cfs_root(fsd.fs);

	cfs_iput(ip);
	OK(cfs_unlink(dir, name, strlen(name)));
	cfs_iput(dir);
}

/* What goes is given back within a tick; what stays is as it was, over many rounds through all of the memory. */
static void rounds(void)
{
	struct cfs_inode *kept[6], *ip;
	long before;
	char name[32];

	fs_tick(NULL, 0);
	before = resident();
	CHECK(before < 100);
	for (int i = 0; i < 6; i++) {
		sprintf(name, "kept %d", i);
		kept[i] = make(name, N);
		ip = make("large", HALF);
		CHECK(resident() - before > (long)HALF);
		same(ip, HALF);
		removed("large", ip);
		fs_tick(NULL, 0);
		CHECK(resident() - before < (long)(i + 1) * N + 64);
		for (int k = 0; k <= i; k++)
			same(kept[k], N);
	}
	for (int i = 0; i < 6; i++)
		cfs_iput(kept[i]);
}

void test_memory(void)
{
	struct cfs *disk = fsd.fs;

	OK(dev_memory(&io, SIZE));
	OK(cfs_mount(&io, &(struct cfs_mount_opt){ .cache_nodes = 512 }, &fsd.fs));
	fsd.ram = true;
	rounds();
	fsd.ram = false;
	OK(cfs_unmount(fsd.fs));
	fsd.fs = disk;
}
