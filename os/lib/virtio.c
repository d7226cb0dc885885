/* SPDX-License-Identifier: MIT */
/* Virtio over PCI; see virtio.h. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "srv.h"
#include "virtio.h"

#define CAP_VENDOR	9
#define CFG_COMMON	1
#define CFG_NOTIFY	2
#define CFG_DEVICE	4

#define ACKNOWLEDGE	1
#define DRIVER		2
#define DRIVER_OK	4
#define FEATURES_OK	8
#define FAILED		128

/* struct virtio_pci_common_cfg of the specification, 4.1.4.3. */
struct common {
	uint32_t dfeature_sel, dfeature, gfeature_sel, gfeature;
	uint16_t msix_config, num_queues;
	uint8_t status, generation;
	uint16_t q_select, q_size, q_msix, q_enable, q_notify_off;
	uint32_t q_desc_lo, q_desc_hi, q_avail_lo, q_avail_hi, q_used_lo, q_used_hi;
};

static volatile struct common *cfg(struct virtio *v)
{
	return (volatile struct common *)v->common;
}

static int find_caps(struct virtio *v)
{
	for (unsigned o = 0; (o = pci_cap(&v->pci, CAP_VENDOR, o)); ) {
		uint8_t kind = pci_r8(&v->pci, o + 3);
		volatile uint8_t *bar;

		if (kind != CFG_COMMON && kind != CFG_NOTIFY && kind != CFG_DEVICE)
			continue;
		bar = pci_map(&v->pci, pci_r8(&v->pci, o + 4), pci_r32(&v->pci, o + 8),
			      pci_r32(&v->pci, o + 12), DEV_UNCACHED);
		if (!bar)
			return -ENOMEM;
		if (kind == CFG_COMMON && !v->common)
			v->common = bar;
		if (kind == CFG_DEVICE && !v->device)
			v->device = bar;
		if (kind == CFG_NOTIFY && !v->notify) {
			v->notify = bar;
			v->notify_mult = pci_r32(&v->pci, o + 16);
		}
	}
	return v->common && v->notify ? 0 : -ENODEV;
}

static int negotiate(struct virtio *v, uint64_t want)
{
	volatile struct common *c = cfg(v);
	uint64_t have;

	c->dfeature_sel = 0;
	have = c->dfeature;
	c->dfeature_sel = 1;
	have |= (uint64_t)c->dfeature << 32;
	v->features = have & (want | VIRTIO_F_VERSION_1);
	if (!(v->features & VIRTIO_F_VERSION_1))
		return -ENODEV;
	c->gfeature_sel = 0;
	c->gfeature = (uint32_t)v->features;
	c->gfeature_sel = 1;
	c->gfeature = (uint32_t)(v->features >> 32);
	c->status |= FEATURES_OK;
	return c->status & FEATURES_OK ? 0 : -EIO;
}

int virtio_open(struct virtio *v, uint64_t want)
{
	int err;

	v->common = v->notify = v->device = NULL;
	err = find_caps(v);
	if (err)
		return err;
	cfg(v)->status = 0;
	for (int64_t end = srv_now() + 1000000000; cfg(v)->status; )
		if (srv_now() > end)
			return -ETIMEDOUT;
	cfg(v)->status = ACKNOWLEDGE;
	cfg(v)->status |= DRIVER;
	err = negotiate(v, want);
	if (err)
		cfg(v)->status |= FAILED;
	return err;
}

static void set_addresses(struct virtio *v, uint64_t desc, uint64_t avail, uint64_t used)
{
	volatile struct common *c = cfg(v);

	c->q_desc_lo = (uint32_t)desc;
	c->q_desc_hi = (uint32_t)(desc >> 32);
	c->q_avail_lo = (uint32_t)avail;
	c->q_avail_hi = (uint32_t)(avail >> 32);
	c->q_used_lo = (uint32_t)used;
	c->q_used_hi = (uint32_t)(used >> 32);
}

