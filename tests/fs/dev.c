/* SPDX-License-Identifier: MIT */
/* The tests' block device, random numbers and failure reports. */
#include "dev.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252ull;

void rnd_seed(uint64_t seed)
{
	state = seed * 0x9E3779B97F4A7C15ull + 88172645463325252ull;
}

uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

_Noreturn void fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;

	printf("%s:%d: ", base ? base + 1 : file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(1);
}

void ok_call(const char *file, int line, const char *what, int err)
{
	if (err < 0)
		fail(file, line, "%s: %s", what, strerror(-err));
}

static int dread(void *ctx, uint64_t blk, uint32_t n, void *buf)
{
	struct dev *d = ctx;

	CHECK(blk < d->nblocks && n <= d->nblocks - blk);
	memcpy(buf, d->mem + blk * CFS_PAGE, (size_t)n * CFS_PAGE);
	return 0;
}

static void record(struct dev *d, uint64_t blk, const uint8_t *data)
{
	struct rec *r;

	if (!d->recording)
		return;
	if (d->nlog == d->maxlog) {
		d->maxlog = d->maxlog * 2 + 64;
		d->log = realloc(d->log, d->maxlog * sizeof *d->log);
	}
	r = &d->log[d->nlog++];
	*r = (struct rec){ blk, data ? malloc(CFS_PAGE) : NULL };
	if (data)
		memcpy(r->data, data, CFS_PAGE);
}

static int dwrite(void *ctx, uint64_t blk, uint32_t n, const void *buf)
{
	struct dev *d = ctx;

	CHECK(blk < d->nblocks && n <= d->nblocks - blk);
	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = (const uint8_t *)buf + (size_t)i * CFS_PAGE;

		if (!d->fail_after)
			return -EIO;
		d->fail_after -= d->fail_after > 0;
		record(d, blk + i, p);
		memcpy(d->mem + (blk + i) * CFS_PAGE, p, CFS_PAGE);
	}
	return 0;
}

static int dflush(void *ctx)
{
	struct dev *d = ctx;

	if (!d->fail_after)
		return -EIO;
	record(d, FLUSH, NULL);
	return 0;
}

static void *dalloc(void *ctx, size_t n)
{
	(void)ctx;
	return malloc(n);
}

static void dfree(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static void dnow(void *ctx, struct cfs_time *t)
{
	static uint32_t tick;

	(void)ctx;
	*t = (struct cfs_time){ 1700000000, tick++ % 1000000000 };
}

static void dlog(void *ctx, const char *line)
{
	struct dev *d = ctx;

	d->logged++;
	if (!d->quiet)
		fprintf(stderr, "%s\n", line);
}

struct dev *dev_new(uint64_t nblocks)
{
	struct dev *d = calloc(1, sizeof *d);

	d->nblocks = nblocks;
	d->mem = calloc(nblocks, CFS_PAGE);
	d->fail_after = -1;
	return d;
}

void dev_record(struct dev *d, bool on)
{
	for (size_t i = 0; i < d->nlog && on; i++)
		free(d->log[i].data);
	if (on)
		d->nlog = 0;
	d->recording = on;
}

void dev_free(struct dev *d)
{
	dev_record(d, true);
	free(d->log);
	free(d->mem);
	free(d);
}

void (*dev_changed)(struct cfs_inode *ip);

void dev_io(struct dev *d, struct cfs_io *io)
{
	*io = (struct cfs_io){ .ctx = d, .nblocks = d->nblocks, .read = dread, .write = dwrite, .flush = dflush,
			       .alloc = dalloc, .free = dfree, .now = dnow, .log = dlog, .changed = dev_changed };
}

struct cfs *dev_mount(struct dev *d, uint32_t flags, uint32_t cache)
{
	struct cfs_mount_opt o = { .flags = flags, .cache_nodes = cache };
	struct cfs_io io;
	struct cfs *fs;

	dev_io(d, &io);
	OK(cfs_mount(&io, &o, &fs));
	return fs;
}

struct cfs *dev_mkfs(struct dev *d)
{
	struct cfs_mkfs_opt o = { .uuid = "0123456789abcde", .label = "test" };
	struct cfs_io io;

	dev_io(d, &io);
	OK(cfs_mkfs(&io, &o));
	return dev_mount(d, 0, 0);
}

static void print(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "  %s\n", line);
}

int dev_check(struct dev *d, uint32_t mount_flags, bool show)
{
	struct cfs_check_opt o = { .data = true, .mount_flags = mount_flags, .msg = show ? print : NULL };
	struct cfs_check_stat st;
	struct cfs_io io;

	dev_io(d, &io);
	return cfs_check(&io, &o, &st);
}

void fill_page(uint8_t *page, uint64_t tag)
{
	for (uint64_t i = 0; i < CFS_PAGE / 8; i++) {
		uint64_t v = tag ? tag * 0x9E3779B97F4A7C15ull + i * 0x100000001B3ull : 0;

		memcpy(page + 8 * i, &v, 8);
	}
}
