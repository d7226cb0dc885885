/* SPDX-License-Identifier: MIT */
/*
 * Page tables. The kernel's half of every root is the same: three of the boot root's entries are
 * filled once (direct map, stacks, kernel) and copied, so the kernel's mappings never need syncing.
 */
#include "arch/x86_64/asm.h"
#include "boot/boot.h"
#include "defs.h"
#include "mm/private.h"

extern uint64_t boot_pml4[512], boot_pd[5][512], boot_pdpt_direct[512];
extern const char kernel_start[], rodata_end[], kernel_end[];

uint64_t kernel_cr3;

static uint64_t *table_of(uint64_t e)
{
	return phys_to_virt(e & PTE_ADDR);
}

static uint64_t image_phys(const void *p)
{
	return (uint64_t)p - KERNEL_BASE;
}

static unsigned index_at(uint64_t va, int level)
{
	return va >> (PAGE_SHIFT + 9 * level) & 511;
}

static bool table_make(uint64_t *e, uint64_t flags)
{
	struct frame *f = frame_alloc_zero(FRAME_KERNEL);

	if (f == NULL)
		return false;
	f->index = 0;
	*e = frame_phys(f) | flags;
	return true;
}

/*
 * A user table's frame keeps in `index` a bit for each 8 entries of which one may be in use, so that
 * walks need not look at all 512. The kernel's root is never walked and not marked.
 */
static void mark(uint64_t *t, unsigned i)
{
	if ((uint64_t)t < STACK_AREA)
		frame_of_virt(t)->index |= 1ul << (i >> 3);
}

void pt_mark(uint64_t *entry, unsigned n)
{
	unsigned first = (uint64_t)entry >> 3 & 511, last = first + n - 1;

	frame_of_virt(entry)->index |= ~0ul << (first >> 3) & ~0ul >> (63 - (last >> 3));
}

void pt_unmark(uint64_t *entry, unsigned n)
{
	unsigned first = (uint64_t)entry >> 3 & 511, from = (first + 7) / 8, to = (first + n) / 8;

	if (from < to)
		frame_of_virt(entry)->index &= ~(~0ul << from & ~0ul >> (64 - to));
}

uint64_t *pt_entry(uint64_t *pml4, uint64_t va, bool make)
{
	uint64_t *t = pml4;

	for (int level = 3; level > 0; level--) {
		uint64_t *e = &t[index_at(va, level)];

		if ((*e & PTE_P) == 0) {
			if (!make || !table_make(e, PTE_P | PTE_W | PTE_U))
				return NULL;
			mark(t, index_at(va, level));
		}
		t = table_of(*e);
	}
	if (make)
		mark(t, index_at(va, 0));
	return &t[index_at(va, 0)];
}

/* The entries of t, a leaf table, from that of va on and below end; groups that lie together in one go. */
static void walk_leaf(uint64_t *t, uint64_t va, uint64_t end, pt_run *fn, void *arg)
{
	unsigned first = index_at(va, 0), stop = first + (unsigned)((end - va) >> PAGE_SHIFT);
	uint64_t groups = frame_of_virt(t)->index & ~0ul << (first >> 3);

	stop = stop < 512 ? stop : 512;
	while (groups != 0) {
		unsigned g = (unsigned)__builtin_ctzl(groups), from = g * 8 > first ? g * 8 : first, to;
		uint64_t gaps = ~(groups | (groups - 1));	/* above the lowest run */

		to = gaps != 0 ? (unsigned)__builtin_ctzl(gaps) * 8 : 512;
		groups = gaps != 0 ? groups & ~0ul << (to >> 3) : 0;
		if (from >= stop)
			return;
		fn(&t[from], (to < stop ? to : stop) - from, va + (from - first) * PAGE, arg);
	}
}

