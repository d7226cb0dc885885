/* SPDX-License-Identifier: MIT */
/*
 * A file system in memory. Pages appear as blocks are written; those of blocks that are free go back to the
 * kernel. Allocation goes round the whole of it, so without that it would keep as much as it may ever have.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "fsd.h"

/* The device (io.ctx), and a bit for each block that may have a page. */
static struct { char *mem; uint64_t *held; } ram;

static int ram_read(void *ctx, uint64_t block, uint32_t n, void *buf)
{
	(void)ctx;
	memcpy(buf, ram.mem + block * PAGE, (size_t)n * PAGE);
	return 0;
}

static int ram_write(void *ctx, uint64_t block, uint32_t n, const void *buf)
{
	(void)ctx;
	for (uint64_t b = block; b < block + n; b++)
		ram.held[b / 64] |= 1ull << b % 64;
	memcpy(ram.mem + block * PAGE, buf, (size_t)n * PAGE);
	return 0;
}

static int ram_flush(void *ctx)
{
	(void)ctx;
	return 0;
}

int dev_memory(struct cfs_io *io, uint64_t size)
{
	struct cfs_mkfs_opt opt = { .label = "ram", .mode = 01777, .single = true };
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return -errno;
	ram.mem = mem;
	ram.held = calloc(size / PAGE / 64 + 1, sizeof *ram.held);
	if (!ram.held)
		return -ENOMEM;
	*io = (struct cfs_io){ .ctx = mem, .nblocks = size / PAGE, .read = ram_read, .write = ram_write,
			       .flush = ram_flush };
	dev_host(io);
	sys_getrandom(opt.uuid, sizeof opt.uuid);
	return cfs_mkfs(io, &opt);
}

/* The first block >= at and below end that may have a page, which is no longer said of it; end: none. */
static uint64_t next_held(uint64_t at, uint64_t end)
{
	while (at < end) {
		uint64_t left = ram.held[at / 64] >> at % 64;

		if (!left) {
			at = (at / 64 + 1) * 64;
			continue;
		}
		at += (uint64_t)__builtin_ctzll(left);
		if (at < end)
			ram.held[at / 64] &= ~(1ull << at % 64);
		break;
	}
	return at < end ? at : end;
}

/* All blocks of [at, end) are free. Pages between two that are held are not there, or are held too. */
static void give_back(uint64_t at, uint64_t end)
{
	uint64_t first = next_held(at, end), last = first;

	for (uint64_t b = first; b < end; b = next_held(b + 1, end))
		last = b;
	if (first < end)
		madvise(ram.mem + first * PAGE, (last + 1 - first) * PAGE, MADV_DONTNEED);
}

void memory_trim(void)
{
	uint64_t blk = 0, n;

	for (; (n = cfs_free_run(fsd.fs, &blk)); blk += n)
		give_back(blk, blk + n);
}

/* What a transaction frees is free once it is committed, and most never grow so large that they must be. */
void memory_tick(void)
{
	int err = cfs_sync(fsd.fs);

	if (err)
		srv_log("%s: error %d", fsd.prefix, -err);
	memory_trim();
}
