/* SPDX-License-Identifier: MIT */
/* In which order os/lib/blkdrv.c lets requests out to a disk that does them when it likes. */
#define LIB_SYS_H	/* the kernel is here */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../../os/abi/dev.h"
#include "../../os/abi/mem.h"
#include "../../os/abi/msg.h"
#include "../../os/abi/proc.h"
#include "../../os/abi/sys.h"

static int64_t sys_sysinfo(struct sys_info *si);
static int64_t sys_dev_dma(handle_t dev, uint64_t len, uint32_t flags, uint64_t *phys);
static int64_t sys_vm_map(const struct vm_map *map);
static int64_t sys_handle_close(handle_t h);
static int64_t sys_msg_read(uint64_t token, int range, uint64_t off, void *buf, uint64_t n);
static int64_t sys_msg_write(uint64_t token, int range, uint64_t off, const void *buf, uint64_t n);
#include "../../os/lib/blkdrv.c"

#define MOST	64

static int failed;
static unsigned given[MOST], ngiven;		/* B_* of what went to the device, in order */
static struct blk_io *there[MOST];
static uint64_t answered[MOST];
static unsigned nanswered;

static int64_t sys_sysinfo(struct sys_info *si)
{
	si->mem_total = 1ull << 30;
	return 0;
}

static int64_t sys_dev_dma(handle_t dev, uint64_t len, uint32_t flags, uint64_t *phys)
{
	(void)dev, (void)len, (void)flags;
	*phys = 0;
	return 1;
}

static int64_t sys_vm_map(const struct vm_map *map)
{
	return (int64_t)calloc(1, map->len);
}

static int64_t sys_handle_close(handle_t h)
{
	(void)h;
	return 0;
}

static int64_t sys_msg_read(uint64_t token, int range, uint64_t off, void *buf, uint64_t n)
{
	(void)token, (void)range, (void)off, (void)buf;
	return (int64_t)n;
}

static int64_t sys_msg_write(uint64_t token, int range, uint64_t off, const void *buf, uint64_t n)
{
	(void)token, (void)range, (void)off, (void)buf;
	return (int64_t)n;
}

void srv_reply(uint64_t token, int64_t result)
{
	(void)result;
	answered[nanswered++] = token;
}

void srv_timer_set(struct srv *s, struct srv_timer *t, int64_t deadline)
{
	(void)s, (void)t, (void)deadline;
}

int64_t srv_now(void)
{
	return 1;
}

void srv_log(const char *fmt, ...)
{
	(void)fmt;
}

int64_t srv_register(const char *name, handle_t h)
{
	(void)name, (void)h;
	return 0;
}

int64_t srv_file(struct srv *s, uint64_t id, uint32_t fflags, uint32_t ready, uint32_t flags)
{
	(void)s, (void)id, (void)fflags, (void)ready, (void)flags;
	return 1;
}

static int submit(struct blkdrv *d, struct blk_io *io)
{
	(void)d;
	there[ngiven] = io;
	given[ngiven++] = io->op;
	return 0;
}

static void call(unsigned op, uint64_t token, uint64_t len)
{
	struct srv_req r = { .m = { .id = 1, .token = token, .w = { op, 0, len } } };

	r.m.r[op == B_READ].len = len;
	if (blk_call(NULL, &r) != SRV_HELD)
		answered[nanswered++] = token;
}

/* A fresh disk, its partition table read. */
static void fresh(struct blkdrv *d, int no_flush)
{
	disks = NULL;
	*d = (struct blkdrv){ .name = "d", .size = 1 << 20, .sector = 512, .depth = 8, .submit = submit, .no_flush = no_flush };
	ngiven = nanswered = 0;
	if (blk_add(d) || ngiven != 1)
		abort();
	blk_done(d, there[0], 0);
	ngiven = nanswered = 0;
}

static void check(int ok, const char *name)
{
	if (!ok)
		failed = 1;
	printf(ok ? "ok %s\n" : "FAIL %s: not so\n", name);
}

static void flush_waits_for_writes(int no_flush)
{
	static struct blkdrv d;
	int ok;

	fresh(&d, no_flush);
	call(B_WRITE, 1, 4096);
	call(B_READ, 2, 4096);
	call(B_FLUSH, 3, 0);
	call(B_READ, 4, 4096);
	ok = ngiven == 2 && given[0] == B_WRITE && given[1] == B_READ && !nanswered;
	blk_done(&d, there[0], 0);
	ok = ok && ngiven == 4 - (unsigned)no_flush && answered[0] == 1 && given[ngiven - 1] == B_READ;
	ok = ok && (no_flush ? nanswered == 2 && answered[1] == 3 : nanswered == 1 && given[2] == B_FLUSH);
	for (unsigned i = 1; i < ngiven; i++)
		blk_done(&d, there[i], 0);
	ok = ok && nanswered == 4 && !d.inflight && !d.first;
	check(ok, no_flush ? "flush_waits_for_writes_without_a_cache" : "flush_waits_for_writes");
}

/* Nothing is written: a disk without a cache has nothing to do, another does it beside reads. */
static void flush_waits_for_nothing_else(void)
{
	static struct blkdrv d;
	int ok;

	fresh(&d, 1);
	call(B_FLUSH, 1, 0);
	ok = nanswered == 1 && !ngiven;
	fresh(&d, 0);
	call(B_READ, 1, 4096);
	call(B_FLUSH, 2, 0);
	check(ok && ngiven == 2 && given[1] == B_FLUSH, "flush_waits_for_nothing_else");
}

int main(void)
{
	flush_waits_for_writes(0);
	flush_waits_for_writes(1);
	flush_waits_for_nothing_else();
	return failed;
}