static void walk_level(uint64_t *t, int level, uint64_t va, uint64_t end, pt_run *fn, void *arg)
{
	unsigned shift = PAGE_SHIFT + 9 * (unsigned)level, first = index_at(va, level);
	uint64_t base = va >> shift >> 9 << 9 << shift;		/* what entry 0 maps */
	uint64_t groups = frame_of_virt(t)->index & ~0ul << (first >> 3);
	uint64_t room = (end - 1 - base) >> shift;		/* the last entry below end, if it is in t */
	unsigned last = room < 511 ? (unsigned)room : 511;

	if (level == 0) {
		walk_leaf(t, va, end, fn, arg);
		return;
	}
	for (; groups != 0; groups &= groups - 1) {
		unsigned g = (unsigned)__builtin_ctzl(groups) * 8;
		unsigned stop = g + 7 < last ? g + 7 : last;

		for (unsigned i = g < first ? first : g; i <= stop; i++) {
			uint64_t at = base + ((uint64_t)i << shift);

			if (t[i] & PTE_P)
				walk_level(table_of(t[i]), level - 1, at < va ? va : at, end, fn, arg);
		}
		if (stop == last)
			return;
	}
}

void pt_walk(uint64_t *pml4, uint64_t start, uint64_t end, pt_run *fn, void *arg)
{
	uint64_t *t = pml4;
	int level = 3;

	if (start >= end)
		return;
	/* Down to the table in which both ends lie apart. */
	for (; level > 0 && index_at(start, level) == index_at(end - 1, level); level--) {
		uint64_t e = t[index_at(start, level)];

		if ((e & PTE_P) == 0)
			return;
		t = table_of(e);
	}
	walk_level(t, level, start, end, fn, arg);
}

static void free_level(uint64_t *t, int level)
{
	struct frame *f = frame_of_virt(t);

	for (uint64_t groups = f->index; level > 0 && groups != 0; groups &= groups - 1) {
		unsigned g = (unsigned)__builtin_ctzl(groups) * 8;

		for (unsigned i = g; i < g + 8; i++)
			if (t[i] & PTE_P)
				free_level(table_of(t[i]), level - 1);
	}
	frame_put(f);
}

void pt_free(uint64_t *pml4)
{
	free_level(pml4, 3);
}

uint64_t *pt_new(void)
{
	struct frame *f = frame_alloc_zero(FRAME_KERNEL);
	uint64_t *t;

	if (f == NULL)
		return NULL;
	f->index = 0;
	t = frame_virt(f);
	t[index_at(DIRECT_MAP, 3)] = boot_pml4[index_at(DIRECT_MAP, 3)];
	t[index_at(STACK_AREA, 3)] = boot_pml4[index_at(STACK_AREA, 3)];
	t[511] = boot_pml4[511];
	return t;
}

/* Direct map above the 4 GiB that start.S made. Runs before the frame allocator: pages of the tables
 * are taken from the end of the array's range by kernel_frames_end's caller, so at most 508 GiB. */
void direct_map_extend(uint64_t top)
{
	static uint64_t more[12][512] __attribute__((aligned(4096)));
	uint64_t limit = (4ul + 12) << 30;

	if (top > limit) {
		klog("memory above %lu GiB is not used", limit >> 30);
		nframes = limit >> PAGE_SHIFT;
		top = limit;
	}
	for (uint64_t g = 4; g << 30 < top; g++) {
		uint64_t *pd = more[g - 4];

		for (uint64_t i = 0; i < 512; i++)
			pd[i] = (g << 30 | i << 21) | PTE_P | PTE_W | PTE_BIG | PTE_G | PTE_NX;
		boot_pdpt_direct[index_at(DIRECT_MAP, 2) + g] = image_phys(pd) | PTE_P | PTE_W;
	}
}

/* What the direct map may do with a page of the kernel's image: constants and code are read-only there too. */
static uint64_t image_flags(uint64_t pa)
{
	bool constant = pa >= image_phys(kernel_start) && pa < image_phys(rodata_end);

	return PTE_P | PTE_G | PTE_NX | (constant ? 0 : PTE_W);
}

