/* SPDX-License-Identifier: MIT */
/* private.h: shared between the files of mm/ and the start of the kernel. */
#ifndef KERNEL_MM_PRIVATE_H
#define KERNEL_MM_PRIVATE_H

#include "mm/frame.h"
#include "mm/mem.h"
#include "mm/vm.h"

/*
 * Page table entries. A leaf of the user's half is 0 when there is no page. One that is not 0 but has no PTE_P holds a
 * page that nobody may touch (PROT_NONE): the kernel's copies fault there as the program itself does.
 */
#define PTE_P		0x001ul
#define PTE_W		0x002ul
#define PTE_U		0x004ul
#define PTE_PWT		0x008ul
#define PTE_PCD		0x010ul
#define PTE_A		0x020ul
#define PTE_D		0x040ul
#define PTE_BIG		0x080ul		/* in a directory: 2 MiB; in a table: PAT */
#define PTE_G		0x100ul
#define PTE_NX		(1ul << 63)
#define PTE_ADDR	0x000ffffffffff000ul

void frame_init(void);
void frame_free_range(uint64_t first, uint64_t count);
/* pagetable.c (arch). Tables are FRAME_KERNEL frames. */
void direct_map_extend(uint64_t top);		/* boot: maps [4 GiB, top), takes frames from RAM itself */
void kernel_frames_end(void);
uint64_t *pt_entry(uint64_t *pml4, uint64_t va, bool make);	/* leaf entry, NULL: none (or no memory) */
void pt_mark(uint64_t *entry, unsigned n);	/* n of one table will be set, found otherwise than by pt_entry(.., true) */
void pt_unmark(uint64_t *entry, unsigned n);	/* n of one table are absent now */
/* n leaf entries of one table, the first for va; some may be absent. */
typedef void pt_run(uint64_t *pte, unsigned n, uint64_t va, void *arg);
/* Calls fn for the present leaves in [start, end) and some others; skips absent tables. */
void pt_walk(uint64_t *pml4, uint64_t start, uint64_t end, pt_run *fn, void *arg);
void pt_free(uint64_t *pml4);			/* lower half's tables and the root; leaves are gone already */
uint64_t *pt_new(void);				/* a root with the kernel's half */
void tlb_flush(struct vm *vm, uint64_t start, uint64_t end);	/* all CPUs that use vm; vm.lock held */
void tlb_leave(struct vm *vm);			/* no CPU has vm loaded afterwards */

void pages_zero(const uint32_t *number, unsigned n, void *direct_map);	/* n frames, at least one: zero.S */

#define AHEAD		16	/* pages of anonymous memory entered together at most */
#define DOWN		4	/* of a stack that grows */

#define PTE_NOREF	0x200ul		/* software: the entry holds no frame reference */

/* frame.flags of cache pages, under mem.lock. */
#define MP_DIRTY	1
#define MP_ACCESSED	2

/* pages.c: the tree of a mem's pages by index. Under mem.lock. */
struct frame *mem_page(struct mem *m, uint64_t index);		/* present page or NULL */
int mem_page_set(struct mem *m, uint64_t index, struct frame *f);	/* 0, -ENOMEM */
struct frame *mem_page_remove(struct mem *m, uint64_t index);
/* The first present page at or after *index and below end; its index in *index. */
struct frame *mem_page_next(struct mem *m, uint64_t *index, uint64_t end);
void mem_pages_free(struct mem *m);		/* the tree's nodes; pages are gone already */

enum get_mode {
	GET_READ,
	GET_WRITE,		/* becomes dirty */
	GET_OVERWRITE,		/* dirty; old content does not matter */
	GET_EXTEND = 4,		/* flag: may lie past the end; is zero there, nobody is asked */
	GET_PAGES = 16,		/* times n: how many pages this write will need (a hint to the pager) */
	GET_NOWAIT = 8,		/* flag: -EAGAIN instead of waiting or posting; locks may be held */
};

/*
 * Page `index` with a reference in *f; MEM_PHYS: *f NULL, *pa set. 0 or -errno: -ENXIO past the
 * end, -EIO, -ENOSPC (the pager's word), -ENOMEM, -EINTR. Sleeps unless GET_NOWAIT.
 */
int mem_get_page(struct mem *m, uint64_t index, unsigned mode, struct frame **f, uint64_t *pa);

/* pager.c. Lock held; it is dropped while waiting and held again: 0 look again, or -errno. */
int pager_want_page(struct mem *m, uint64_t index);
int pager_want_credit(struct mem *m, uint64_t pages);
/* Lock held: answers the waiters for pages [first, end), or for credit. err 0 or -errno. */
void pager_answer_pages(struct mem *m, uint64_t first, uint64_t end, int err);
void pager_answer_credit(struct mem *m, int err);

/* Forgets pages [first, end): clean ones, or all. No locks held. */
void mem_drop(struct mem *m, uint64_t first, uint64_t end, bool dirty);

#define SWEEP_UNMAP	1
#define SWEEP_PROTECT	2
#define SWEEP_AGE	3	/* removes those not used since the last one, notes the others as used */
/* Removes or write-protects all mappings of pages [first, end) of m. No locks held; may sleep. */
void mem_sweep(struct mem *m, uint64_t first, uint64_t end, int how);
/* In one address space: regions of m. sweep.c */
void vm_sweep(struct vm *vm, struct mem *m, uint64_t first, uint64_t end, int how);

/* region.c: the sorted array. Under vm.lock. */
struct region *region_find(struct vm *vm, uint64_t addr);	/* that contains addr, or NULL */
uint32_t region_index(struct vm *vm, uint64_t addr);	/* of the first that ends after addr */
int region_insert(struct vm *vm, struct region *r);	/* 0, -ENOMEM */
/* Cuts so that no region spans start or end: 0, -ENOMEM. */
int region_split_range(struct vm *vm, uint64_t start, uint64_t end);
void region_remove(struct vm *vm, uint32_t i);		/* takes it out of the array only */
void region_trim(struct vm *vm, struct region *r, uint64_t start, uint64_t end);	/* loses that part, at one of its ends */
/* Links to its mem (lock order vm, mem) and takes the mem's reference. */
void region_attach(struct region *r);
void region_detach(struct region *r);			/* unlinks; the reference stays */
struct region *region_new(struct vm *vm, uint64_t start, uint64_t end);

/* vm.c, vm.lock held. */
uint64_t vm_gap(struct vm *vm, uint64_t len);	/* a free stretch, 0: none */
/* Whether len bytes more, private and writable (`data`), keep the limits. */
bool vm_within_limits(struct vm *vm, uint64_t len, bool data);
bool vm_range_free(struct vm *vm, uint64_t start, uint64_t end);
/* Takes the regions of a range out, to be given to vm_release when the lock is free. 0, -ENOMEM, -EINVAL. */
int vm_cut(struct vm *vm, uint64_t start, uint64_t end, struct list *gone);
void vm_release(struct list *gone);

/* sweep.c: all entries in [start, end) go; frames are released after the flush. vm.lock held. */
void vm_clear(struct vm *vm, uint64_t start, uint64_t end);
uint64_t pte_flags(const struct region *r);		/* rights of a region's entries but for W */

void dma_free(uint64_t phys);			/* what mem_create_dma took (dma.c) */
void mem_reclaim_start(void);

#define MAP_KPAGE	0x80000000u	/* vm_map: a region of REGION_PAGES, never merged */

#endif
