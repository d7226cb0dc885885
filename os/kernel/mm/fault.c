/* SPDX-License-Identifier: MIT */
/* Page faults, and access to the memory of an address space that is not loaded. */
#include "defs.h"
#include "mm/private.h"

#define SEGV_MAPERR	1
#define SEGV_ACCERR	2
#define BUS_ADRERR	2
#define AROUND		16	/* pages of a mem entered together when they are in the cache */

static struct frame *frame_of_pte(uint64_t pte)
{
	return &frames[(pte & PTE_ADDR) >> PAGE_SHIFT];
}

static void enter(struct vm *vm, uint64_t *pte, uint64_t entry)
{
	*pte = entry;
	if (++vm->rss > (int64_t)vm->peak)
		vm->peak = (uint64_t)vm->rss;
}

static bool in_direct_map(uint64_t pa)
{
	return pa < nframes << PAGE_SHIFT || pa < 4ul << 30;
}

/* A private page that is present is written: becomes writable if it is ours alone, else a copy. */
static int private_write(struct vm *vm, struct region *r, uint64_t va, uint64_t *pte)
{
	struct frame *old = *pte & PTE_NOREF ? NULL : frame_of_pte(*pte), *f;
	uint64_t pa = *pte & PTE_ADDR;

	if (old == NULL && !in_direct_map(pa))
		return -EACCES;
	if (old != NULL && old->kind == FRAME_ANON && __atomic_load_n(&old->ref, __ATOMIC_ACQUIRE) == 1) {
		*pte = frame_phys(old) | pte_flags(r) | PTE_W | PTE_D;
		tlb_flush(vm, va, va + PAGE);
		return 0;
	}
	f = frame_alloc(FRAME_ANON);
	if (f == NULL)
		return -ENOMEM;
	page_copy(frame_virt(f), phys_to_virt(pa));
	*pte = frame_phys(f) | pte_flags(r) | PTE_W | PTE_D;
	tlb_flush(vm, va, va + PAGE);
	if (old != NULL)
		frame_put(old);
	return 0;
}

/* A stack grows: its end, or the page after va is there, and the one before is not. */
static bool goes_down(const struct region *r, uint64_t va, const uint64_t *pte)
{
	if ((va >> PAGE_SHIFT & 511) == 0 || va == r->start || pte[-1] != 0)
		return false;
	return va + PAGE == r->end || ((va >> PAGE_SHIFT & 511) != 511 && pte[1] != 0);
}

static unsigned down_from(const struct region *r, uint64_t va)
{
	uint64_t i = va >> PAGE_SHIFT & 511, room = (va - r->start) >> PAGE_SHIFT, n = DOWN - 1;

	n = n < i ? n : i;
	return (unsigned)(n < room ? n : room);
}

/*
 * The pages that come with the one at va while memory is plenty, all of one table: those of a small map just made
 * and not touched yet; the next ones for who goes straight on (the page before is there); some before for a stack.
 * How many, the first *back before va.
 * That a stack comes in few faults is more than speed: QEMU 7.2 resumes a setle or setg to memory that faulted with
 * wrong flags (it has recorded LOGIC's operation, but not its result), so that one run of a program in a hundred
 * went astray where its stack met a new page.
 */
static unsigned anon_span(struct vm *vm, const struct region *r, uint64_t va, const uint64_t *pte, unsigned *back)
{
	bool fresh = va >= vm->fresh && va < vm->fresh_end, down;
	uint64_t i = va >> PAGE_SHIFT & 511, table = va & ~(512 * PAGE - 1);
	uint64_t from = va, end = r->end;

	*back = 0;
	down = !fresh && goes_down(r, va, pte);
	if (!fresh && !down && (i == 0 || va == r->start || pte[-1] == 0))
		return 1;
	if (frame_free_count() < frame_total() / 8)
		return 1;
	if (down) {
		*back = down_from(r, va);
		return *back + 1;
	}
	if (fresh) {
		from = vm->fresh > r->start ? vm->fresh : r->start;
		from = from > table ? from : table;
		end = vm->fresh_end < end ? vm->fresh_end : end;
		*back = (unsigned)((va - from) >> PAGE_SHIFT);
		vm->fresh_end = 0;
	}
	if (end > from + AHEAD * PAGE)
		end = from + AHEAD * PAGE;
	if (end > table + 512 * PAGE)
		end = table + 512 * PAGE;
	return (unsigned)((end - from) >> PAGE_SHIFT);
}