/* The image itself has its rights from the start (boot/place.c). A table is put in when it is complete. */
void kernel_pagetable_init(void)
{
	uint64_t first = image_phys(kernel_start), last = image_phys(kernel_end);

	kassert(last <= 1ul << 30);
	for (uint64_t base = first & ~0x1ffffful; base < last; base += 0x200000) {
		uint64_t e;

		kassert(table_make(&e, PTE_P | PTE_W));
		for (uint64_t i = 0; i < 512; i++)
			table_of(e)[i] = (base + i * PAGE) | image_flags(base + i * PAGE);
		boot_pd[1][base >> 21 & 511] = e;
	}
	kassert(table_make(&boot_pml4[index_at(STACK_AREA, 3)], PTE_P | PTE_W));
	kernel_cr3 = image_phys(boot_pml4);
	write_cr3(kernel_cr3);
	write_cr4(read_cr4() & ~(uint64_t)CR4_PGE);
	write_cr4(read_cr4() | CR4_PGE);
}

void kernel_frames_end(void)
{
}

static void tlb_local(uint64_t start, uint64_t end)
{
	if (end - start > 32 * PAGE) {
		write_cr3(read_cr3());
		return;
	}
	for (; start < end; start += PAGE)
		invlpg(start);
}

static void tlb_ask(uint32_t set)
{
	uint32_t me = this_cpu()->id;

	set &= ~(1u << me);
	for (uint32_t i = 0; i < ncpu; i++)
		if (set & 1u << i) {
			__atomic_or_fetch(&cpus[i].flush_want, 1u << me, __ATOMIC_SEQ_CST);
			apic_ipi(cpus[i].apic_id, VEC_FLUSH);
		}
	for (uint32_t i = 0; i < ncpu; i++)
		while ((set & 1u << i) &&
		       (__atomic_load_n(&cpus[i].flush_want, __ATOMIC_ACQUIRE) & 1u << me)) {
			cpu_flush_poll();
			cpu_pause();
		}
}

/* The CPUs that have vm loaded now. */
static uint32_t users_of(const struct vm *vm)
{
	uint32_t set = 0;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < ncpu; i++)
		if (cpus[i].vm == vm)
			set |= 1u << i;
	return set;
}

/* An idle CPU is not roused: it is told to flush when it leaves its idle loop. */
static uint32_t skip_lazy(uint32_t set)
{
	for (uint32_t i = 0; i < ncpu; i++) {
		uint32_t idle = 1;

		if ((set & 1u << i) && (__atomic_compare_exchange_n(&cpus[i].lazy, &idle, 2, false,
				__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) || idle == 2))
			set &= ~(1u << i);
	}
	return set;
}

void cpu_idle_enter(struct cpu *c)
{
	__atomic_store_n(&c->lazy, 1, __ATOMIC_SEQ_CST);
}

void cpu_idle_leave(struct cpu *c)
{
	if (__atomic_exchange_n(&c->lazy, 0, __ATOMIC_SEQ_CST) == 2)
		write_cr3(read_cr3());
}

void tlb_flush(struct vm *vm, uint64_t start, uint64_t end)
{
	if (this_cpu()->vm == vm)
		tlb_local(start, end);
	if (ncpu > 1)
		tlb_ask(skip_lazy(users_of(vm)));
}

/* A CPU with nothing to run in vm keeps its table loaded till now: the flush makes it leave. */
void tlb_leave(struct vm *vm)
{
	uint32_t set;

	if (this_cpu()->vm == vm)
		vm_load(NULL);
	while ((set = users_of(vm)) != 0)
		tlb_ask(set);
}

void cpu_flush_poll(void)
{
	struct cpu *c = this_cpu();
	struct thread *t = c->current;
	uint32_t askers = __atomic_load_n(&c->flush_want, __ATOMIC_SEQ_CST);

	if (askers == 0)
		return;
	if (c->vm != NULL && (t == NULL || t->vm != c->vm))
		vm_load(NULL);
	else
		write_cr3(read_cr3());
	__atomic_and_fetch(&c->flush_want, ~askers, __ATOMIC_SEQ_CST);
}
