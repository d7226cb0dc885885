/* SPDX-License-Identifier: MIT */
/*
 * Memory for devices. A driver may die while its device still writes: such frames never become
 * anything else, only memory for devices again. (The next driver resets the device before use.)
 */
#include "defs.h"
#include "mm/private.h"

#define DMA_ORDERS	11

static struct spinlock lock = SPINLOCK_INIT("dma", RANK_SLAB);
static struct frame *kept[DMA_ORDERS];		/* blocks by order, linked by frame.owner */

static struct frame *dma_alloc(unsigned order)
{
	spin_lock(&lock);
	struct frame *f = kept[order];
	if (f != NULL)
		kept[order] = f->owner;
	spin_unlock(&lock);
	return f != NULL ? f : frame_alloc_order(FRAME_KERNEL, order);
}

void dma_free(uint64_t phys)
{
	struct frame *f = frame_of_phys(phys);

	spin_lock(&lock);
	f->owner = kept[f->order];
	kept[f->order] = f;
	spin_unlock(&lock);
}

struct mem *mem_create_dma(uint64_t size, uint64_t *phys)
{
	unsigned order = 0;

	while (PAGE << order < size)
		if (++order >= DMA_ORDERS)
			return NULL;
	struct frame *f = dma_alloc(order);
	if (f == NULL)
		return NULL;
	for (uint64_t i = 0; i < 1ul << order; i++)
		page_zero((uint8_t *)frame_virt(f) + i * PAGE);
	struct mem *m = mem_create_phys(frame_phys(f), size, 0);
	if (m == NULL) {
		dma_free(frame_phys(f));
		return NULL;
	}
	m->owns_frames = true;
	*phys = frame_phys(f);
	return m;
}
