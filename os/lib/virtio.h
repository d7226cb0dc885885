/* SPDX-License-Identifier: MIT */
/*
 * Virtio 1.x devices on PCI: modern transport, MSI-X, split rings. A queue's memory is contiguous
 * DMA memory private to the driver; buffers are physical addresses that the driver knows.
 */
#ifndef LIB_VIRTIO_H
#define LIB_VIRTIO_H

#include "pci.h"

#define VIRTIO_F_VERSION_1	(1ull << 32)
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
};

struct virtio {
	struct pci_dev pci;
	volatile uint8_t *common, *notify, *device;
	uint32_t notify_mult;
	uint64_t features;
};

/* One buffer of a chain. */
struct virtio_buf { uint64_t phys; uint32_t len; int write; };	/* write: the device writes it */

/* Finds the n-th device of a virtio type (2 block, 1 network), resets it, accepts of its features
 * those in want (VERSION_1 is required). 0 or -errno. */
int virtio_open(struct virtio *v, handle_t dev, unsigned type, unsigned n, uint64_t want);

/* Sets up queue `index` with at most max entries and an interrupt of its own (q->irq). */
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

/* Contiguous memory for DMA: its address here, *phys there; mem (if not NULL) keeps the handle. */
void *virtio_dma(handle_t dev, uint64_t n, uint64_t *phys, handle_t *mem);

#endif