/* Frames for those of n entries from pte on that are absent. They are zero before a process can see them. */
static void anon_enter(struct vm *vm, uint64_t *pte, unsigned n, const uint32_t *number, unsigned absent,
	uint64_t flags)
{
	pages_zero(number, absent, phys_to_virt(0));
	for (unsigned i = 0; i < n; i++)
		if (pte[i] == 0)
			pte[i] = (uint64_t)*number++ << PAGE_SHIFT | flags;
	pt_mark(pte, n);
	vm->rss += absent;
	if (vm->rss > (int64_t)vm->peak)
		vm->peak = (uint64_t)vm->rss;
}

static unsigned count_absent(const uint64_t *pte, unsigned n)
{
	unsigned present = 0;

	for (unsigned i = 0; i < n; i++)
		present += pte[i] != 0;
	return n - present;
}

static int anon_fault(struct vm *vm, struct region *r, uint64_t va, uint64_t *pte)
{
	uint64_t flags = pte_flags(r) | (r->prot & PROT_WRITE ? PTE_W | PTE_D : 0);
	unsigned back, n = anon_span(vm, r, va, pte, &back), absent, got;
	uint32_t number[AHEAD];

	absent = count_absent(pte - back, n);
	got = frame_alloc_some(number, absent);
	if (got < absent) {		/* memory is short: only the page that is needed */
		struct frame *f;

		frame_put_some(number, got);
		f = frame_alloc(FRAME_ANON);
		if (f == NULL)
			return -ENOMEM;
		number[0] = (uint32_t)frame_number(f);
		back = 0;
		n = absent = 1;
	}
	anon_enter(vm, pte - back, n, number, absent, flags);
	return 0;
}

/* Neighbours that the cache has already, read only: one fault instead of sixteen. */
static void fault_around(struct vm *vm, struct region *r, uint64_t va)
{
	uint64_t a = va & ~(AROUND * PAGE - 1), b = a + AROUND * PAGE;
	uint64_t *pte;

	if (a < r->start)
		a = r->start;
	if (b > r->end)
		b = r->end;
	spin_lock(&r->mem->lock);
	for (; a < b; a += PAGE) {
		uint64_t index = (r->off + (a - r->start)) >> PAGE_SHIFT;
		struct frame *f = index << PAGE_SHIFT < r->mem->size ? mem_page(r->mem, index) : NULL;

		if (f == NULL || (pte = pt_entry(vm->pml4, a, true)) == NULL || *pte != 0)
			continue;
		frame_get(f);
		enter(vm, pte, frame_phys(f) | pte_flags(r));
	}
	spin_unlock(&r->mem->lock);
}

/* A page of a mem; -EAGAIN: it must be waited for. */
static int mem_fault(struct vm *vm, struct region *r, uint64_t va, uint64_t *pte, bool write)
{
	uint64_t index = (r->off + (va - r->start)) >> PAGE_SHIFT, pa = 0;
	bool shared_write = write && (r->flags & REGION_SHARED);
	struct frame *f = NULL, *copy;
	int err = mem_get_page(r->mem, index, (shared_write ? GET_WRITE : GET_READ) | GET_NOWAIT, &f, &pa);
	bool was = *pte != 0;

	if (err != 0)
		return err;
	if (r->mem->kind == MEM_PHYS) {
		bool writable = (r->flags & REGION_SHARED) && (r->prot & PROT_WRITE);

		if (!was)
			vm->rss++;
		*pte = pa | pte_flags(r) | PTE_NOREF | (writable ? PTE_W | PTE_D : 0);
		return write && !writable ? private_write(vm, r, va, pte) : 0;
	}
	if (was) {		/* a shared page becomes writable; it may have been dropped and come again */
		struct frame *old = frame_of_pte(*pte);

		*pte = frame_phys(f) | pte_flags(r) | PTE_W | PTE_D;
		tlb_flush(vm, va, va + PAGE);
		frame_put(old);
		return 0;
	}
	if (!write || (r->flags & REGION_SHARED)) {
		enter(vm, pte, frame_phys(f) | pte_flags(r) | (shared_write ? PTE_W | PTE_D : 0));
		if (!write)
			fault_around(vm, r, va);
		return 0;
	}
	copy = frame_alloc(FRAME_ANON);
	if (copy != NULL) {
		page_copy(frame_virt(copy), frame_virt(f));
		enter(vm, pte, frame_phys(copy) | pte_flags(r) | PTE_W | PTE_D);
	}
	frame_put(f);
	return copy != NULL ? 0 : -ENOMEM;
}

static bool allowed(const struct region *r, unsigned access)
{
	if (access == PROT_READ)
		return r->prot != 0;
	return (r->prot & access) != 0;
}

