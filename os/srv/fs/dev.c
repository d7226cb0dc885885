/* SPDX-License-Identifier: MIT */
/* The block device: a driver behind a file. memory.c is the other kind. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "../../lib/blkfind.h"
#include "fsd.h"

#define MOST	(2u << 20)	/* bytes in one request */

static void *dev_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return malloc(n);
}

static void dev_free(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

void time_passes(void)
{
	fsd.now.sec = -1;
}

void time_now(struct cfs_time *t)
{
	struct timespec ts;

	if (fsd.now.sec < 0) {
		clock_gettime(CLOCK_REALTIME, &ts);
		fsd.now = (struct cfs_time){ ts.tv_sec, (uint32_t)ts.tv_nsec };
	}
	*t = fsd.now;
}

static void dev_now(void *ctx, struct cfs_time *t)
{
	(void)ctx;
	time_now(t);
}

static void dev_log(void *ctx, const char *line)
{
	(void)ctx;
	srv_log("%s", line);
}

void dev_host(struct cfs_io *io)
{
	io->alloc = dev_alloc;
	io->free = dev_free;
	io->now = dev_now;
	io->log = dev_log;
}

/* Requests come from several threads. A handle in use is not closed: the one before the last may be. */
static struct {
	pthread_mutex_t lock;	/* of the finding of a new driver */
	handle_t h, old;
	char name[64];
} blk = { .lock = PTHREAD_MUTEX_INITIALIZER, .old = H_NONE };

/* The driver behind h has died: the name may lead to the next one. 0 or -errno. */
static int look_up(handle_t h)
{
	int64_t got = 0;

	pthread_mutex_lock(&blk.lock);
	if (blk.h == h) {
		got = srv_device(blk.name, 1);
		if (got >= 0) {
			if (blk.old != H_NONE)
				sys_handle_close(blk.old);
			blk.old = h;
			blk.h = (handle_t)got;
		}
	}
	pthread_mutex_unlock(&blk.lock);
	return got < 0 ? (int)got : 0;
}

#define TRIES	100
#define PAUSE	50000000ll	/* ns */

/*
 * One request to the driver. After its death it is looked up again and the request repeated; the name may
 * still lead to the dead one for a while, and the next one may die as well.
 */
static int request(uint64_t op, uint64_t off, uint64_t n, const void *buf)
{
	int64_t err = -EIO;

	for (int tries = 0; tries < TRIES; tries++) {
		struct msg m = { .w = { op, off, n } };
		handle_t h = blk.h;

		if (n)
			m.r[op == B_READ] = (struct msg_range){ (uint64_t)buf, n };
		err = sys_call(h, &m);
		if (err != -EDEADSERVER)
			break;
		if (tries)
			sys_sleep(srv_now() + PAUSE);
		err = look_up(h);
		if (err < 0)
			break;
		err = -EIO;
	}
	if (err < 0)
		srv_log("%s: %s of %lu bytes at %lu: error %d", blk.name, op == B_READ ? "read" : op == B_WRITE
			? "write" : "flush", (unsigned long)n, (unsigned long)off, (int)-err);
	return err < 0 ? (int)err : 0;
}

static int transfer(uint64_t op, uint64_t block, uint32_t count, const char *buf)
{
	uint64_t off = block * PAGE, left = (uint64_t)count * PAGE;
	int err = 0;

	while (left && !err) {
		uint64_t n = left < MOST ? left : MOST;

		err = request(op, off, n, buf);
		off += n;
		buf += n;
		left -= n;
	}
	return err;
}

static int blk_read(void *ctx, uint64_t block, uint32_t n, void *buf)
{
	(void)ctx;
	return transfer(B_READ, block, n, buf);
}

static int blk_write(void *ctx, uint64_t block, uint32_t n, const void *buf)
{
	(void)ctx;
	return transfer(B_WRITE, block, n, buf);
}

static int blk_flush(void *ctx)
{
	(void)ctx;
	return request(B_FLUSH, 0, 0, NULL);
}

int dev_block(struct cfs_io *io, const char *name, bool *readonly)
{
	struct msg m = { .w = { B_INFO } };
	int64_t h, err = blk_find(name, blk.name, sizeof blk.name);

	if (err)
		return (int)err;
	h = srv_device(blk.name, 1);
	if (h < 0)
		return (int)h;
	blk.h = (handle_t)h;
	/* What a server before us had under way is on the disk after this, not some time later. */
	err = blk_flush(NULL);
	if (err < 0)
		return (int)err;
	err = sys_call(blk.h, &m);
	if (err < 0)
		return (int)err;
	if (m.w[3] & BLK_READONLY)
		*readonly = true;
	*io = (struct cfs_io){ .nblocks = m.w[1] / PAGE, .read = blk_read, .write = blk_write, .flush = blk_flush,
			       .settle = commit_settle };
	dev_host(io);
	return 0;
}
