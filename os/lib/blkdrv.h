/* SPDX-License-Identifier: MIT */
/*
 * What drivers of disks share: the block protocol (B_* in abi/file.h) with any number of calls in
 * flight, cut into requests of one DMA buffer each; partitions; requests that fail or that the
 * device never answers.
 *
 * A disk NAME becomes the device "dev:NAME", its partitions "dev:NAMEp1" and so on. The driver hands
 * requests to its hardware in `submit` and says blk_done for each, in any order. When hardware says
 * only that something went wrong it says blk_fault: what is in flight is repeated one at a time, so
 * that the error meets the request it belongs to. A request without an answer for BLK_TIMEOUT_S
 * seconds (kernel command line: blk_timeout=) makes the library call `reset` and then do the same.
 * When `reset` fails, or the driver says blk_gone, all requests fail with -EIO from then on.
 */
#ifndef LIB_BLKDRV_H
#define LIB_BLKDRV_H

#include "srv.h"

#define BLK_SLOT	(128u << 10)	/* bytes of a DMA buffer; physically contiguous, aligned to a page */
#define BLK_DEPTH_MAX	32
#define BLK_PARTS_MAX	16
#define BLK_TIMEOUT_S	30

struct blkdrv;
struct blk_job;

/* A request at the device. */
struct blk_io {
	unsigned slot;			/* which of the disk's `depth`: the driver's tag */
	unsigned op;			/* B_READ, B_WRITE or B_FLUSH (len 0) */
	uint64_t pos;			/* bytes */
	uint32_t len;			/* bytes, a multiple of the sector size, at most slot_max */
	uint8_t *buf;
	uint64_t phys;			/* of buf */
	/* The library's. */
	struct blk_io *next;
	struct blk_job *job;
	uint64_t off;			/* its place in the job */
	int64_t since;			/* when it was given to the device, ns */
	int state, retried;
};

/* A stretch of the disk with a name; 0 is the whole disk. */
struct blk_part { uint64_t start, size; };

struct blkdrv {
	struct srv *srv;
	handle_t dev;
	char name[32];			/* "sata0" */
	uint64_t size;			/* bytes */
	uint32_t sector;		/* 512 or 4096 */
	uint32_t flags;			/* BLK_READONLY */
	unsigned depth;			/* most requests at once; 0: as memory allows */
	uint32_t slot_max;		/* most bytes of a request; 0: BLK_SLOT */
	int no_flush;			/* it has no volatile cache: flushes are answered at once */
	int lone_flush;			/* a flush may not be mixed with other requests (NCQ) */
	/* 0, or -errno: the request fails with it. */
	int (*submit)(struct blkdrv *d, struct blk_io *io);
	void (*kick)(struct blkdrv *d);	/* after submits; may be NULL */
	int (*reset)(struct blkdrv *d);	/* forgets all requests and starts afresh: 0 or -errno */
	void *arg;
	/* The library's. */
	struct blkdrv *next;
	struct blk_io io[BLK_DEPTH_MAX], *free, *again;
	struct blk_part part[BLK_PARTS_MAX];
	unsigned nparts, inflight;
	int serial;			/* one request at a time until `again` is empty */
	int gone;
	struct blk_job *first, **last;
	struct srv_timer timer;
};

/*
 * Takes the disk: allocates its buffers, reads its partition table and then registers it. 0 or
 * -errno. `d` stays the caller's memory; it must not move.
 */
int blk_add(struct blkdrv *d);

/* The number of requests that a disk should have at most, for this machine's memory. */
unsigned blk_depth(void);

/* The device is done with io: 0 or -errno. */
void blk_done(struct blkdrv *d, struct blk_io *io, int err);

/* Something that is in flight went wrong; the device has forgotten all of it and is ready again. */
void blk_fault(struct blkdrv *d);

/* The device is no longer there. */
void blk_gone(struct blkdrv *d);

/* Is this request at the device? For drivers that check what hardware says. */
int blk_busy(const struct blkdrv *d, unsigned slot);

/* The call handler for struct srv of a driver that has nothing but disks. */
int64_t blk_call(struct srv *s, struct srv_req *r);

/* blkpart.c: partitions of the table in the first n bytes of a disk; how many. */
#define BLK_TABLE	(64u << 10)	/* bytes that hold any table */
unsigned blk_partitions(const uint8_t *t, size_t n, uint32_t sector, uint64_t size,
			struct blk_part *out, unsigned max);

/* A key's number in the kernel's command line, or `other`. */
uint64_t drv_option(const char *key, uint64_t other);

#endif
