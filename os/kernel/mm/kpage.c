/* SPDX-License-Identifier: MIT */
/* Pages that kernel and process share: proc, thread and time pages. */
#include "defs.h"
#include "mm/private.h"

/* Enters one page of the kernel's at *uaddr (0: anywhere); the frame's entry flags come with it. */
static int map_page(struct vm *vm, uint64_t entry, uint64_t *uaddr, unsigned prot)
{
	unsigned flags = MAP_SHARED | MAP_KPAGE | (*uaddr != 0 ? MAP_FIXED_NOREPLACE : 0);
	struct region *r;
	uint64_t *pte;
	int err = vm_map(vm, uaddr, PAGE, NULL, 0, prot, flags, false, false);

	if (err != 0)
		return err;
	spin_lock(&vm->lock);
	r = region_find(vm, *uaddr);
	pte = pt_entry(vm->pml4, *uaddr, true);
	if (pte == NULL || r == NULL) {
		err = -ENOMEM;
	} else {
		*pte = entry | pte_flags(r) | (prot & PROT_WRITE ? PTE_W | PTE_D : 0);
		vm->rss++;
	}
	spin_unlock(&vm->lock);
	if (err != 0)
		vm_unmap_kpage(vm, *uaddr);
	return err;
}

int vm_map_kpage(struct vm *vm, void **kaddr, uint64_t *uaddr, unsigned prot)
{
	struct frame *f = frame_alloc_zero(FRAME_SHARED);
	int err;

	if (f == NULL)
		return -ENOMEM;
	frame_get(f);			/* one for the entry, one for the kernel */
	err = map_page(vm, frame_phys(f), uaddr, prot);
	if (err != 0) {
		frame_put(f);
		frame_put(f);
		return err;
	}
	*kaddr = frame_virt(f);
	return 0;
}

void vm_unmap_kpage(struct vm *vm, uint64_t uaddr)
{
	struct region *r;

	spin_lock(&vm->lock);
	r = region_find(vm, uaddr);
	if (r != NULL)
		r->flags &= (uint8_t)~REGION_PAGES;
	spin_unlock(&vm->lock);
	if (r != NULL)
		vm_unmap(vm, uaddr, PAGE);
}

void kpage_put(void *kaddr)
{
	frame_put(frame_of_virt(kaddr));
}

int vm_map_time(struct vm *vm, uint64_t *uaddr)
{
	return map_page(vm, time_page_phys() | PTE_NOREF, uaddr, PROT_READ);
}
