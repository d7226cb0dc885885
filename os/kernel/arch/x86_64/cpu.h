/* SPDX-License-Identifier: MIT */
/* cpu.h: per-CPU data, the trap frame, and what else is peculiar to x86_64. */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "list.h"
#include "lock.h"

#define PAGE		4096ul
#define PAGE_SHIFT	12
#define MAX_CPUS	4

/* Chosen anew at each boot (boot/place.c), in this order, each with a range of 512 GiB of its own. */
extern uint64_t direct_map, stack_area, kernel_base, stack_canary;
#define DIRECT_MAP	direct_map	/* all physical memory, no-execute */
#define STACK_AREA	stack_area	/* kernel stacks with guard pages */
#define KERNEL_BASE	kernel_base	/* physical 0 as the kernel's image sees it */
#define KSTACK_SIZE	(4 * PAGE)

static inline void *phys_to_virt(uint64_t pa) { return (void *)(pa + DIRECT_MAP); }
static inline uint64_t virt_to_phys(const void *p) { return (uint64_t)p - DIRECT_MAP; } /* direct map only */

/* Registers of the interrupted code, at the top of the kernel stack. */
struct tframe {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t trapno;	/* exception or interrupt vector, or TRAP_SYSCALL */
	uint64_t err;		/* error code; for TRAP_SYSCALL the system call number */
	uint64_t rip, cs, rflags, rsp, ss;
};

/*
 * trapno of a system call. rcx and r11 are not restored then: whoever loads a whole register set
 * into the frame (sig_return, exec) sets trapno to TRAP_FULL. To restart the call: rip -= 2, rax = err.
 */
#define TRAP_SYSCALL	256
#define TRAP_FULL	257
#define TRAP_PAGE	14

#define USER_CS		0x33
#define USER_SS		0x2b
#define KERNEL_CS	0x08
#define KERNEL_SS	0x10
#define RFLAGS_USER	0x202			/* of a fresh thread */
#define RFLAGS_KEEP	0x0cd5			/* what a program may choose: CF PF AF ZF SF DF OF, TF not */

struct thread;
struct vm;

/* One per CPU, at %gs:0. Fields are the own CPU's unless said otherwise. entry.S knows the first ones. */
struct cpu {
	struct cpu *self;		/* 0 */
	struct thread *current;		/* 8 */
	uint64_t kstack_top;		/* 16: of current */
	uint64_t user_rsp;		/* 24: scratch of the system call entry */
	uint64_t nsys;			/* 32: of current */
	uint64_t canary;		/* 40: the compiler's; the same on all CPUs, as threads move */
	uint32_t id, apic_id;
	struct vm *volatile vm;		/* whose page table is loaded; others read it for TLB flushes */
	struct thread *idle;
	/* Run queue, under rq_lock. */
	struct spinlock rq_lock;
	struct list rq[6];		/* one for each enum thread_prio */
	volatile uint32_t rq_count;
	volatile uint32_t rq_mask;	/* bit p: rq[p] is not empty */
	volatile bool idling, resched;
	volatile bool started;
	struct thread *switched_from;	/* to finish after a switch */
	int64_t slice_end;
	int64_t spread_at;		/* when to offer what waits here to an idle CPU, T_FOREVER: never */
	int64_t tick_at;		/* when to look at what the thread here uses, T_FOREVER: idle */
	uint64_t fault_rip;		/* of the last fault of a program since the last tick */
	uint64_t queued_at;		/* time stamp counter when the queue was last empty */
	int64_t fair_since;		/* when a level that was not the best last had a turn */
	uint8_t fair_level;		/* and which */
	uint64_t last_switch;		/* time stamp counter */
	/* Deadlines, under timer_lock. */
	struct spinlock timer_lock;
	struct ktimer *timers;
	int64_t timer_next;		/* deadline of the first, T_FOREVER: none; read without the lock */
	int64_t timer_armed;		/* when the local timer fires, T_FOREVER: off */
	/* TLB shootdown: requester i sets bit i of flush_want, this CPU clears it when it has flushed. */
	volatile uint32_t flush_want;
	volatile uint32_t lazy;		/* 1: idle, no flush needed before it leaves; 2: must flush then */
	struct spinlock *held[8];	/* debug builds */
	uint32_t nheld;
	void *tss, *gdt;
	uint64_t *tss_rsp0;		/* where interrupts from user mode put their frame (packed: by 4) */
	uint64_t nswitch, nirq;
	int64_t nobj[16];		/* objects by kind, made less ended here */
	int64_t nchan;
	uint32_t nframes_kept;		/* free frames kept here: frame.c */
	uint32_t frames_kept[64];
};

