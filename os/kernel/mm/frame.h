/* SPDX-License-Identifier: MIT */
/* frame.h: physical page frames with reference counts, and the kernel's object allocator. */
#ifndef KERNEL_FRAME_H
#define KERNEL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/x86_64/cpu.h"

enum frame_kind {
	FRAME_RESERVED,		/* not memory, or never freed (kernel, firmware, boot archive) */
	FRAME_FREE,		/* head of a free block of 2^order */
	FRAME_FREE_TAIL,
	FRAME_KERNEL,		/* page tables, stacks, big kmalloc: order valid at the head */
	FRAME_SLAB,		/* owner: first free object; cls: size class; index: objects in use */
	FRAME_ANON,		/* private memory: only page tables refer to it */
	FRAME_CACHE,		/* page `index` of mem `owner` */
	FRAME_SHARED,		/* proc, thread, time pages */
};

/* One per frame of RAM. ref counts page table entries, the mem that holds it, and kernel users. */
struct frame {
	volatile uint32_t ref;
	uint8_t kind;
	uint8_t order;
	uint8_t cls;
	uint8_t flags;		/* FRAME_CACHE: MP_* under mem.lock */
	uint32_t next, prev;	/* lists by frame number: free, slab partial; 0 ends */
	void *owner;
	uint64_t index;
};

extern struct frame *frames;
extern uint64_t nframes;	/* highest frame number + 1 */

static inline uint64_t frame_number(const struct frame *f) { return (uint64_t)(f - frames); }
static inline uint64_t frame_phys(const struct frame *f) { return frame_number(f) << PAGE_SHIFT; }
static inline void *frame_virt(const struct frame *f) { return phys_to_virt(frame_phys(f)); }
struct frame *frame_of_phys(uint64_t pa);	/* NULL when pa is not RAM we manage */
static inline struct frame *frame_of_virt(const void *p) { return &frames[virt_to_phys(p) >> PAGE_SHIFT]; }

/* Content undefined, ref 1, or NULL after reclaim found nothing. Call without locks above RANK_SLAB's. */
struct frame *frame_alloc(enum frame_kind kind);
struct frame *frame_alloc_zero(enum frame_kind kind);
struct frame *frame_alloc_order(enum frame_kind kind, unsigned order);	/* contiguous, aligned */
/* Up to n of FRAME_ANON at once, by number and without reclaiming: how many. */
unsigned frame_alloc_some(uint32_t *number, unsigned n);
static inline void frame_get(struct frame *f) { __atomic_add_fetch(&f->ref, 1, __ATOMIC_RELAXED); }
void frame_put(struct frame *f);		/* frees at zero (2^order of them) */
void frame_put_some(const uint32_t *number, unsigned n);	/* each: no entry and no TLB has it any more */
uint64_t frame_free_count(void);
uint64_t frame_total(void);
uint64_t frame_low(void);	/* with fewer free frames the reclaimer works */
bool frame_short(void);		/* so few that programs get none */

/* Any size; above 2 KiB whole pages, contiguous, up to 4 MiB. Aligned to 16, powers of two to their size. */
void *kmalloc(size_t n);
void *kzalloc(size_t n);
void kfree(void *p);				/* NULL is fine */

uint64_t slab_bytes(const struct frame *f);	/* of a FRAME_SLAB: in use */

/* Kernel stacks of KSTACK_SIZE with an unmapped page below. */
void *kstack_alloc(void);
void kstack_free(void *stack);

#endif
