/* SPDX-License-Identifier: MIT */
/* Entries that go: of a range that is unmapped, and of a mem's pages wherever they are mapped. All under vm.lock. */
#include "defs.h"
#include "mm/private.h"

#define GATHER		64

/* Entries being removed: their frames are released once no TLB can hold them. */
struct gather {
	struct vm *vm;
	uint64_t start, end;		/* of what the flush must cover */
	uint32_t n;
	uint32_t number[GATHER];	/* frames */
	struct mem *only;		/* only pages of this mem (a sweep), NULL: all */
};

static void gather_flush(struct gather *g)
{
	if (g->start < g->end)
		tlb_flush(g->vm, g->start, g->end);
	frame_put_some(g->number, g->n);
	g->n = 0;
	g->start = g->end;
}

static inline void gather_entry(struct gather *g, uint64_t *pte, uint64_t va)
{
	uint64_t e = *pte;

	*pte = 0;
	g->vm->rss--;
	if (g->start >= g->end)
		g->start = va;
	g->end = va + PAGE;
	if (!(e & PTE_NOREF))
		g->number[g->n++] = (uint32_t)((e & PTE_ADDR) >> PAGE_SHIFT);
	if (g->n == GATHER)
		gather_flush(g);
}

static bool page_of(uint64_t pte, const struct mem *m)
{
	const struct frame *f = &frames[(pte & PTE_ADDR) >> PAGE_SHIFT];

	return (pte & PTE_NOREF) || (f->kind == FRAME_CACHE && f->owner == m);
}

static void gather_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	struct gather *g = arg;

	if (g->only == NULL)
		pt_unmark(pte, n);
	for (; n != 0; n--, pte++, va += PAGE)
		if (*pte != 0 && (g->only == NULL || page_of(*pte, g->only)))
			gather_entry(g, pte, va);
}

static void gather_init(struct gather *g, struct vm *vm, struct mem *only)
{
	g->vm = vm;
	g->only = only;
	g->start = g->end = g->n = 0;
}

static void clear_of(struct vm *vm, uint64_t start, uint64_t end, struct mem *only)
{
	struct gather g;

	gather_init(&g, vm, only);
	pt_walk(vm->pml4, start, end, gather_run, &g);
	gather_flush(&g);
}

#define FEW	32

/* A few pages of one table, as most that are unmapped: without a walk. */
static void clear_few(struct vm *vm, uint64_t *pte, uint64_t start, unsigned pages)
{
	unsigned first = pages, end = 0, present = 0, n = 0;
	uint32_t gone[FEW];

	for (unsigned i = 0; i < pages; i++) {
		uint64_t e = pte[i];

		if (e == 0)
			continue;
		pte[i] = 0;
		if (present++ == 0)
			first = i;
		end = i + 1;
		if (!(e & PTE_NOREF))
			gone[n++] = (uint32_t)((e & PTE_ADDR) >> PAGE_SHIFT);
	}
	pt_unmark(pte, pages);
	if (present == 0)
		return;
	vm->rss -= present;
	tlb_flush(vm, start + first * PAGE, start + end * PAGE);
	frame_put_some(gone, n);
}

void vm_clear(struct vm *vm, uint64_t start, uint64_t end)
{
	uint64_t pages = (end - start) >> PAGE_SHIFT, *pte;

	if (pages > FEW || (start >> PAGE_SHIFT & 511) + pages > 512) {
		clear_of(vm, start, end, NULL);
		return;
	}
	pte = pt_entry(vm->pml4, start, false);
	if (pte != NULL)
		clear_few(vm, pte, start, (unsigned)pages);
}

static void wrprotect_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	(void)va;
	(void)arg;
	for (; n != 0; n--, pte++)
		if (*pte != 0)
			*pte &= ~(PTE_W | PTE_D);
}

struct age { struct gather g; struct mem *m; bool used; };

/* An entry of a page of the mem that was not used goes; the others' pages are marked. mem.lock is held. */
static void age_entry(struct age *a, uint64_t *pte, uint64_t va)
{
	struct frame *f = &frames[(*pte & PTE_ADDR) >> PAGE_SHIFT];

	if ((*pte & PTE_NOREF) || !page_of(*pte, a->m) || (f->flags & MP_DIRTY))
		return;
	if (*pte & PTE_A) {
		*pte &= ~PTE_A;
		f->flags |= MP_ACCESSED;
		a->used = true;
		return;
	}
	f->flags &= (uint8_t)~MP_ACCESSED;
	gather_entry(&a->g, pte, va);
}

static void age_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	for (; n != 0; n--, pte++, va += PAGE)
		if (*pte != 0)
			age_entry(arg, pte, va);
}

/*
 * What the processor noted is in its TLB too: without a flush a page that stays in use would not be noted
 * again. AGE_STEP is less than what a gather holds: nothing is freed under mem.lock.
 */
static void age_range(struct vm *vm, uint64_t start, uint64_t end, struct mem *m)
{
	struct age a;

	gather_init(&a.g, vm, m);
	a.m = m;
	a.used = false;
	spin_lock(&m->lock);
	pt_walk(vm->pml4, start, end, age_run, &a);
	spin_unlock(&m->lock);
	if (a.used)
		tlb_flush(vm, start, end);
	gather_flush(&a.g);
}

#define AGE_STEP	(32 * PAGE)

void vm_sweep(struct vm *vm, struct mem *m, uint64_t first, uint64_t end, int how)
{
	spin_lock(&vm->lock);
	for (uint32_t i = 0; i < vm->nregions; i++) {
		struct region *r = vm->regions[i];
		uint64_t n = (r->end - r->start) >> PAGE_SHIFT, ro = r->off >> PAGE_SHIFT, a, b;

		if (r->mem != m || first >= ro + n || end <= ro)
			continue;
		a = r->start + ((first > ro ? first - ro : 0) << PAGE_SHIFT);
		b = r->start + ((end - ro < n ? end - ro : n) << PAGE_SHIFT);
		if (how == SWEEP_UNMAP) {
			clear_of(vm, a, b, m);
		} else if (how == SWEEP_AGE) {
			for (; a < b; a += AGE_STEP)
				age_range(vm, a, b - a < AGE_STEP ? b : a + AGE_STEP, m);
		} else if (r->flags & REGION_SHARED) {
			pt_walk(vm->pml4, a, b, wrprotect_run, NULL);
			tlb_flush(vm, a, b);
		}
	}
	spin_unlock(&vm->lock);
}
