/* SPDX-License-Identifier: MIT */
/* Address spaces: making, copying, mapping, unmapping. See vm.h for the rules. */
#include "defs.h"
#include "mm/private.h"

#define LOW_HINT	(1ul << 20)	/* hints below are ignored */

static const struct obj_type vm_type = { .kind = OBJ_VM, .name = "vm", .destroy = vm_destroy };

static uint64_t random_base(void)
{
	uint64_t r;

	random_bytes(&r, sizeof(r));
	return VM_TOP - (16ul << 20) - (r & 0xffffff) * PAGE;
}

static struct vm *vm_new(void)
{
	struct vm *vm = kzalloc(sizeof(*vm));

	if (vm == NULL)
		return NULL;
	vm->pml4 = pt_new();
	if (vm->pml4 == NULL) {
		kfree(vm);
		return NULL;
	}
	obj_init(&vm->obj, &vm_type);
	spin_init(&vm->lock, "vm", RANK_VM);
	vm->cr3 = virt_to_phys(vm->pml4);
	return vm;
}

struct vm *vm_create(void)
{
	struct vm *vm = vm_new();

	if (vm != NULL)
		vm->mmap_base = vm->full = random_base();
	return vm;
}

void vm_destroy(struct obj *o)
{
	struct vm *vm = container_of(o, struct vm, obj);

	tlb_leave(vm);
	vm_clear(vm, 0, VM_TOP);
	for (uint32_t i = 0; i < vm->nregions; i++) {
		struct region *r = vm->regions[i];

		region_detach(r);
		if (r->mem != NULL)
			obj_put(&r->mem->obj);
		kfree(r);
	}
	kfree(vm->regions);
	pt_free(vm->pml4);
	kfree(vm);
}

/* Copying the entries of private regions: both sides lose the right to write. */
struct copy {
	struct vm *to;
	bool failed;
};

static void copy_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	struct copy *c = arg;
	unsigned present = 0;
	uint64_t *to;

	for (; n != 0 && *pte == 0; n--, va += PAGE)
		pte++;
	if (n == 0 || c->failed)
		return;
	to = pt_entry(c->to->pml4, va, true);
	if (to == NULL) {
		c->failed = true;
		return;
	}
	pt_mark(to, n);
	for (unsigned i = 0; i < n; i++) {
		uint64_t e = pte[i] & ~PTE_W;

		if (e == 0)
			continue;
		pte[i] = to[i] = e;
		present++;
		if (!(e & PTE_NOREF))
			frame_get(&frames[(e & PTE_ADDR) >> PAGE_SHIFT]);
	}
	c->to->rss += present;
}

static int copy_region(struct vm *to, struct vm *from, const struct region *r)
{
	struct region *n = region_new(to, r->start, r->end);
	struct copy c = { .to = to };

	if (n == NULL || region_insert(to, n) != 0) {
		kfree(n);
		return -ENOMEM;
	}
	n->off = r->off;
	n->mem = r->mem;
	n->prot = r->prot;
	n->flags = r->flags;
	region_attach(n);
	if ((r->flags & REGION_SHARED) == 0)
		pt_walk(from->pml4, r->start, r->end, copy_run, &c);
	return c.failed ? -ENOMEM : 0;
}

struct vm *vm_fork(struct vm *from)
{
	struct vm *to = vm_new();
	int err = 0;

	if (to == NULL)
		return NULL;
	to->mmap_base = to->full = from->mmap_base;
	to->limit = from->limit;
	to->data_limit = from->data_limit;
	/* `to` too: with its first region of a mem it is seen by who sweeps that. */
	spin_lock_two(&from->lock, &to->lock);
	for (uint32_t i = 0; i < from->nregions && err == 0; i++)
		if ((from->regions[i]->flags & REGION_PAGES) == 0)
			err = copy_region(to, from, from->regions[i]);
	tlb_flush(from, 0, VM_TOP);
	spin_unlock_two(&from->lock, &to->lock);
	if (err != 0) {
		obj_put(&to->obj);
		return NULL;
	}
	return to;
}

/* The highest free stretch below mmap_base, else the lowest above VM_BASE. 0: none. */
uint64_t vm_gap(struct vm *vm, uint64_t len)
{
	uint64_t top = vm->full;
	uint32_t i = region_index(vm, top);
	bool full = true;

	if (i < vm->nregions && vm->regions[i]->start < top)
		top = vm->regions[i]->start;
	for (;; i--) {
		uint64_t floor = i > 0 ? vm->regions[i - 1]->end : LOW_HINT;

		if (full && top > floor) {
			vm->full = top;
			full = false;
		}
		if (top > floor && top - floor >= len) {
			vm->last = i;		/* who maps there asks next */
			return top - len;
		}
		if (i == 0)
			break;
		top = vm->regions[i - 1]->start;
	}
	for (i = region_index(vm, vm->mmap_base); i < vm->nregions; i++) {
		uint64_t next = i + 1 < vm->nregions ? vm->regions[i + 1]->start : VM_TOP;

		if (next - vm->regions[i]->end >= len)
			return vm->regions[i]->end;
	}
	return 0;
}

