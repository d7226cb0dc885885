/* SPDX-License-Identifier: MIT */
/* NVMe: registers, queues; names follow the NVM Express Base Specification 1.4. */
#ifndef DRV_NVME_H
#define DRV_NVME_H

#include "../../lib/blkdrv.h"
#include "../../lib/pci.h"

/* Registers in BAR 0. */
enum {
	CAP = 0, VS = 8, INTMS = 0xc, INTMC = 0x10, CC = 0x14, CSTS = 0x1c, AQA = 0x24, ASQ = 0x28,
	ACQ = 0x30, DOORBELLS = 0x1000,
};
#define CC_ENABLE	(1u | 6u << 16 | 4u << 20)	/* NVM commands, 64-byte and 16-byte entries */
#define CSTS_READY	1u
#define CSTS_FATAL	2u

#define QUEUE_LEN	64		/* entries: one page of commands */
#define MAX_DISKS	4

struct command {
	uint8_t opcode, flags;
	uint16_t id;
	uint32_t nsid;
	uint64_t reserved, meta, prp1, prp2;
	uint32_t arg[6];		/* CDW10 to CDW15 */
};

struct completion {
	uint32_t result, reserved;
	uint16_t sq_head, sq_id, id, status;	/* bit 0 of status: phase */
};

_Static_assert(sizeof(struct command) == 64, "command");
_Static_assert(sizeof(struct completion) == 16, "completion");

struct queue {
	unsigned id;			/* 0: admin */
	volatile struct command *sq;
	volatile struct completion *cq;
	uint64_t sq_phys, cq_phys;
	unsigned tail, head, phase;
};

struct nvme {
	struct pci_dev pci;
	volatile uint8_t *regs;
	unsigned stride;		/* bytes between doorbells */
	unsigned ready_ms;		/* the controller's own limit for getting ready */
	unsigned entries;		/* of a queue */
	uint32_t most;			/* bytes of one transfer */
	int cache;			/* volatile write cache */
	struct queue admin, io;
	handle_t irq;
	uint8_t *page;			/* for answers of admin commands */
	uint64_t page_phys;
};

/* queue.c */
/* Makes the controller ready: reset, admin queue, one pair of I/O queues. Also after a hang. */
int nvme_start(struct nvme *n);
void nvme_put(struct nvme *n, struct queue *q, const struct command *c);
void nvme_ring(struct nvme *n, struct queue *q);
/* The next completion, copied: 1, or 0 when there is none. */
int nvme_get(struct nvme *n, struct queue *q, struct completion *out);
/* An admin command and its completion, waited for. 0, -EIO (its status is logged), -ETIMEDOUT. */
int nvme_admin(struct nvme *n, struct command *c);

#endif