extern struct cpu cpus[MAX_CPUS];
extern uint32_t ncpu;

static inline struct cpu *this_cpu(void)
{
	struct cpu *c;
	__asm__ volatile("movq %%gs:0,%0" : "=r"(c));
	return c;
}
static inline struct thread *current(void)
{
	struct thread *t;
	__asm__ volatile("movq %%gs:8,%0" : "=r"(t));
	return t;
}
static inline void cpu_pause(void) { __asm__ volatile("pause" ::: "memory"); }
static inline uint64_t rdtsc(void)
{
	uint32_t lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

/* FPU/SSE/AVX state, XSAVE format where the CPU has it, else FXSAVE. */
uint64_t fpu_components(void);		/* bits of XCR0 that are on */
size_t fpu_size(void);			/* bytes of a thread's area (multiple of 64) */
void fpu_save(void *area);		/* registers -> 64-byte aligned area */
void fpu_restore(const void *area);
void fpu_init_area(void *area);
/* Checks and cleans an image that came from user memory so that restoring it cannot fault. -EINVAL */
int fpu_sanitize(void *area, size_t n);

void cpu_set_fs(uint64_t base);		/* this CPU's fs base, now */

/* Copies between the kernel and the caller's own memory: 0 or -EFAULT. No spinlock may be held. */
int copyin(void *dst, uint64_t src, size_t n);
int copyout(uint64_t dst, const void *src, size_t n);
int64_t copyin_str(char *dst, uint64_t src, size_t n);	/* length without the NUL, -ENAMETOOLONG */
int user_load32(uint64_t addr, uint32_t *v);		/* one aligned access; atomic */
int user_store32(uint64_t addr, uint32_t v);
int user_cas32(uint64_t addr, uint32_t was, uint32_t v);	/* 1: it held something else */
/* The same but a fault is not resolved: -EFAULT at once. May be used under spinlocks. */
int copyin_nofault(void *dst, uint64_t src, size_t n);
int copyout_nofault(uint64_t dst, const void *src, size_t n);
int user_load32_nofault(uint64_t addr, uint32_t *v);
int user_store32_nofault(uint64_t addr, uint32_t v);

void page_zero(void *p);
void page_copy(void *d, const void *s);

/*
 * Interrupt lines. fn runs with interrupts off on some CPU, as a ktimer's. A level line is masked
 * before fn is called and stays so until irq_unmask. Results: 0 or -errno.
 */
int irq_attach_gsi(uint32_t gsi, void (*fn)(void *), void *arg);	/* -EBUSY when taken */
void irq_detach_gsi(uint32_t gsi);
void irq_unmask_gsi(uint32_t gsi);
int irq_attach_msi(void (*fn)(void *), void *arg, uint64_t *addr, uint32_t *data); /* >= 0: its number */
void irq_detach_msi(int n);
uint32_t irq_gsi_count(void);

uint32_t io_in(int width, uint16_t port);		/* width 1, 2, 4 */
void io_out(int width, uint16_t port, uint32_t v);

_Noreturn void power_off(void);
_Noreturn void power_reboot(void);

#endif
