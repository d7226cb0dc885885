/* SPDX-License-Identifier: MIT */
/* The controller and its queues. */
#include <errno.h>
#include <string.h>
#include "nvme.h"

#define ADMIN_CREATE_SQ	1
#define ADMIN_CREATE_CQ	5
#define ADMIN_MS	5000

static volatile uint32_t *reg(struct nvme *n, unsigned o)
{
	return (volatile uint32_t *)(n->regs + o);
}

static void write64(struct nvme *n, unsigned o, uint64_t v)
{
	*reg(n, o) = (uint32_t)v;
	*reg(n, o + 4) = (uint32_t)(v >> 32);
}

static volatile uint32_t *doorbell(struct nvme *n, struct queue *q, int completion)
{
	return reg(n, DOORBELLS + (2 * q->id + (unsigned)completion) * n->stride);
}

/* Memory of a queue: kept over resets. */
static int place(struct nvme *n, struct queue *q, unsigned id)
{
	uint64_t phys;
	uint8_t *mem = (uint8_t *)q->sq;

	if (!mem) {
		mem = pci_dma(n->pci.dev, 2 * ABI_PAGE, &phys, NULL);
		if (!mem)
			return -ENOMEM;
		q->sq = (volatile struct command *)mem;
		q->cq = (volatile struct completion *)(mem + ABI_PAGE);
		q->sq_phys = phys;
		q->cq_phys = phys + ABI_PAGE;
	}
	memset(mem, 0, 2 * ABI_PAGE);
	q->id = id;
	q->tail = q->head = 0;
	q->phase = 1;
	return 0;
}

void nvme_put(struct nvme *n, struct queue *q, const struct command *c)
{
	memcpy((void *)&q->sq[q->tail], c, sizeof(*c));
	q->tail = (q->tail + 1) % n->entries;
}

void nvme_ring(struct nvme *n, struct queue *q)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*doorbell(n, q, 0) = q->tail;
}

int nvme_get(struct nvme *n, struct queue *q, struct completion *out)
{
	volatile struct completion *c = &q->cq[q->head];

	if ((c->status & 1u) != q->phase)
		return 0;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	memcpy(out, (const void *)c, sizeof(*out));
	if (++q->head == n->entries) {
		q->head = 0;
		q->phase ^= 1;
	}
	*doorbell(n, q, 1) = q->head;
	return 1;
}

int nvme_admin(struct nvme *n, struct command *c)
{
	int64_t end = srv_now() + ADMIN_MS * 1000000ll;
	struct completion done;

	c->id = 0xad;
	nvme_put(n, &n->admin, c);
	nvme_ring(n, &n->admin);
	while (!nvme_get(n, &n->admin, &done)) {
		if (srv_now() > end)
			return *reg(n, CSTS) == UINT32_MAX ? -ENODEV : -ETIMEDOUT;
		sys_sleep(srv_now() + 20000);
	}
	if (done.status >> 1)
		srv_log("admin command %u: status 0x%x", c->opcode, done.status >> 1);
	return done.status >> 1 ? -EIO : 0;
}

static int io_queues(struct nvme *n)
{
	struct command c = { .opcode = ADMIN_CREATE_CQ, .prp1 = n->io.cq_phys };
	int err;

	c.arg[0] = 1 | (n->entries - 1) << 16;
	c.arg[1] = 1 | 2;		/* contiguous, interrupts on vector 0 */
	err = nvme_admin(n, &c);
	if (err)
		return err;
	c = (struct command){ .opcode = ADMIN_CREATE_SQ, .prp1 = n->io.sq_phys };
	c.arg[0] = 1 | (n->entries - 1) << 16;
	c.arg[1] = 1 | 1 << 16;		/* contiguous, completions to queue 1 */
	return nvme_admin(n, &c);
}

int nvme_start(struct nvme *n)
{
	uint32_t cap = *reg(n, CAP), cap_high = *reg(n, CAP + 4);
	int err;

	if (cap == UINT32_MAX)
		return -ENODEV;
	n->stride = 4u << (cap_high & 15);
	n->ready_ms = (cap >> 24) * 500 + 500;
	n->entries = (cap & 0xffff) + 1 < QUEUE_LEN ? (cap & 0xffff) + 1 : QUEUE_LEN;
	/* Doorbells in their page, pages of 4 KiB. */
	if (n->entries < 4 || n->stride > ABI_PAGE / 4 || (cap_high >> 16 & 15))
		return -EINVAL;
	*reg(n, CC) = 0;
	err = pci_wait(reg(n, CSTS), CSTS_READY, 0, n->ready_ms);
	if (!err)
		err = place(n, &n->admin, 0);
	if (!err)
		err = place(n, &n->io, 1);
	if (err)
		return err;
	*reg(n, AQA) = (n->entries - 1) << 16 | (n->entries - 1);
	write64(n, ASQ, n->admin.sq_phys);
	write64(n, ACQ, n->admin.cq_phys);
	*reg(n, CC) = CC_ENABLE;
	err = pci_wait(reg(n, CSTS), CSTS_READY | CSTS_FATAL, CSTS_READY, n->ready_ms);
	return err ? err : io_queues(n);
}
