/* SPDX-License-Identifier: MIT */
/* A port: starting it, and the commands of ATA. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "ahci.h"

#define STOP_MS		600
#define LINK_MS		100
#define BUSY_MS		10000		/* a disk may have to spin up */
#define IDENTIFY_MS	10000

#define FIS_COMMAND	0x27
#define HEADER_WORDS	5		/* of a command FIS */
#define HEADER_WRITE	0x40

enum {
	ATA_READ_DMA = 0xc8, ATA_WRITE_DMA = 0xca, ATA_READ_DMA_EXT = 0x25, ATA_WRITE_DMA_EXT = 0x35,
	ATA_READ_QUEUED = 0x60, ATA_WRITE_QUEUED = 0x61, ATA_FLUSH = 0xe7, ATA_FLUSH_EXT = 0xea,
	ATA_IDENTIFY = 0xec,
};

/* Both engines off: the command list may be changed. */
static int stop(struct port *p)
{
	volatile uint32_t *cmd = port_reg(p, P_CMD);
	int err;

	*cmd &= ~CMD_START;
	err = pci_wait(cmd, CMD_RUNS, 0, STOP_MS);
	if (err)
		return err;
	*cmd &= ~CMD_FIS;
	return pci_wait(cmd, CMD_FIS_RUNS, 0, STOP_MS);
}

/* COMRESET: the device begins afresh. */
static void reset_link(struct port *p)
{
	volatile uint32_t *ctl = port_reg(p, P_SCTL);

	*ctl = (*ctl & ~15u) | 1;
	sys_sleep(srv_now() + 2000000);
	*ctl &= ~15u;
}

int port_start(struct port *p)
{
	volatile uint32_t *cmd = port_reg(p, P_CMD);
	int err = stop(p);

	if (err == -ENODEV)
		return err;
	if (p->started)
		reset_link(p);
	p->started = 1;
	p->issued = p->fresh = 0;
	*port_reg(p, P_CLB) = (uint32_t)p->phys;
	*port_reg(p, P_CLBU) = (uint32_t)(p->phys >> 32);
	*port_reg(p, P_FB) = (uint32_t)(p->phys + sizeof(p->mem->header));
	*port_reg(p, P_FBU) = (uint32_t)((p->phys + sizeof(p->mem->header)) >> 32);
	*cmd |= CMD_SPIN_UP | CMD_POWER | CMD_FIS;
	if (pci_wait(port_reg(p, P_SSTS), 15, 3, LINK_MS))
		return -ENODEV;
	*port_reg(p, P_SERR) = UINT32_MAX;
	err = pci_wait(port_reg(p, P_TFD), TFD_BUSY, 0, BUSY_MS);
	if (err)
		return err;
	if (*port_reg(p, P_SIG) != SIG_DISK)
		return -ENODEV;
	*port_reg(p, P_IS) = UINT32_MAX;
	*cmd |= CMD_START;
	return 0;
}

/* lba and count go where the command expects them; queued commands have the count elsewhere. */
static void fill_fis(uint8_t *f, uint8_t op, uint64_t lba, uint32_t count)
{
	memset(f, 0, 64);
	f[0] = FIS_COMMAND;
	f[1] = 0x80;
	f[2] = op;
	for (unsigned i = 0; i < 3; i++) {
		f[4 + i] = (uint8_t)(lba >> 8 * i);
		f[8 + i] = (uint8_t)(lba >> 8 * (i + 3));
	}
	f[7] = 0x40;
	f[12] = (uint8_t)count;
	f[13] = (uint8_t)(count >> 8);
}

static void fill(struct port *p, unsigned slot, int write, uint64_t phys, uint32_t len)
{
	struct header *h = &p->mem->header[slot];
	struct table *t = &p->mem->table[slot];

	h->flags = HEADER_WORDS | (write ? HEADER_WRITE : 0);
	h->nprd = len ? 1 : 0;
	h->bytes = 0;
	h->table = p->phys + offsetof(struct port_mem, table) + slot * sizeof(*t);
	t->prd = (struct prd){ phys, 0, len ? len - 1 : 0 };
}

static uint8_t opcode(const struct port *p, unsigned op)
{
	if (op == B_FLUSH)
		return p->lba48 ? ATA_FLUSH_EXT : ATA_FLUSH;
	if (p->queued)
		return op == B_READ ? ATA_READ_QUEUED : ATA_WRITE_QUEUED;
	if (p->lba48)
		return op == B_READ ? ATA_READ_DMA_EXT : ATA_WRITE_DMA_EXT;
	return op == B_READ ? ATA_READ_DMA : ATA_WRITE_DMA;
}

void port_command(struct port *p, const struct blk_io *io)
{
	uint8_t *f = p->mem->table[io->slot].fis;
	uint64_t lba = io->pos / p->blk.sector;
	uint32_t count = io->len / p->blk.sector;

	fill(p, io->slot, io->op == B_WRITE, io->phys, io->len);
	fill_fis(f, opcode(p, io->op), lba, count);
	if (p->queued && io->op != B_FLUSH) {
		f[3] = (uint8_t)count;
		f[11] = (uint8_t)(count >> 8);
		f[12] = (uint8_t)(io->slot << 3);
		f[13] = 0;
	} else if (!p->lba48) {
		f[7] |= lba >> 24 & 15;
		f[8] = 0;
	}
}

/* The answer comes into the tables of the last slot, which nobody uses yet. */
int port_identify(struct port *p, uint16_t words[256])
{
	struct table *t = &p->mem->table[30];
	uint64_t phys = p->phys + offsetof(struct port_mem, table) + 30 * sizeof(*t);
	int err;

	fill(p, 0, 0, phys, 512);
	fill_fis(p->mem->table[0].fis, ATA_IDENTIFY, 0, 0);
	p->mem->table[0].fis[7] = 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*port_reg(p, P_CI) = 1;
	err = pci_wait(port_reg(p, P_CI), 1, 0, IDENTIFY_MS);
	if (!err && (*port_reg(p, P_TFD) & TFD_ERROR))
		err = -EIO;
	memcpy(words, t, 512);
	memset(t, 0, 512);
	return err;
}
