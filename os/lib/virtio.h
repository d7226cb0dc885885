/* SPDX-License-Identifier: MIT */
/*
 * Virtio 1.x devices on PCI: modern transport, MSI-X, split rings. A queue's memory is contiguous
 * DMA memory private to the driver; buffers are physical addresses that the driver knows.
 */
#ifndef LIB_VIRTIO_H
#define LIB_VIRTIO_H

#include "pci.h"

#define VIRTIO_F_VERSION_1	(1ull << 32)
#define VIRTQ_MAX	256	/* most entries of a queue */
#define VIRTQ_DESC_NEXT		1
#define VIRTQ_DESC_WRITE	2

struct virtq_desc { uint64_t addr; uint32_t len; uint16_t flags, next; };
struct virtq_avail { uint16_t flags, idx, ring[]; };
struct virtq_used_elem { uint32_t id, len; };
struct virtq_used { uint16_t flags, idx; struct virtq_used_elem ring[]; };

struct virtq {
	struct virtio *v;
	uint16_t index, size;
	volatile struct virtq_desc *desc;
	volatile struct virtq_avail *avail;
	volatile struct virtq_used *used;
	volatile uint16_t *notify;
	uint16_t free_head, nfree;	/* free descriptors, chained by next */
	uint16_t avail_idx, used_idx;	/* ours */
	handle_t irq;
	uint8_t *mem;			/* all of the rings */
	uint64_t phys;
	uint8_t busy[VIRTQ_MAX];	/* heads of chains that the device has */
};

struct virtio {
	struct pci_dev pci;
	volatile uint8_t *common, *notify, *device;
	uint32_t notify_mult;
	uint64_t features;
};

/* One buffer of a chain. */
struct virtio_buf { uint64_t phys; uint32_t len; int write; };	/* write: the device writes it */

/*
 * Resets the device that v->pci is and accepts of its features those in want (VERSION_1 is
 * required). Called again it makes a hung device start afresh: queues are set up again after it.
 * 0 or -errno.
 */
int virtio_open(struct virtio *v, uint64_t want);

/* Sets up queue `index` with at most max entries and an interrupt of its own (q->irq).
 * q is all zero the first time. */
int virtio_queue(struct virtio *v, struct virtq *q, uint16_t index, uint16_t max);

/* The device may begin. */
void virtio_ready(struct virtio *v);

/* Queues a chain; its head (the id that virtq_done returns) or -EAGAIN. */
int virtq_add(struct virtq *q, const struct virtio_buf *b, unsigned n);

/* Tells the device of what was added. */
void virtq_kick(struct virtq *q);

/* The head of a finished chain, its descriptors free again; *len bytes written. -1: none. */
int virtq_done(struct virtq *q, uint32_t *len);

/* Interrupts off (a hint) and on; after on, look again with virtq_done. */
void virtq_quiet(struct virtq *q, int quiet);

#endif
