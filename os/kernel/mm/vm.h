/* SPDX-License-Identifier: MIT */
/*
 * vm.h: address spaces: sorted regions over a page table.
 *
 * vm.lock guards regions and page table. Private pages exist only as page table entries that hold a
 * frame reference; pages of mems are entered on fault and hold one too. Order: vm.lock, mem.lock.
 */
#ifndef KERNEL_VM_H
#define KERNEL_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/mem.h"
#include "arch/x86_64/cpu.h"
#include "list.h"
#include "lock.h"
#include "obj/obj.h"

struct mem;

#define PROT_READ	1u
#define PROT_WRITE	2u
#define PROT_EXEC	4u
#define MAP_SHARED	1u
#define MAP_PRIVATE	2u
#define MAP_FIXED	0x10u
#define MAP_ANON	0x20u
#define MAP_FIXED_NOREPLACE 0x100000u

enum region_flags {
	REGION_SHARED = 1,	/* writes go to the mem */
	REGION_PAGES = 2,	/* kernel's pages shared with the process: not unmapped, not forked */
	REGION_MAYWRITE = 4,	/* the handle had R_WRITE (shared) */
	REGION_MAYEXEC = 8,
};

struct region {
	uint64_t start, end;
	uint64_t off;		/* in mem, of start */
	struct mem *mem;	/* referenced; NULL: anonymous */
	uint8_t prot, flags;
	uint64_t epoch;		/* of the last sweep over mem's regions (mem.lock) */
	struct vm *vm;
	struct list mem_node;	/* in mem's list of regions (mem.lock) */
};

struct vm {
	struct obj obj;			/* OBJ_VM; destroyed with the last handle or process */
	struct spinlock lock;
	struct region **regions;	/* sorted by address */
	uint32_t nregions, room;
	uint32_t last;			/* index found last: a hint */
	uint64_t *pml4;			/* kernel address */
	uint64_t cr3;
	uint64_t size;			/* bytes mapped */
	int64_t rss;			/* pages present */
	uint64_t peak;			/* the most there were */
	uint64_t mmap_base;		/* new maps go below it, random */
	uint64_t full;			/* nothing is free between here and mmap_base */
	uint64_t limit;			/* of size, 0: none (RLIMIT_AS); set without the lock */
	uint64_t data_limit;		/* of private memory that may be written (RLIMIT_DATA), likewise */
	uint64_t fresh, fresh_end;	/* the map made last, small, anonymous and untouched: one fault fills it */
	bool taken;			/* a process runs in it (proc/): set once, atomically */
};

struct vm *vm_create(void);			/* obj reference 1; NULL: no memory */
struct vm *vm_fork(struct vm *from);		/* copy-on-write copy; REGION_PAGES left out */
void vm_destroy(struct obj *o);			/* obj's destroy function */

/* mem NULL: anonymous. flags MAP_*; *addr in: hint or exact, out: where. maywrite: handle's R_WRITE.
 * 0 or -errno. The mem reference is taken, not consumed. */
int vm_map(struct vm *vm, uint64_t *addr, uint64_t len, struct mem *mem, uint64_t off,
	   unsigned prot, unsigned flags, bool maywrite, bool mayexec);
int vm_unmap(struct vm *vm, uint64_t addr, uint64_t len);
int vm_protect(struct vm *vm, uint64_t addr, uint64_t len, unsigned prot);

/*
 * One zeroed page shared by kernel and process. *uaddr 0: a free address is chosen; else exactly
 * there (fork). The kernel address stays valid until kpage_put. prot PROT_READ or READ|WRITE.
 */
int vm_map_kpage(struct vm *vm, void **kaddr, uint64_t *uaddr, unsigned prot);
void vm_unmap_kpage(struct vm *vm, uint64_t uaddr);	/* a thread has ended */
void kpage_put(void *kaddr);				/* the kernel's own reference */
int vm_map_time(struct vm *vm, uint64_t *uaddr);	/* the time page, read only */

/*
 * Resolves a fault. access: PROT_READ, PROT_WRITE or PROT_EXEC. 0, or a signal's number and in *code
 * its si_code, or -EINTR: the thread must end. May sleep (pager): no locks held.
 */
int vm_fault(struct vm *vm, uint64_t addr, unsigned access, int *code);

/* Another address space's memory, faulted in as needed. Bytes done are n or fail as a whole: 0, -EFAULT, -ENOMEM. May sleep. */
int vm_read(struct vm *vm, uint64_t addr, void *kbuf, uint64_t n);
int vm_write(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n);
/* Whether addr lies in anonymous memory that nobody has touched: it is zero there. */
bool vm_untouched(struct vm *vm, uint64_t addr);

/*
 * As vm_write for a debugger, inside one page: private memory need not be writable, it becomes a copy that
 * only this address space has. 0, -EFAULT, -ENOMEM, -EINTR.
 */
int vm_poke(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n);
/* Between it and the caller's own memory (msg_read, msg_write): 0 or -EFAULT (either side). */
int vm_read_user(struct vm *vm, uint64_t addr, uint64_t mine, uint64_t n);
int vm_write_user(struct vm *vm, uint64_t addr, uint64_t mine, uint64_t n);

/*
 * Brings in the pages of [addr, addr + n) that a pager would have to supply; errors are for the
 * real access to find. May sleep.
 */
void vm_prefault(struct vm *vm, uint64_t addr, uint64_t n, bool write);

/*
 * Futex key of the caller's address: *mem (referenced, in a shared map) and offset, or NULL and the
 * address itself when the page is private. 0 or -EFAULT.
 */
int vm_futex_key(struct vm *vm, uint64_t addr, struct mem **mem, uint64_t *off);

extern uint64_t kernel_cr3;

/*
 * This CPU's page table becomes vm's (NULL: the kernel's). Who flushes TLBs changes entries, then reads
 * cpu.vm of all CPUs; here cpu.vm is written before the root is loaded, which is serialising: either the
 * flusher sees this CPU or this CPU sees the new entries.
 */
static inline void vm_load(struct vm *vm)
{
	struct cpu *c = this_cpu();

	if (c->vm == vm)
		return;
	c->vm = vm;
	__asm__ volatile("movq %0,%%cr3" : : "r"(vm != NULL ? vm->cr3 : kernel_cr3) : "memory");
}

#endif