bool vm_range_free(struct vm *vm, uint64_t start, uint64_t end)
{
	uint32_t i = region_index(vm, start);

	return i == vm->nregions || vm->regions[i]->start >= end;
}

static bool in_user(uint64_t addr, uint64_t len)
{
	return addr >= VM_BASE && addr < VM_TOP && len <= VM_TOP - addr;
}

static uint64_t data_size(const struct vm *vm)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < vm->nregions; i++) {
		const struct region *r = vm->regions[i];

		if ((r->prot & PROT_WRITE) && !(r->flags & (REGION_SHARED | REGION_PAGES)))
			n += r->end - r->start;
	}
	return n;
}

bool vm_within_limits(struct vm *vm, uint64_t len, bool data)
{
	if (vm->limit != 0 && vm->size + len > vm->limit)
		return false;
	return !data || vm->data_limit == 0 || data_size(vm) + len <= vm->data_limit;
}

/* Chooses the place; with MAP_FIXED it may be taken. 0 or -errno. */
static int place(struct vm *vm, uint64_t *addr, uint64_t len, unsigned flags)
{
	uint64_t a = *addr;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if ((a & (PAGE - 1)) != 0)
			return -EINVAL;
		if (!in_user(a, len))
			return -ENOMEM;
		return (flags & MAP_FIXED_NOREPLACE) && !vm_range_free(vm, a, a + len) ? -EEXIST : 0;
	}
	a &= ~(PAGE - 1);
	if (a < LOW_HINT || !in_user(a, len) || !vm_range_free(vm, a, a + len))
		a = vm_gap(vm, len);
	*addr = a;
	return a != 0 ? 0 : -ENOMEM;
}

/* Memory at one end of an anonymous region, which merging makes of several maps: that only becomes shorter. */
static bool cut_edge(struct vm *vm, uint64_t start, uint64_t end)
{
	struct region *r = region_find(vm, start);

	if (r == NULL || r->mem != NULL || (r->flags & REGION_PAGES) || end > r->end ||
	    (start == r->start) == (end == r->end))
		return false;
	vm_clear(vm, start, end);
	region_trim(vm, r, start, end);
	return true;
}

/* The regions cut out of the array, to be released without the lock: chained by mem_node. */
int vm_cut(struct vm *vm, uint64_t start, uint64_t end, struct list *gone)
{
	uint32_t i, n;

	if (cut_edge(vm, start, end))
		return 0;
	if (region_split_range(vm, start, end) != 0)
		return -ENOMEM;
	i = region_index(vm, start);
	for (n = i; n < vm->nregions && vm->regions[n]->start < end; n++)
		if (vm->regions[n]->flags & REGION_PAGES)
			return -EINVAL;
	/* First the entries: a sweep that finds no region any more must not leave one through which others write. */
	if (n != i)
		vm_clear(vm, start, end);
	while (i < vm->nregions && vm->regions[i]->start < end) {
		struct region *r = vm->regions[i];

		region_remove(vm, i);
		region_detach(r);
		list_add(gone, &r->mem_node);
	}
	return 0;
}

void vm_release(struct list *gone)
{
	struct list *n;

	while ((n = list_pop(gone)) != NULL) {
		struct region *r = list_entry(n, struct region, mem_node);

		if (r->mem != NULL)
			obj_put(&r->mem->obj);
		kfree(r);
	}
}

/* Anonymous neighbours of one kind become one region. Lock held. */
static bool merge(struct vm *vm, uint64_t start, uint64_t end, unsigned prot, unsigned flags)
{
	uint32_t i = region_index(vm, start);
	struct region *before = i > 0 ? vm->regions[i - 1] : NULL;
	struct region *after = i < vm->nregions ? vm->regions[i] : NULL;

	if (before != NULL && before->end == start && before->mem == NULL && before->prot == prot &&
	    before->flags == flags) {
		before->end = end;
	} else if (after != NULL && after->start == end && after->mem == NULL && after->prot == prot &&
		   after->flags == flags) {
		after->start = start;
	} else {
		return false;
	}
	vm->size += end - start;
	return true;
}

static int add(struct vm *vm, struct region *r, uint64_t start, uint64_t end, unsigned prot, unsigned flags)
{
	r->start = start;
	r->end = end;
	r->prot = (uint8_t)prot;
	r->flags = (uint8_t)flags;
	return region_insert(vm, r);
}

