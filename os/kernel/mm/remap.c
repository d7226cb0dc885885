/* SPDX-License-Identifier: MIT */
/* Moving and growing mappings, and which pages are there. */
#include "defs.h"
#include "mm/private.h"
#include "sys/sys.h"

#define MREMAP_MAYMOVE	1
#define MREMAP_FIXED	2
#define TABLE_SPAN	(512 * PAGE)	/* of one leaf table */

struct remap { uint64_t addr, old, len, to; unsigned flags; };

/* Makes every leaf table for [start, end), so that entries can be moved there without failing. */
static int tables_make(struct vm *vm, uint64_t start, uint64_t end)
{
	for (uint64_t a = start; a < end; a = (a & ~(TABLE_SPAN - 1)) + TABLE_SPAN)
		if (pt_entry(vm->pml4, a, true) == NULL)
			return -ENOMEM;
	return 0;
}

struct move { struct vm *vm; uint64_t from, to; };

static void move_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	struct move *m = arg;

	for (; n != 0; n--, pte++, va += PAGE)
		if (*pte != 0) {
			*pt_entry(m->vm->pml4, va - m->from + m->to, true) = *pte;
			*pte = 0;
		}
}

/* The region's pages go to a new region at `to`. vm.lock held; r is cut to what is moved. */
static int move_region(struct vm *vm, struct region *r, uint64_t to, uint64_t len, struct list *gone)
{
	uint64_t old = r->end - r->start, moved = old < len ? old : len;
	struct move m = { vm, r->start, to };
	struct region *n = region_new(vm, to, to + len);

	if (n == NULL || tables_make(vm, to, to + moved) != 0 || region_insert(vm, n) != 0) {
		kfree(n);
		return -ENOMEM;
	}
	n->off = r->off;
	n->mem = r->mem;
	n->prot = r->prot;
	n->flags = r->flags;
	region_attach(n);
	pt_walk(vm->pml4, r->start, r->start + moved, move_run, &m);
	tlb_flush(vm, r->start, r->end);
	return vm_cut(vm, r->start, r->end, gone);
}

/* Whether the region may become longer where it is. */
static bool grow_here(struct vm *vm, struct region *r, uint64_t end)
{
	if (end > VM_TOP || end < r->end || !vm_range_free(vm, r->end, end))
		return false;
	vm->size += end - r->end;
	r->end = end;
	return true;
}

static int choose_target(struct vm *vm, struct remap *a, struct list *gone)
{
	if (!(a->flags & MREMAP_FIXED)) {
		a->to = vm_gap(vm, a->len);
		return a->to != 0 ? 0 : -ENOMEM;
	}
	if ((a->to & (PAGE - 1)) != 0 || a->to < VM_BASE || a->to >= VM_TOP || a->len > VM_TOP - a->to ||
	    (a->to < a->addr + a->old && a->addr < a->to + a->len))
		return -EINVAL;
	return vm_cut(vm, a->to, a->to + a->len, gone);
}

static int remap_locked(struct vm *vm, struct remap *a, struct list *gone)
{
	struct region *r = region_find(vm, a->addr);
	bool fixed = a->flags & MREMAP_FIXED;
	int err;

	if (r == NULL || a->old > r->end - a->addr)
		return -EFAULT;
	if (r->flags & REGION_PAGES)
		return -EINVAL;
	if (a->len > a->old && !vm_within_limits(vm, a->len - a->old, (r->prot & PROT_WRITE) && !(r->flags & REGION_SHARED)))
		return -ENOMEM;
	if (!fixed && a->len <= a->old)
		return a->len < a->old ? vm_cut(vm, a->addr + a->len, a->addr + a->old, gone) : 0;
	if (!fixed && r->end == a->addr + a->old && grow_here(vm, r, a->addr + a->len))
		return 0;
	if (!(a->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	err = choose_target(vm, a, gone);
	if (err == 0)
		err = region_split_range(vm, a->addr, a->addr + a->old);
	if (err == 0)
		err = move_region(vm, region_find(vm, a->addr), a->to, a->len, gone);
	if (err == 0)
		a->addr = a->to;
	return err;
}

long sys_vm_remap(long addr, long old, long len, long flags, long to)
{
	struct remap a = { (uint64_t)addr, ((uint64_t)old + PAGE - 1) & -PAGE,
		((uint64_t)len + PAGE - 1) & -PAGE, (uint64_t)to, (unsigned)flags };
	struct vm *vm = current()->vm;
	struct list gone = LIST_INIT(gone);
	int err;

	if ((a.addr & (PAGE - 1)) != 0 || a.old == 0 || a.len == 0 || a.len > VM_TOP || a.old > VM_TOP ||
	    (flags & ~3l) != 0 || (flags & 3) == MREMAP_FIXED)
		return -EINVAL;
	spin_lock(&vm->lock);
	err = remap_locked(vm, &a, &gone);
	spin_unlock(&vm->lock);
	vm_release(&gone);
	return err != 0 ? err : (long)a.addr;
}

/* Whether the page at va is in memory: mapped, or in the mem behind it. vm.lock held. */
static bool resident(struct vm *vm, const struct region *r, uint64_t va)
{
	uint64_t *pte = pt_entry(vm->pml4, va, false);
	bool there;

	if (pte != NULL && *pte != 0)
		return true;
	if (r->mem == NULL || r->mem->kind == MEM_PHYS)
		return false;
	spin_lock(&r->mem->lock);
	there = mem_page(r->mem, (r->off + (va - r->start)) >> PAGE_SHIFT) != NULL;
	spin_unlock(&r->mem->lock);
	return there;
}

/* Up to n pages from va on; 0, -ENOMEM: a hole. */
static int resident_some(struct vm *vm, uint64_t va, uint8_t *vec, uint64_t n)
{
	int err = 0;

	spin_lock(&vm->lock);
	for (uint64_t i = 0; i < n && err == 0; i++, va += PAGE) {
		const struct region *r = region_find(vm, va);

		if (r == NULL)
			err = -ENOMEM;
		else
			vec[i] = resident(vm, r, va);
	}
	spin_unlock(&vm->lock);
	return err;
}

long sys_vm_resident(long addr, long n, long uvec)
{
	uint64_t a = (uint64_t)addr, pages = ((uint64_t)n + PAGE - 1) >> PAGE_SHIFT;
	uint8_t vec[128];
	int err = 0;

	if ((a & (PAGE - 1)) != 0)
		return -EINVAL;
	if (a >= VM_TOP || (uint64_t)n > VM_TOP - a)
		return -ENOMEM;
	for (uint64_t done = 0; done < pages && err == 0; done += sizeof(vec)) {
		uint64_t k = pages - done < sizeof(vec) ? pages - done : sizeof(vec);

		err = resident_some(current()->vm, a + (done << PAGE_SHIFT), vec, k);
		if (err == 0)
			err = copyout((uint64_t)uvec + done, vec, k);
	}
	return err;
}

bool vm_untouched(struct vm *vm, uint64_t addr)
{
	uint64_t *pte;
	bool yes = false;

	spin_lock(&vm->lock);
	const struct region *r = region_find(vm, addr);
	if (r != NULL && r->mem == NULL && r->prot != 0) {
		pte = pt_entry(vm->pml4, addr, false);
		yes = pte == NULL || *pte == 0;
	}
	spin_unlock(&vm->lock);
	return yes;
}
