/* SPDX-License-Identifier: MIT */
/*
 * Driver of SATA controllers in AHCI mode: "ahci BB:DD.F N" makes the disk on port P the disk
 * sata(32 * N + P). Commands are queued (NCQ) where disk and controller can.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ahci.h"

#define RESET_MS	1000
#define LINK_NS		10000000
#define NPORTS		30		/* whose registers are in the first page */

static struct srv srv = { .call = blk_call };
static struct ahci hba;
static struct port *ports[NPORTS];

static volatile uint32_t *reg(unsigned o)
{
	return (volatile uint32_t *)(hba.regs + o);
}

static int submit(struct blkdrv *b, struct blk_io *io)
{
	struct port *p = b->arg;

	port_command(p, io);
	p->fresh |= 1u << io->slot;
	return 0;
}

static void kick(struct blkdrv *b)
{
	struct port *p = b->arg;
	uint32_t fresh = p->fresh;

	if (!fresh)
		return;
	p->fresh = 0;
	p->issued |= fresh;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	/* Queued commands are never beside a flush (lone_flush): all of these are of one kind. */
	if (p->queued && b->io[__builtin_ctz(fresh)].op != B_FLUSH)
		*port_reg(p, P_SACT) = fresh;
	*port_reg(p, P_CI) = fresh;
}

static int reset(struct blkdrv *b)
{
	struct port *p = b->arg;
	int err = pci_gone(&hba.pci) ? -ENODEV : port_start(p);

	if (!err)
		*port_reg(p, P_IE) = IS_WANTED;
	return err;
}

/* What the device no longer has is done. */
static void finish(struct port *p)
{
	uint32_t done = p->issued & ~(*port_reg(p, P_CI) | *port_reg(p, P_SACT));

	p->issued &= ~done;
	for (; done; done &= done - 1)
		blk_done(&p->blk, &p->blk.io[__builtin_ctz(done)], 0);
}

/* Which command failed the device does not say here: the library finds out. */
static void port_irq(struct port *p)
{
	uint32_t is = *port_reg(p, P_IS);

	*port_reg(p, P_IS) = is;
	if (!(is & IS_ERRORS) && !(is & (IS_CONNECT | IS_READY))) {
		finish(p);
		return;
	}
	/* Of several queued commands those that have their bit cleared are well; one alone is the culprit. */
	if (p->queued && (p->issued & (p->issued - 1)))
		finish(p);
	/* A disk that was pulled out, and a link that was lost, look alike: does it come back? */
	if (!p->issued && !(is & (IS_CONNECT | IS_READY)))
		return;
	if (reset(&p->blk))
		blk_gone(&p->blk);
	else
		blk_fault(&p->blk);
}

static void on_irq(void *arg, uint32_t events)
{
	uint32_t is = *reg(IS);

	(void)arg;
	(void)events;
	sys_irq_ack(hba.irq);
	if (is == UINT32_MAX && pci_gone(&hba.pci)) {
		for (unsigned i = 0; i < NPORTS; i++)
			if (ports[i])
				blk_gone(&ports[i]->blk);
		return;
	}
	*reg(IS) = is;
	for (unsigned i = 0; i < NPORTS; i++)
		if ((is & 1u << i) && ports[i])
			port_irq(ports[i]);
}

static uint64_t sectors(const struct port *p, const uint16_t *w)
{
	uint64_t n = 0;

	if (!p->lba48)
		return w[60] | (uint32_t)w[61] << 16;
	for (unsigned i = 4; i--; )
		n = n << 16 | w[100 + i];
	return n;
}

static uint32_t sector_size(const uint16_t *w)
{
	uint32_t words = w[117] | (uint32_t)w[118] << 16;

	return (w[106] & 0xd000) == 0x5000 && words >= 256 ? words * 2 : 512;
}