/* One piece of DMA memory: descriptors, available ring, and the used ring on a page of its own. */
static int place(struct virtio *v, struct virtq *q)
{
	uint64_t phys, avail = (uint64_t)q->size * sizeof(struct virtq_desc);
	uint64_t used = (avail + 6 + 2ull * q->size + 4095) & ~4095ull;
	uint64_t n = (used + 6 + 8ull * q->size + 4095) & ~4095ull;
	uint8_t *mem = q->mem ? q->mem : pci_dma(v->pci.dev, n, &q->phys, NULL);

	if (!mem)
		return -ENOMEM;
	/* A second time, after a reset of the device: the memory and the interrupt stay. */
	q->mem = memset(mem, 0, n);
	memset(q->busy, 0, sizeof(q->busy));
	phys = q->phys;
	q->desc = (volatile struct virtq_desc *)mem;
	q->avail = (volatile struct virtq_avail *)(mem + avail);
	q->used = (volatile struct virtq_used *)(mem + used);
	set_addresses(v, phys, phys + avail, phys + used);
	for (uint16_t i = 0; i < q->size; i++)
		q->desc[i].next = (uint16_t)(i + 1);
	q->free_head = 0;
	q->nfree = q->size;
	q->avail_idx = q->used_idx = 0;
	return 0;
}

int virtio_queue(struct virtio *v, struct virtq *q, uint16_t index, uint16_t max)
{
	volatile struct common *c = cfg(v);
	int64_t irq;
	int err;

	c->q_select = index;
	if (!c->q_size)
		return -ENODEV;
	q->v = v;
	q->index = index;
	q->size = c->q_size < max ? c->q_size : max;
	if (q->size > VIRTQ_MAX)
		q->size = VIRTQ_MAX;
	c->q_size = q->size;
	err = place(v, q);
	if (err)
		return err;
	irq = q->irq > 0 ? q->irq : pci_msix(&v->pci, index);
	if (irq < 0)
		return (int)irq;
	q->irq = (handle_t)irq;
	c->q_msix = index;
	if (c->q_msix != index)
		return -EIO;
	q->notify = (volatile uint16_t *)(v->notify + (uint64_t)c->q_notify_off * v->notify_mult);
	c->q_enable = 1;
	return 0;
}

void virtio_ready(struct virtio *v)
{
	cfg(v)->status |= DRIVER_OK;
}

int virtq_add(struct virtq *q, const struct virtio_buf *b, unsigned n)
{
	uint16_t head = q->free_head, at = head;

	if (n > q->nfree)
		return -EAGAIN;
	for (unsigned i = 0; i < n; i++) {
		volatile struct virtq_desc *d = &q->desc[at];

		d->addr = b[i].phys;
		d->len = b[i].len;
		d->flags = (uint16_t)((b[i].write ? VIRTQ_DESC_WRITE : 0) |
				      (i + 1 < n ? VIRTQ_DESC_NEXT : 0));
		at = d->next;
	}
	q->free_head = at;
	q->nfree = (uint16_t)(q->nfree - n);
	q->busy[head] = 1;
	q->avail->ring[q->avail_idx++ % q->size] = head;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	q->avail->idx = q->avail_idx;
	return head;
}

void virtq_kick(struct virtq *q)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!(q->used->flags & 1))
		*q->notify = q->index;
}

int virtq_done(struct virtq *q, uint32_t *len)
{
	uint16_t head, at, n = 1;

	if (q->used->idx == q->used_idx)
		return -1;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	head = (uint16_t)q->used->ring[q->used_idx % q->size].id;
	*len = q->used->ring[q->used_idx % q->size].len;
	q->used_idx++;
	/* What a device says is not believed: an id outside, or of a chain that it does not have. */
	if (head >= q->size || !q->busy[head])
		return -1;
	q->busy[head] = 0;
	for (at = head; (q->desc[at].flags & VIRTQ_DESC_NEXT) && n < q->size; at = q->desc[at].next)
		n++;
	q->desc[at].next = q->free_head;
	q->free_head = head;
	q->nfree = (uint16_t)(q->nfree + n);
	return head;
}

void virtq_quiet(struct virtq *q, int quiet)
{
	q->avail->flags = quiet ? 1 : 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