static int present_fault(struct vm *vm, struct region *r, uint64_t va, uint64_t *pte, bool write)
{
	if (write && !(*pte & PTE_W)) {
		if (r->flags & REGION_SHARED)
			return mem_fault(vm, r, va, pte, true);
		return private_write(vm, r, va, pte);
	}
	*pte = (*pte & (PTE_ADDR | PTE_W | PTE_D)) | pte_flags(r) | (*pte & PTE_NOREF);
	tlb_flush(vm, va, va + PAGE);
	return 0;
}

/* With vm.lock held: 0, -EFAULT, -EACCES, -EAGAIN (wait for *mem, referenced, page *index) ... */
static int fault_locked(struct vm *vm, uint64_t va, unsigned access, struct mem **mem, uint64_t *index)
{
	struct region *r = region_find(vm, va);
	bool write = access == PROT_WRITE;
	uint64_t *pte;
	int err;

	if (r == NULL)
		return -EFAULT;
	if (!allowed(r, access))
		return -EACCES;
	pte = pt_entry(vm->pml4, va, true);
	if (pte == NULL)
		return -ENOMEM;
	if (*pte != 0)
		err = present_fault(vm, r, va, pte, write);
	else if (r->mem == NULL)
		err = anon_fault(vm, r, va, pte);
	else
		err = mem_fault(vm, r, va, pte, write);
	if (err == -EAGAIN) {
		*mem = r->mem;
		obj_get(&r->mem->obj);
		*index = (r->off + (va - r->start)) >> PAGE_SHIFT;
		if (!(r->flags & REGION_SHARED))
			*index |= 1ul << 63;	/* for reading only */
	}
	return err;
}

static int wait_for_page(struct mem *m, uint64_t index, bool write)
{
	struct frame *f = NULL;
	uint64_t pa;
	int err;

	current()->usage.majflt++;
	if (index >> 63)
		write = false;
	err = mem_get_page(m, index & ~(1ul << 63), write ? GET_WRITE : GET_READ, &f, &pa);
	if (f != NULL)
		frame_put(f);
	obj_put(&m->obj);
	return err;
}

static int fault(struct vm *vm, uint64_t addr, unsigned access)
{
	struct mem *m = NULL;
	uint64_t index = 0, va = addr & ~(PAGE - 1);
	int err;

	for (;;) {
		spin_lock(&vm->lock);
		err = fault_locked(vm, va, access, &m, &index);
		spin_unlock(&vm->lock);
		mem_reclaim_poke();
		if (err == -EAGAIN)
			err = wait_for_page(m, index, access == PROT_WRITE);
		else if (err == -ENOMEM)
			err = mem_wait();
		else
			return err;
		if (err != 0)
			return err;
	}
}

int vm_fault(struct vm *vm, uint64_t addr, unsigned access, int *code)
{
	int err = fault(vm, addr, access);

	switch (err) {
	case 0:
	case -EINTR:
		return err;
	case -EFAULT:
		*code = SEGV_MAPERR;
		return SIGSEGV;
	case -EACCES:
		*code = SEGV_ACCERR;
		return SIGSEGV;
	case -ENOMEM:
		klog_error("out of memory: %s[%u] at %lx", current()->name, current()->tid, addr);
		*code = 0;
		return SIGKILL;
	default:
		*code = BUS_ADRERR;
		return SIGBUS;
	}
}

/* Kernel address of a present byte with the right asked for; NULL: fault it in. vm.lock held. */
static uint8_t *present(struct vm *vm, uint64_t addr, bool write)
{
	uint64_t *pte = pt_entry(vm->pml4, addr, false), pa;

	if (pte == NULL || !(*pte & PTE_P) || (write && !(*pte & PTE_W)))
		return NULL;
	pa = *pte & PTE_ADDR;
	if (!in_direct_map(pa))
		return NULL;
	return (uint8_t *)phys_to_virt(pa) + (addr & (PAGE - 1));
}

/* What is copied from or to the other side: kernel memory, or the caller's user memory. */
struct other { uint64_t addr; bool user; };

static int copy_part(uint8_t *there, struct other o, uint64_t n, bool write)
{
	if (!o.user && write)
		memcpy(there, (const void *)o.addr, n);
	else if (!o.user)
		memcpy((void *)o.addr, there, n);
	else if (write)
		return copyin_nofault(there, o.addr, n);
	else
		return copyout_nofault(o.addr, there, n);
	return 0;
}