/* What the disk says of itself. */
static int describe(struct port *p, const uint16_t *w)
{
	unsigned slots = CAP_SLOTS(hba.cap);
	struct blkdrv *b = &p->blk;

	p->lba48 = w[83] >> 10 & 1;
	p->queued = p->lba48 && (hba.cap & CAP_NCQ) && w[76] != 0xffff && (w[76] >> 8 & 1);
	b->sector = sector_size(w);
	b->size = sectors(p, w) * b->sector;
	if (!(w[49] & 0x100) || !b->size || (b->sector != 512 && b->sector != 4096) ||
	    sectors(p, w) >> 48)
		return -ENOTSUP;
	if (p->queued && (w[75] & 31u) + 1 < slots)
		slots = (w[75] & 31u) + 1;
	/* Without queueing a disk does one command at a time; old commands count to 256 sectors. */
	b->depth = p->queued ? slots : 1;
	b->slot_max = p->lba48 ? 0 : 255 * b->sector;
	b->lone_flush = p->queued;
	b->no_flush = !(w[82] >> 5 & 1);
	return 0;
}

static int add(unsigned n, unsigned unit)
{
	struct port *p = calloc(1, sizeof(*p));
	uint16_t words[256];
	int err;

	if (!p)
		return -ENOMEM;
	*p = (struct port){ .hba = &hba, .n = n, .regs = hba.regs + PORTS + n * PORT_SIZE };
	p->mem = pci_dma(hba.pci.dev, sizeof(*p->mem), &p->phys, NULL);
	err = p->mem ? port_start(p) : -ENOMEM;
	if (!err)
		err = port_identify(p, words);
	if (err == -ENODEV)
		return 0;
	p->blk = (struct blkdrv){ .srv = &srv, .dev = hba.pci.dev, .submit = submit, .kick = kick,
				  .reset = reset, .arg = p };
	snprintf(p->blk.name, sizeof(p->blk.name), "sata%u", 32 * unit + n);
	if (!err)
		err = describe(p, words);
	if (err)
		return err;
	ports[n] = p;
	*port_reg(p, P_IE) = IS_WANTED;
	return blk_add(&p->blk);
}

static volatile uint32_t *early_reg(unsigned port, unsigned o)
{
	return (volatile uint32_t *)(hba.regs + PORTS + port * PORT_SIZE + o);
}

static int link_state(unsigned port)
{
	return *early_reg(port, P_SSTS) & 15;
}

/* All ports at once: what has not shown itself after this time is not there. */
static void spin_up(uint32_t have)
{
	for (uint32_t m = have; m; m &= m - 1)
		*early_reg((unsigned)__builtin_ctz(m), P_CMD) |= CMD_SPIN_UP | CMD_POWER;
	sys_sleep(srv_now() + LINK_NS);
}

static int nothing(void)
{
	for (unsigned i = 0; i < NPORTS; i++)
		if (ports[i])
			return 0;
	return 1;
}

static void start(unsigned unit)
{
	uint32_t have;

	*reg(GHC) |= GHC_AHCI;
	*reg(GHC) |= GHC_RESET;
	if (pci_wait(reg(GHC), GHC_RESET, 0, RESET_MS))
		srv_die("the controller does not come back from its reset");
	*reg(GHC) |= GHC_AHCI;
	hba.cap = *reg(CAP);
	have = *reg(PI);
	*reg(IS) = UINT32_MAX;
	*reg(GHC) |= GHC_IRQ;
	spin_up(have);
	for (unsigned i = 0; i < NPORTS; i++) {
		int err = have & 1u << i && link_state(i) ? add(i, unit) : 0;

		if (err)
			srv_log("port %u: error %d", i, -err);
	}
}

int main(int argc, char **argv)
{
	int64_t irq;

	pci_open_arg(argc, argv, &hba.pci);
	if (srv_init(&srv))
		srv_die("no port");
	hba.regs = pci_map(&hba.pci, 5, 0, ABI_PAGE, DEV_UNCACHED);
	irq = pci_irq(&hba.pci);
	if (!hba.regs || irq < 0)
		srv_die("no registers or interrupt: error %d", irq < 0 ? (int)-irq : ENOMEM);
	hba.irq = (handle_t)irq;
	if (srv_watch(&srv, hba.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	start(argc > 2 ? (unsigned)atoi(argv[2]) : 0);
	if (nothing())
		return 0;		/* a controller without disks needs no driver */
	srv_run(&srv);
	return 1;
}
