/* SPDX-License-Identifier: MIT */
/*
 * Driver of NVMe controllers: "nvme BB:DD.F N" makes their name spaces the disks nvmeN (the first),
 * nvmeNn2 and so on. One pair of queues; an id of a command is disk << 8 | slot.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nvme.h"

#define ADMIN_IDENTIFY	6
#define IDENTIFY_SPACE	0
#define IDENTIFY_SELF	1
#define IDENTIFY_LIST	2
enum { NVM_FLUSH = 0, NVM_WRITE = 1, NVM_READ = 2 };

/* Status codes, type << 8 | code. */
#define ST_READ_ONLY	0x120
#define PRPS		(BLK_SLOT / ABI_PAGE)

struct disk {
	struct blkdrv blk;
	uint32_t nsid;
	uint64_t *prps[BLK_DEPTH_MAX];	/* lists of the pages of each slot but the first */
	uint64_t prps_phys[BLK_DEPTH_MAX];
};

static struct srv srv = { .call = blk_call };
static struct nvme nvme;
static struct disk disks[MAX_DISKS];
static unsigned ndisks, room;		/* room: commands that the queue takes for each disk */

static int make_list(struct disk *d, const struct blk_io *io)
{
	uint64_t *p = pci_dma(nvme.pci.dev, ABI_PAGE, &d->prps_phys[io->slot], NULL);

	if (!p)
		return -ENOMEM;
	for (unsigned i = 1; i < PRPS; i++)
		p[i - 1] = io->phys + (uint64_t)i * ABI_PAGE;
	d->prps[io->slot] = p;
	return 0;
}

/* A slot is contiguous, so its list of pages is made once. */
static int pages(struct disk *d, const struct blk_io *io, struct command *c)
{
	int err = d->prps[io->slot] ? 0 : make_list(d, io);

	c->prp1 = io->phys;
	if (io->len > 2 * ABI_PAGE)
		c->prp2 = d->prps_phys[io->slot];
	else if (io->len > ABI_PAGE)
		c->prp2 = io->phys + ABI_PAGE;
	return err;
}

static int submit(struct blkdrv *b, struct blk_io *io)
{
	struct disk *d = b->arg;
	uint64_t lba = io->pos / b->sector;
	struct command c = { .nsid = d->nsid, .id = (uint16_t)((d - disks) << 8 | io->slot) };
	int err = 0;

	c.opcode = io->op == B_READ ? NVM_READ : io->op == B_WRITE ? NVM_WRITE : NVM_FLUSH;
	if (io->len) {
		err = pages(d, io, &c);
		c.arg[0] = (uint32_t)lba;
		c.arg[1] = (uint32_t)(lba >> 32);
		c.arg[2] = io->len / b->sector - 1;
	}
	if (!err)
		nvme_put(&nvme, &nvme.io, &c);
	return err;
}

static void kick(struct blkdrv *b)
{
	(void)b;
	nvme_ring(&nvme, &nvme.io);
}

static int result(unsigned status)
{
	return !(status & 0x7ff) ? 0 : (status & 0x7ff) == ST_READ_ONLY ? -EROFS : -EIO;
}

static void on_irq(void *arg, uint32_t events)
{
	struct completion c;

	(void)arg;
	(void)events;
	sys_irq_ack(nvme.irq);
	while (nvme_get(&nvme, &nvme.io, &c)) {
		unsigned i = c.id >> 8, slot = c.id & 0xff;

		/* An id that is not at the device is nonsense of the device's. */
		if (i < ndisks && blk_busy(&disks[i].blk, slot))
			blk_done(&disks[i].blk, &disks[i].blk.io[slot], result(c.status >> 1));
	}
	if (pci_gone(&nvme.pci))
		for (unsigned i = 0; i < ndisks; i++)
			blk_gone(&disks[i].blk);
}

