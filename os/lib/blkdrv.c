/* SPDX-License-Identifier: MIT */
/*
 * Disks: calls are jobs, jobs are cut into requests, requests go to the device. All on the thread of
 * the message loop. A request is free, at the device, or waits to be repeated (in d->again).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "blkdrv.h"

#define SECOND		1000000000ll
#define ID(part)	((uint64_t)(part) + 1)

enum { FREE, AT_DEVICE, WAITS };

/* A call being worked on, or (token 0) the library's own read of the partition table. */
struct blk_job {
	struct blk_job *next;		/* not all of it issued yet */
	uint64_t token, pos, len, issued;
	unsigned op;
	int error, pieces;		/* pieces: requests made of it that are not done */
	uint8_t *local;			/* token 0: where the data goes */
};

static struct blkdrv *disks;

static void table_read(struct blkdrv *d, struct blk_job *j);

uint64_t drv_option(const char *key, uint64_t other)
{
	const char *p = getenv("CALX_CMDLINE");
	size_t n = strlen(key);

	for (; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (!strncmp(p, key, n) && p[n] == '=')
			return strtoull(p + n + 1, NULL, 0);
	return other;
}

unsigned blk_depth(void)
{
	struct sys_info si;
	uint64_t n = sys_sysinfo(&si) < 0 ? 4 : si.mem_total / 128 / BLK_SLOT;

	return n < 4 ? 4 : n > BLK_DEPTH_MAX ? BLK_DEPTH_MAX : (unsigned)n;
}

int blk_busy(const struct blkdrv *d, unsigned slot)
{
	return slot < d->depth && d->io[slot].state == AT_DEVICE;
}

static void end_job(struct blkdrv *d, struct blk_job *j)
{
	if (!j->token) {
		table_read(d, j);
		return;
	}
	srv_reply(j->token, j->error ? j->error : (int64_t)j->len);
	free(j);
}

/* All requests of the job that will ever be made are done. (For a flush, which has one, ask after it.) */
static int finished(const struct blk_job *j)
{
	return !j->pieces && j->issued == j->len;
}

static int fetch(struct blk_job *j, struct blk_io *io)
{
	return sys_msg_read(j->token, 0, io->off, io->buf, io->len) == io->len ? 0 : -EFAULT;
}

static int deliver(struct blk_job *j, struct blk_io *io)
{
	if (j->token)
		return sys_msg_write(j->token, 1, io->off, io->buf, io->len) == io->len ? 0 : -EFAULT;
	memcpy(j->local + io->off, io->buf, io->len);
	return 0;
}

static void release(struct blkdrv *d, struct blk_io *io, int err)
{
	struct blk_job *j = io->job;

	if (!err && io->op == B_READ)
		err = deliver(j, io);
	if (err && !j->error)
		j->error = err;
	io->state = FREE;
	io->next = d->free;
	d->free = io;
	j->pieces--;
	if (finished(j))
		end_job(d, j);
}

static void watch_time(struct blkdrv *d)
{
	if (!d->timer.deadline && d->inflight)
		srv_timer_set(d->srv, &d->timer, srv_now() + SECOND);
}

static void give(struct blkdrv *d, struct blk_io *io)
{
	int err;

	io->state = AT_DEVICE;
	io->since = srv_now();
	d->inflight++;
	err = d->submit(d, io);
	if (err) {
		d->inflight--;
		release(d, io, err);
	}
}

static int at_device(const struct blkdrv *d, unsigned op)
{
	for (unsigned i = 0; i < d->depth; i++)
		if (d->io[i].state == AT_DEVICE && d->io[i].op == op)
			return 1;
	return 0;
}

/*
 * May another request go out now? A flush comes after all writes that were asked for before it, also those of a
 * client that has died: a file server that was started again flushes before it looks at the disk.
 */
static int room(const struct blkdrv *d, unsigned op)
{
	if (!d->inflight)
		return 1;
	if (d->serial)
		return 0;
	if (op == B_FLUSH)
		return !d->lone_flush && !at_device(d, B_WRITE);
	return !d->lone_flush || !at_device(d, B_FLUSH);
}

/* Makes the next request of j in a free slot. */
static void issue(struct blkdrv *d, struct blk_job *j)
{
	struct blk_io *io = d->free;
	uint64_t left = j->len - j->issued;
	int err;

	d->free = io->next;
	io->job = j;
	io->op = j->op;
	io->off = j->issued;
	io->pos = j->pos + io->off;
	io->len = left < d->slot_max ? (uint32_t)left : d->slot_max;
	io->retried = 0;
	j->issued += io->len;
	j->pieces++;
	err = j->op == B_WRITE ? fetch(j, io) : 0;
	if (err || (j->op == B_FLUSH && d->no_flush))
		release(d, io, err);
	else
		give(d, io);
}

static void take_first(struct blkdrv *d)
{
	d->first = d->first->next;
	if (!d->first)
		d->last = &d->first;
}

static void repeat(struct blkdrv *d)
{
	while (d->again && room(d, d->again->op)) {
		struct blk_io *io = d->again;

		d->again = io->next;
		give(d, io);
	}
	if (!d->again && !d->inflight)
		d->serial = 0;
}

/* Moves waiting jobs to the device. A job leaves the list before its last request can end it. */
static void pump(struct blkdrv *d)
{
	if (d->serial)
		repeat(d);
	while (!d->serial && d->first && d->free && room(d, d->first->op)) {
		struct blk_job *j = d->first;

		if (j->error || j->len - j->issued <= d->slot_max) {
			take_first(d);
			if (j->error) {
				j->issued = j->len;
				if (finished(j))
					end_job(d, j);
				continue;
			}
		}
		issue(d, j);
	}
	if (d->kick && d->inflight)
		d->kick(d);
	watch_time(d);
}

void blk_done(struct blkdrv *d, struct blk_io *io, int err)
{
	if (io->state != AT_DEVICE)
		return;
	d->inflight--;
	release(d, io, err);
	pump(d);
}

void blk_fault(struct blkdrv *d)
{
	int lone = d->inflight == 1;

	for (unsigned i = 0; i < d->depth; i++) {
		struct blk_io *io = &d->io[i];

		if (io->state != AT_DEVICE)
			continue;
		d->inflight--;
		/* Alone, and not for the first time: the error is its own. */
		if (io->retried++ && lone) {
			release(d, io, -EIO);
			continue;
		}
		io->state = WAITS;
		io->next = d->again;
		d->again = io;
	}
	d->serial = 1;
	pump(d);
}

void blk_gone(struct blkdrv *d)
{
	if (d->gone)
		return;
	d->gone = 1;
	srv_log("%s: the device is gone", d->name);
	d->again = NULL;
	d->inflight = 0;
	for (unsigned i = 0; i < d->depth; i++)
		if (d->io[i].state != FREE)
			release(d, &d->io[i], -EIO);
	while (d->first) {
		struct blk_job *j = d->first;

		take_first(d);
		j->error = -EIO;
		j->issued = j->len;
		if (finished(j))
			end_job(d, j);
	}
}

static void tick(void *arg)
{
	struct blkdrv *d = arg;
	int64_t limit = (int64_t)drv_option("blk_timeout", BLK_TIMEOUT_S) * SECOND, now = srv_now();
	int late = 0;

	for (unsigned i = 0; i < d->depth; i++)
		late |= d->io[i].state == AT_DEVICE && now - d->io[i].since > limit;
	if (late) {
		srv_log("%s: no answer for %d s: reset", d->name, (int)(limit / SECOND));
		if (d->reset(d))
			blk_gone(d);
		else
			blk_fault(d);
	}
	watch_time(d);
}

static struct blk_job *new_job(struct blkdrv *d, unsigned op, uint64_t pos, uint64_t len)
{
	struct blk_job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->op = op;
	j->pos = pos;
	j->len = len;
	*d->last = j;
	d->last = &j->next;
	return j;
}

static int64_t start(struct blkdrv *d, const struct blk_part *p, struct srv_req *r, unsigned op)
{
	uint64_t pos = r->m.w[1], len = op == B_FLUSH ? 0 : r->m.w[2];
	struct blk_job *j;

	if (d->gone)
		return -EIO;
	if (op == B_WRITE && (d->flags & BLK_READONLY))
		return -EROFS;
	if (op == B_FLUSH) {
		if (d->no_flush && !d->inflight && !d->first && !d->again)
			return 0;
		pos = 0;
	} else {
		if (pos % d->sector || len % d->sector || pos > p->size || len > p->size - pos)
			return -EINVAL;
		if (r->m.r[op == B_READ].len < len)
			return -EFAULT;
		if (!len)
			return 0;
	}
	j = new_job(d, op, p->start + pos, len);
	if (!j)
		return -ENOMEM;
	j->token = r->m.token;
	pump(d);
	return SRV_HELD;
}

int64_t blk_call(struct srv *s, struct srv_req *r)
{
	uint64_t part = (r->m.id - 1) % BLK_PARTS_MAX, n = (r->m.id - 1) / BLK_PARTS_MAX;
	struct blkdrv *d = disks;

	(void)s;
	while (d && n--)
		d = d->next;
	if (!d)
		return -ENODEV;
	switch (r->m.w[0]) {
	case B_INFO:
		r->m.w[1] = d->part[part].size;
		r->m.w[2] = d->sector;
		r->m.w[3] = d->flags;
		return d->gone ? -EIO : 0;
	case B_READ:
	case B_WRITE:
	case B_FLUSH:
		return start(d, &d->part[part], r, (unsigned)r->m.w[0]);
	}
	return -ENOSYS;
}

/* The place of d in the list of disks, which only grows: ids stay. */
static uint64_t number(const struct blkdrv *d)
{
	uint64_t n = 0;

	for (const struct blkdrv *p = disks; p && p != d; p = p->next)
		n++;
	return n;
}

static void name_it(struct blkdrv *d, unsigned part)
{
	char name[64];
	int64_t h = srv_file(d->srv, number(d) * BLK_PARTS_MAX + ID(part), 02, 0, 0);

	snprintf(name, sizeof(name), part ? "dev:%s" "p%u" : "dev:%s", d->name, part);
	if (h < 0 || srv_register(name, (handle_t)h) < 0)
		srv_log("%s: not registered", name + 4);
}

/* The start of the disk is here (or could not be read): its names can be given out. */
static void table_read(struct blkdrv *d, struct blk_job *j)
{
	if (!j->error && !d->gone)
		d->nparts = 1 + blk_partitions(j->local, j->len, d->sector, d->size, d->part + 1,
					       BLK_PARTS_MAX - 1);
	else
		srv_log("%s: cannot read its first sectors", d->name);
	for (unsigned i = d->nparts; i--; )
		if (d->part[i].size)
			name_it(d, i);
	srv_log("%s: %llu MiB, %u partitions", d->name, (unsigned long long)(d->size >> 20),
		d->nparts - 1);
	free(j->local);
	free(j);
}

/* A piece of DMA memory a slot: many small ones are found where one large one may not be. */
static int buffers(struct blkdrv *d)
{
	struct vm_map map = { .vm = H_NONE, .len = BLK_SLOT, .prot = 1 | 2, .flags = 1 };

	for (unsigned i = d->depth; i--; ) {
		struct blk_io *io = &d->io[i];
		int64_t h = sys_dev_dma(d->dev, BLK_SLOT, 0, &io->phys), at;

		if (h < 0)
			return (int)h;
		map.mem = (handle_t)h;
		at = sys_vm_map(&map);
		sys_handle_close((handle_t)h);
		if (at < 0)
			return (int)at;
		io->buf = (uint8_t *)at;
		io->slot = i;
		io->next = d->free;
		d->free = io;
	}
	return 0;
}

int blk_add(struct blkdrv *d)
{
	uint64_t n = d->size < BLK_TABLE ? d->size : BLK_TABLE;
	struct blkdrv **p;
	struct blk_job *j;
	int err;

	if (!d->depth || d->depth > blk_depth())
		d->depth = blk_depth();
	if (!d->slot_max || d->slot_max > BLK_SLOT)
		d->slot_max = BLK_SLOT;
	err = buffers(d);
	if (err)
		return err;
	d->last = &d->first;
	d->timer.fn = tick;
	d->timer.arg = d;
	d->part[0] = (struct blk_part){ 0, d->size };
	d->nparts = 1;
	for (p = &disks; *p; p = &(*p)->next)
		;
	*p = d;
	j = new_job(d, B_READ, 0, n - n % d->sector);
	if (!j)
		return -ENOMEM;
	j->local = malloc(BLK_TABLE);
	if (!j->local || !j->len)
		return -ENOMEM;
	pump(d);
	return 0;
}
