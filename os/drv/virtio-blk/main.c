/* SPDX-License-Identifier: MIT */
/* Driver of virtio block devices: "virtio-blk BB:DD.F N" makes the disk blkN (lib/blkdrv). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/blkdrv.h"
#include "../../lib/virtio.h"

#define SECTOR		512
#define F_RO		(1ull << 5)
#define F_FLUSH		(1ull << 9)
#define QUEUE_MAX	128

enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4 };

struct header { uint32_t type, reserved; uint64_t sector; };

static struct srv srv = { .call = blk_call };
static struct virtio vio;
static struct virtq q;
static struct blkdrv disk;
static struct blk_io *by_head[QUEUE_MAX];
/* A page for the device: headers of all slots, then their status bytes. */
static struct header *headers;
static volatile uint8_t *status;
static uint64_t head_phys;

static int submit(struct blkdrv *d, struct blk_io *io)
{
	uint64_t status_phys = head_phys + BLK_DEPTH_MAX * sizeof(struct header) + io->slot;
	struct virtio_buf b[3] = {
		{ head_phys + io->slot * sizeof(struct header), sizeof(struct header), 0 },
		{ io->phys, io->len, io->op == B_READ },
		{ status_phys, 1, 1 },
	};
	int head;

	(void)d;
	headers[io->slot] = (struct header){
		io->op == B_READ ? T_IN : io->op == B_WRITE ? T_OUT : T_FLUSH, 0, io->pos / SECTOR,
	};
	status[io->slot] = 0xff;
	if (!io->len)
		b[1] = b[2];
	head = virtq_add(&q, b, io->len ? 3 : 2);
	if (head < 0)
		return head;
	by_head[head] = io;
	return 0;
}

static void kick(struct blkdrv *d)
{
	(void)d;
	virtq_kick(&q);
}

static int result(uint8_t s)
{
	return !s ? 0 : s == 2 ? -ENOTSUP : -EIO;
}

static void on_irq(void *arg, uint32_t events)
{
	uint32_t len;
	int head;

	(void)arg;
	(void)events;
	sys_irq_ack(q.irq);
	if (pci_gone(&vio.pci)) {
		blk_gone(&disk);
		return;
	}
	while ((head = virtq_done(&q, &len)) >= 0)
		if (by_head[head])
			blk_done(&disk, by_head[head], result(status[by_head[head]->slot]));
}

static int start(void)
{
	int err = virtio_open(&vio, F_RO | F_FLUSH);

	if (!err)
		err = virtio_queue(&vio, &q, 0, QUEUE_MAX);
	if (!err)
		virtio_ready(&vio);
	return err;
}

static int reset(struct blkdrv *d)
{
	(void)d;
	memset(by_head, 0, sizeof(by_head));
	return pci_gone(&vio.pci) ? -ENODEV : start();
}

static void setup(unsigned n)
{
	int err = start();
	uint8_t *page = pci_dma(vio.pci.dev, ABI_PAGE, &head_phys, NULL);

	if (err || !page)
		srv_die("disk %u: error %d", n, err ? -err : ENOMEM);
	headers = (struct header *)page;
	status = page + BLK_DEPTH_MAX * sizeof(struct header);
	disk = (struct blkdrv){
		.srv = &srv, .dev = vio.pci.dev, .sector = SECTOR,
		.size = *(volatile uint64_t *)vio.device * SECTOR,
		.flags = vio.features & F_RO ? BLK_READONLY : 0,
		.depth = q.size / 3, .no_flush = !(vio.features & F_FLUSH),
		.submit = submit, .kick = kick, .reset = reset,
	};
	snprintf(disk.name, sizeof(disk.name), "blk%u", n);
}

int main(int argc, char **argv)
{
	pci_open_arg(argc, argv, &vio.pci);
	if (srv_init(&srv))
		srv_die("no port");
	setup(argc > 2 ? (unsigned)atoi(argv[2]) : 0);
	if (srv_watch(&srv, q.irq, EV_IN, 0, on_irq, NULL) < 0 || blk_add(&disk))
		srv_die("%s: cannot start", disk.name);
	srv_run(&srv);
	return 1;
}