/* A reset is the whole controller's: requests of its other disks are repeated too. */
static int reset(struct blkdrv *b)
{
	int err = nvme_start(&nvme);

	for (unsigned i = 0; i < ndisks; i++) {
		if (&disks[i].blk == b)
			continue;
		if (err)
			blk_gone(&disks[i].blk);
		else
			blk_fault(&disks[i].blk);
	}
	return err;
}

static int identify(unsigned what, uint32_t nsid)
{
	struct command c = { .opcode = ADMIN_IDENTIFY, .nsid = nsid, .prp1 = nvme.page_phys };

	c.arg[0] = what;
	return nvme_admin(&nvme, &c);
}

static uint64_t le(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

static int about_controller(void)
{
	const uint8_t *p = nvme.page;
	int err = identify(IDENTIFY_SELF, 0);

	if (err)
		return err;
	nvme.most = p[77] && p[77] < 16 ? (uint32_t)ABI_PAGE << p[77] : BLK_SLOT;
	nvme.cache = p[525] & 1;
	return 0;
}

/* A name space becomes a disk. */
static int add_disk(uint32_t nsid, unsigned n)
{
	struct disk *d = &disks[ndisks];
	const uint8_t *p = nvme.page;
	unsigned shift;
	int err = identify(IDENTIFY_SPACE, nsid);

	if (err)
		return err;
	shift = p[128 + 4 * (p[26] & 15) + 2];
	if (!le(p, 8) || shift < 9 || shift > 12 || le(p, 8) >= 1ull << (63 - shift))
		return -EINVAL;
	if (le(p + 128 + 4 * (p[26] & 15), 2))		/* blocks with meta data */
		return -ENOTSUP;
	d->nsid = nsid;
	d->blk = (struct blkdrv){
		.srv = &srv, .dev = nvme.pci.dev, .size = le(p, 8) << shift, .sector = 1u << shift,
		.flags = p[99] & 1 ? BLK_READONLY : 0, .depth = room, .slot_max = nvme.most,
		.no_flush = !nvme.cache, .submit = submit, .kick = kick, .reset = reset, .arg = d,
	};
	snprintf(d->blk.name, sizeof(d->blk.name), ndisks ? "nvme%u" "n%u" : "nvme%u", n, nsid);
	ndisks++;
	return blk_add(&d->blk);
}

static void add_disks(unsigned n)
{
	uint32_t list[MAX_DISKS] = { 1 };
	int err = identify(IDENTIFY_LIST, 0);

	if (!err)
		memcpy(list, nvme.page, sizeof(list));
	room = (nvme.entries - 1) / MAX_DISKS;
	if (list[0] && !list[1])
		room = nvme.entries - 1;
	for (unsigned i = 0; i < MAX_DISKS && list[i]; i++) {
		err = add_disk(list[i], n);
		if (err)
			srv_log("name space %u: error %d", list[i], -err);
	}
}

int main(int argc, char **argv)
{
	int64_t irq;
	int err;

	pci_open_arg(argc, argv, &nvme.pci);
	if (srv_init(&srv))
		srv_die("no port");
	nvme.regs = pci_map(&nvme.pci, 0, 0, 2 * ABI_PAGE, DEV_UNCACHED);
	nvme.page = pci_dma(nvme.pci.dev, ABI_PAGE, &nvme.page_phys, NULL);
	irq = pci_irq(&nvme.pci);
	if (!nvme.regs || !nvme.page || irq < 0)
		srv_die("no registers, memory or interrupt");
	nvme.irq = (handle_t)irq;
	err = nvme_start(&nvme);
	if (!err)
		err = about_controller();
	if (err)
		srv_die("controller: error %d", -err);
	if (srv_watch(&srv, nvme.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	add_disks(argc > 2 ? (unsigned)atoi(argv[2]) : 0);
	if (!ndisks)
		srv_die("no disk of a form that is known");
	srv_run(&srv);
	return 1;
}