int vm_map(struct vm *vm, uint64_t *addr, uint64_t len, struct mem *mem, uint64_t off,
	   unsigned prot, unsigned flags, bool maywrite, bool mayexec)
{
	bool mergeable = mem == NULL && !(flags & MAP_KPAGE);
	struct list gone = LIST_INIT(gone);
	unsigned rf = (flags & MAP_SHARED ? REGION_SHARED : 0) | (maywrite ? REGION_MAYWRITE : 0) |
		      (mayexec ? REGION_MAYEXEC : 0) | (flags & MAP_KPAGE ? REGION_PAGES : 0);
	struct region *r = NULL;
	int err;

	len = (len + PAGE - 1) & ~(PAGE - 1);
	if (len == 0 || len > VM_TOP || (off & (PAGE - 1)) != 0 || off + len < off)
		return -EINVAL;
	if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
		return -EACCES;
	/* What is replaced goes only when nothing can fail any more. */
	if ((!mergeable || (flags & MAP_FIXED)) && (r = region_new(vm, 0, 0)) == NULL)
		return -ENOMEM;
	spin_lock(&vm->lock);
	err = vm_within_limits(vm, len, (prot & PROT_WRITE) && !(rf & (REGION_SHARED | REGION_PAGES))) ?
		place(vm, addr, len, flags) : -ENOMEM;
	if (err == 0 && (flags & MAP_FIXED))
		err = vm_cut(vm, *addr, *addr + len, &gone);
	vm->fresh = *addr;
	vm->fresh_end = err == 0 && mem == NULL && len <= AHEAD * PAGE ? *addr + len : 0;
	if (err == 0 && !(mergeable && merge(vm, *addr, *addr + len, prot, rf))) {
		if (r == NULL)
			r = region_new(vm, 0, 0);
		err = r != NULL ? add(vm, r, *addr, *addr + len, prot, rf) : -ENOMEM;
		if (err == 0) {
			r->off = off;
			r->mem = mem;
			region_attach(r);
			r = NULL;
		}
	}
	spin_unlock(&vm->lock);
	kfree(r);
	vm_release(&gone);
	return err;
}

int vm_unmap(struct vm *vm, uint64_t addr, uint64_t len)
{
	struct list gone = LIST_INIT(gone);
	int err;

	len = (len + PAGE - 1) & ~(PAGE - 1);
	if ((addr & (PAGE - 1)) != 0 || len == 0 || !in_user(addr, len))
		return -EINVAL;
	spin_lock(&vm->lock);
	err = vm_cut(vm, addr, addr + len, &gone);
	spin_unlock(&vm->lock);
	vm_release(&gone);
	return err;
}

uint64_t pte_flags(const struct region *r)
{
	uint64_t f = PTE_A | (r->prot != 0 ? PTE_P | PTE_U : 0) | (r->prot & PROT_EXEC ? 0 : PTE_NX);

	if (r->mem != NULL && r->mem->kind == MEM_PHYS) {
		if (r->mem->cache & DEV_UNCACHED)
			f |= PTE_PCD | PTE_PWT;
		else if (r->mem->cache & DEV_WRITECOMB)
			f |= PTE_BIG;		/* PAT entry 4 */
	}
	return f;
}

/* New rights of a region's entries. W only goes: a fault gives it back when it may. */
static void protect_run(uint64_t *pte, unsigned n, uint64_t va, void *arg)
{
	const struct region *r = arg;
	uint64_t keep = PTE_ADDR | PTE_D | PTE_NOREF | (r->prot & PROT_WRITE ? PTE_W : 0), flags = pte_flags(r);

	(void)va;
	for (; n != 0; n--, pte++)
		if (*pte != 0)
			*pte = (*pte & keep) | flags;
}

static int check_protect(struct vm *vm, uint64_t addr, uint64_t end, unsigned prot)
{
	uint64_t at = addr;

	for (uint32_t i = region_index(vm, addr); at < end; i++) {
		const struct region *r = i < vm->nregions ? vm->regions[i] : NULL;

		if (r == NULL || r->start > at)
			return -ENOMEM;
		if (r->flags & REGION_PAGES)
			return -EACCES;
		if ((prot & PROT_WRITE) && (r->flags & REGION_SHARED) && !(r->flags & REGION_MAYWRITE))
			return -EACCES;
		if ((prot & PROT_EXEC) && r->mem != NULL && !(r->flags & REGION_MAYEXEC))
			return -EACCES;
		at = r->end;
	}
	return 0;
}

int vm_protect(struct vm *vm, uint64_t addr, uint64_t len, unsigned prot)
{
	uint64_t end;
	int err;

	len = (len + PAGE - 1) & ~(PAGE - 1);
	if ((addr & (PAGE - 1)) != 0 || !in_user(addr, len))
		return -EINVAL;
	if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
		return -EACCES;
	end = addr + len;
	spin_lock(&vm->lock);
	err = check_protect(vm, addr, end, prot);
	if (err == 0)
		err = region_split_range(vm, addr, end);
	for (uint32_t i = region_index(vm, addr); err == 0 && i < vm->nregions; i++) {
		struct region *r = vm->regions[i];

		if (r->start >= end)
			break;
		r->prot = (uint8_t)prot;
		pt_walk(vm->pml4, r->start, r->end, protect_run, r);
	}
	if (err == 0 && len != 0)
		tlb_flush(vm, addr, end);
	spin_unlock(&vm->lock);
	return err;
}
