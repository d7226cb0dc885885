/* SPDX-License-Identifier: MIT */
/* The regions of an address space: an array of pointers sorted by address. All under vm.lock. */
#include "defs.h"
#include "mm/private.h"

/* Most questions are about the region that the one before was about, or the gap below it. */
uint32_t region_index(struct vm *vm, uint64_t addr)
{
	uint32_t lo = 0, hi = vm->nregions, last = vm->last;

	if (last < hi && vm->regions[last]->end > addr) {
		if (last == 0 || vm->regions[last - 1]->end <= addr)
			return last;
		hi = last - 1;
	} else if (last < hi) {
		lo = last + 1;
	}
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (vm->regions[mid]->end <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	vm->last = lo;
	return lo;
}

struct region *region_find(struct vm *vm, uint64_t addr)
{
	uint32_t i = region_index(vm, addr);

	return i < vm->nregions && addr >= vm->regions[i]->start ? vm->regions[i] : NULL;
}

/* A process that maps without end is told so before each of its mappings takes long. */
#define REGIONS_MAX	65530

static int reserve(struct vm *vm, uint32_t more)
{
	uint32_t room = vm->room != 0 ? vm->room : 16;
	struct region **a;

	if (vm->nregions + more > REGIONS_MAX)
		return -ENOMEM;
	if (vm->nregions + more <= vm->room)
		return 0;
	while (room < vm->nregions + more)
		room *= 2;
	a = kmalloc(room * sizeof(*a));
	if (a == NULL)
		return -ENOMEM;
	memcpy(a, vm->regions, vm->nregions * sizeof(*a));
	kfree(vm->regions);
	vm->regions = a;
	vm->room = room;
	return 0;
}

int region_insert(struct vm *vm, struct region *r)
{
	uint32_t i;

	if (reserve(vm, 1) != 0)
		return -ENOMEM;
	i = region_index(vm, r->start);
	memmove(&vm->regions[i + 1], &vm->regions[i], (vm->nregions - i) * sizeof(*vm->regions));
	vm->regions[i] = r;
	vm->nregions++;
	vm->size += r->end - r->start;
	return 0;
}

/* Addresses below end are free now: vm_gap looks there again. */
static void freed(struct vm *vm, uint64_t end)
{
	if (end > vm->full)
		vm->full = end < vm->mmap_base ? end : vm->mmap_base;
}

void region_remove(struct vm *vm, uint32_t i)
{
	freed(vm, vm->regions[i]->end);
	vm->size -= vm->regions[i]->end - vm->regions[i]->start;
	vm->nregions--;
	memmove(&vm->regions[i], &vm->regions[i + 1], (vm->nregions - i) * sizeof(*vm->regions));
}

void region_trim(struct vm *vm, struct region *r, uint64_t start, uint64_t end)
{
	if (start == r->start)
		r->start = end;
	else
		r->end = start;
	vm->size -= end - start;
	freed(vm, end);
}

struct region *region_new(struct vm *vm, uint64_t start, uint64_t end)
{
	struct region *r = kzalloc(sizeof(*r));

	if (r == NULL)
		return NULL;
	r->start = start;
	r->end = end;
	r->vm = vm;
	list_init(&r->mem_node);
	return r;
}

void region_attach(struct region *r)
{
	if (r->mem == NULL)
		return;
	obj_get(&r->mem->obj);
	spin_lock(&r->mem->lock);
	list_add(&r->mem->regions, &r->mem_node);
	spin_unlock(&r->mem->lock);
}

void region_detach(struct region *r)
{
	if (r->mem == NULL)
		return;
	spin_lock(&r->mem->lock);
	list_del(&r->mem_node);
	spin_unlock(&r->mem->lock);
}

/* Cuts region i at addr, if that is inside it. */
static int split_at(struct vm *vm, uint32_t i, uint64_t addr)
{
	struct region *r = i < vm->nregions ? vm->regions[i] : NULL, *n;

	if (r == NULL || addr <= r->start || addr >= r->end)
		return 0;
	n = region_new(vm, addr, r->end);
	if (n == NULL || reserve(vm, 1) != 0) {
		kfree(n);
		return -ENOMEM;
	}
	n->off = r->off + (addr - r->start);
	n->mem = r->mem;
	n->prot = r->prot;
	n->flags = r->flags;
	vm->size -= r->end - addr;
	r->end = addr;
	region_attach(n);
	return region_insert(vm, n);
}

int region_split_range(struct vm *vm, uint64_t start, uint64_t end)
{
	uint32_t i = region_index(vm, start);

	if (split_at(vm, i, start) != 0)
		return -ENOMEM;
	if (i < vm->nregions && vm->regions[i]->end < end)
		i = region_index(vm, end);
	return split_at(vm, i, end);
}