/* One stretch inside a page. 0, 1 when the caller's side must be faulted in, -EFAULT. */
static int access_part(struct vm *vm, uint64_t addr, struct other o, uint64_t n, bool write)
{
	for (;;) {
		uint8_t *p;
		int err = 0;

		spin_lock(&vm->lock);
		p = present(vm, addr, write);
		if (p != NULL)
			err = copy_part(p, o, n, write);
		spin_unlock(&vm->lock);
		if (p != NULL)
			return err != 0;
		err = fault(vm, addr, write ? PROT_WRITE : PROT_READ);
		if (err != 0)
			return err == -ENOMEM || err == -EINTR ? err : -EFAULT;
	}
}

static int fault_own(uint64_t addr, uint64_t n, bool write)
{
	int err = fault(current()->vm, addr, write ? PROT_WRITE : PROT_READ);

	if (err == 0 && ((addr ^ (addr + n - 1)) & ~(PAGE - 1)) != 0)
		err = fault(current()->vm, addr + n - 1, write ? PROT_WRITE : PROT_READ);
	return err == 0 || err == -EINTR ? err : -EFAULT;
}

static int vm_access(struct vm *vm, uint64_t addr, struct other o, uint64_t n, bool write)
{
	if (addr >= VM_TOP || n > VM_TOP - addr || (o.user && (o.addr >= VM_TOP || n > VM_TOP - o.addr)))
		return n == 0 ? 0 : -EFAULT;
	while (n != 0) {
		uint64_t k = PAGE - (addr & (PAGE - 1));
		int r;

		k = k < n ? k : n;
		r = access_part(vm, addr, o, k, write);
		if (r == 1 && (r = fault_own(o.addr, k, !write)) == 0)
			continue;
		if (r != 0)
			return r;
		addr += k;
		o.addr += k;
		n -= k;
	}
	return 0;
}

int vm_read(struct vm *vm, uint64_t addr, void *kbuf, uint64_t n)
{
	return vm_access(vm, addr, (struct other){ (uint64_t)kbuf, false }, n, false);
}

int vm_write(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n)
{
	return vm_access(vm, addr, (struct other){ (uint64_t)kbuf, false }, n, true);
}

int vm_read_user(struct vm *vm, uint64_t addr, uint64_t mine, uint64_t n)
{
	return vm_access(vm, addr, (struct other){ mine, true }, n, false);
}

int vm_write_user(struct vm *vm, uint64_t addr, uint64_t mine, uint64_t n)
{
	return vm_access(vm, addr, (struct other){ mine, true }, n, true);
}

/* The private page at pte, not writable, becomes a frame that is only here. vm.lock held. */
static int own_page(struct vm *vm, struct region *r, uint64_t va, uint64_t *pte)
{
	int err = private_write(vm, r, va, pte);

	if (err == 0 && !(r->prot & PROT_WRITE)) {
		*pte &= ~PTE_W;
		tlb_flush(vm, va, va + PAGE);
	}
	return err;
}

/* 0, 1: fault it in first, -errno. vm.lock held. */
static int poke_locked(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n)
{
	struct region *r = region_find(vm, addr);
	uint64_t va = addr & ~(PAGE - 1), *pte;
	int err = 0;

	if (r == NULL || (r->flags & (REGION_SHARED | REGION_PAGES)) || r->prot == 0)
		return -EFAULT;
	pte = pt_entry(vm->pml4, va, false);
	if (pte == NULL || !(*pte & PTE_P))
		return 1;
	if (!(*pte & PTE_W))
		err = own_page(vm, r, va, pte);
	if (err == 0)
		memcpy((uint8_t *)phys_to_virt(*pte & PTE_ADDR) + (addr & (PAGE - 1)), kbuf, n);
	return err;
}

int vm_poke(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n)
{
	int err = vm_write(vm, addr, kbuf, n);

	while (err == -EFAULT || err == 1) {
		spin_lock(&vm->lock);
		err = poke_locked(vm, addr, kbuf, n);
		spin_unlock(&vm->lock);
		if (err == 1 && fault(vm, addr, PROT_READ) != 0)
			return -EFAULT;
		if (err == -EFAULT)
			break;
	}
	return err;
}

int vm_futex_key(struct vm *vm, uint64_t addr, struct mem **mem, uint64_t *off)
{
	struct region *r;
	int err = 0;

	*mem = NULL;
	*off = addr;
	spin_lock(&vm->lock);
	r = region_find(vm, addr);
	if (r == NULL) {
		err = -EFAULT;
	} else if (r->mem != NULL && (r->flags & REGION_SHARED)) {
		*mem = r->mem;
		obj_get(&r->mem->obj);
		*off = r->off + (addr - r->start);
	}
	spin_unlock(&vm->lock);
	return err;
}
