/* SPDX-License-Identifier: MIT */
/* AHCI: registers and tables; names follow Serial ATA AHCI 1.3.1. */
#ifndef DRV_AHCI_H
#define DRV_AHCI_H

#include "../../lib/blkdrv.h"
#include "../../lib/pci.h"

/* Registers of the controller in BAR 5, then 128 bytes a port. */
enum { CAP = 0, GHC = 4, IS = 8, PI = 0xc, PORTS = 0x100, PORT_SIZE = 0x80 };
#define CAP_NCQ		(1u << 30)
#define CAP_SLOTS(c)	(((c) >> 8 & 31) + 1)
#define GHC_RESET	1u
#define GHC_IRQ		2u
#define GHC_AHCI	(1u << 31)

enum {
	P_CLB = 0, P_CLBU = 4, P_FB = 8, P_FBU = 0xc, P_IS = 0x10, P_IE = 0x14, P_CMD = 0x18,
	P_TFD = 0x20, P_SIG = 0x24, P_SSTS = 0x28, P_SCTL = 0x2c, P_SERR = 0x30, P_SACT = 0x34,
	P_CI = 0x38,
};
#define CMD_START	1u
#define CMD_SPIN_UP	2u
#define CMD_POWER	4u
#define CMD_FIS		0x10u		/* receive */
#define CMD_FIS_RUNS	(1u << 14)
#define CMD_RUNS	(1u << 15)
#define TFD_ERROR	1u
#define TFD_BUSY	0x88u		/* BSY, DRQ */
#define IS_CONNECT	(1u << 6)	/* PCS: a device came or went */
#define IS_READY	(1u << 22)	/* PRCS */
#define IS_ERRORS	(1u << 30 | 1u << 29 | 1u << 28 | 1u << 27 | 1u << 24)
#define IS_WANTED	(IS_ERRORS | IS_CONNECT | IS_READY | 0xfu)
#define SIG_DISK	0x101u

/* Memory of a port: the command list, received FISes, a command table for each slot. */
struct header {
	uint16_t flags, nprd;
	uint32_t bytes;
	uint64_t table;
	uint32_t reserved[4];
};

struct prd { uint64_t addr; uint32_t reserved, count; };

struct table {
	uint8_t fis[64], atapi[16], reserved[48];
	struct prd prd;			/* slots are contiguous: one is enough */
	uint8_t pad[112];		/* tables are aligned to 128 */
};

struct port_mem {
	struct header header[32];
	uint8_t received[256], pad[2816];
	struct table table[32];
};

_Static_assert(sizeof(struct header) == 32, "header");
_Static_assert(sizeof(struct table) == 256, "table");
_Static_assert(sizeof(struct port_mem) == 4096 + 8192, "port memory");

struct ahci {
	struct pci_dev pci;
	volatile uint8_t *regs;
	uint32_t cap;
	handle_t irq;
};

struct port {
	struct blkdrv blk;
	struct ahci *hba;
	unsigned n;
	volatile uint8_t *regs;
	struct port_mem *mem;
	uint64_t phys;
	uint32_t issued;		/* slots at the device */
	uint32_t fresh;			/* submitted, not yet told to it */
	int queued;			/* commands are NCQ */
	int lba48, started;
};

static inline volatile uint32_t *port_reg(struct port *p, unsigned o)
{
	return (volatile uint32_t *)(p->regs + o);
}

/* port.c */
/* Stops and starts the port; afterwards it has no commands. -ENODEV: no disk is there. */
int port_start(struct port *p);
/* One command that reads n <= 512 bytes into slot 0's buffer of its own, waited for. */
int port_identify(struct port *p, uint16_t words[256]);
/* Fills the command of a request. */
void port_command(struct port *p, const struct blk_io *io);

#endif
