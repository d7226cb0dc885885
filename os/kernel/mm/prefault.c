/* SPDX-License-Identifier: MIT */
/*
 * Bringing in pages that a server will reach for. A file server that copies from its client's
 * memory must not have to wait there for a page that it supplies itself.
 */
#include "defs.h"
#include "mm/private.h"

/* Whether a page of r is there for that access; only those of pagers can make anyone wait. */
static bool page_ready(struct vm *vm, const struct region *r, uint64_t va, bool write)
{
	if (!r->mem || r->mem->kind != MEM_PAGER)
		return true;
	uint64_t *pte = pt_entry(vm->pml4, va, false);
	return pte && (*pte & PTE_P) && (!write || (*pte & PTE_W));
}

/* The first page in [*va, end) that is not ready: true. A hole ends the search. vm.lock is held. */
static bool find_unready(struct vm *vm, uint64_t *va, uint64_t end, bool write)
{
	while (*va < end) {
		struct region *r = region_find(vm, *va);
		if (!r)
			return false;
		if (!r->mem || r->mem->kind != MEM_PAGER) {
			*va = r->end;
			continue;
		}
		for (; *va < end && *va < r->end; *va += PAGE)
			if (!page_ready(vm, r, *va, write))
				return true;
	}
	return false;
}

void vm_prefault(struct vm *vm, uint64_t addr, uint64_t n, bool write)
{
	uint64_t va = addr & -PAGE, end = addr + n;
	int code;

	if (n == 0 || addr >= VM_TOP || n > VM_TOP - addr)
		return;
	for (;; va += PAGE) {
		spin_lock(&vm->lock);
		bool more = find_unready(vm, &va, end, write);
		spin_unlock(&vm->lock);
		if (!more || vm_fault(vm, va, write ? PROT_WRITE : PROT_READ, &code))
			return;
	}
}
