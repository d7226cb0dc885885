/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: KSTACK_SIZE mapped bytes after one page that never is, so that an overflow is a
 * double fault and not damage. A freed stack keeps its pages for the next thread.
 */
#include "defs.h"
#include "mm/private.h"

#define SLOT	(KSTACK_SIZE + 4 * PAGE)	/* a power of two keeps the arithmetic plain */

static struct spinlock lock = SPINLOCK_INIT("kernel stacks", RANK_KVM);
static void *free_stacks;	/* each free stack's first word points to the next */
static uint64_t next_slot;

extern uint64_t boot_pml4[];

static void *stack_new(void)
{
	uint64_t base = STACK_AREA + next_slot * SLOT + 4 * PAGE;

	for (uint64_t off = 0; off < KSTACK_SIZE; off += PAGE) {
		uint64_t *pte = pt_entry(boot_pml4, base + off, true);
		struct frame *f = pte != NULL && *pte == 0 ? frame_alloc(FRAME_KERNEL) : NULL;

		if (pte != NULL && *pte != 0)
			continue;	/* from an attempt that ran out of memory */
		if (f == NULL)
			return NULL;
		*pte = frame_phys(f) | PTE_P | PTE_W | PTE_G | PTE_NX | PTE_A | PTE_D;
	}
	next_slot++;
	return (void *)base;
}

void *kstack_alloc(void)
{
	void *s;

	spin_lock(&lock);
	s = free_stacks;
	if (s != NULL)
		free_stacks = *(void **)s;
	else
		s = stack_new();
	spin_unlock(&lock);
	return s;
}

void kstack_free(void *s)
{
	spin_lock(&lock);
	*(void **)s = free_stacks;
	free_stacks = s;
	spin_unlock(&lock);
}
