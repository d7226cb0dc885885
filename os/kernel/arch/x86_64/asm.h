/* SPDX-License-Identifier: MIT */
/* asm.h: single instructions, model specific registers, and functions private to arch/x86_64. */
#ifndef KERNEL_ASM_H
#define KERNEL_ASM_H

#include "arch/x86_64/cpu.h"

#define MSR_APIC_BASE	0x1b
#define MSR_PAT		0x277
#define MSR_EFER	0xc0000080
#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082
#define MSR_SFMASK	0xc0000084
#define MSR_FS_BASE	0xc0000100
#define MSR_GS_BASE	0xc0000101
#define MSR_KERNEL_GS	0xc0000102

#define CR4_PGE		(1u << 7)
#define CR4_UMIP	(1u << 11)
#define CR4_OSXSAVE	(1u << 18)
#define CR4_SMEP	(1u << 20)
#define CR4_SMAP	(1u << 21)

#define RFLAGS_IF	0x200ul

/* Vectors of the kernel's own interrupts; device interrupts get VEC_DEV and up. */
#define VEC_DEV		0x30
#define VEC_DEV_END	0xe0
#define VEC_TIMER	0xf0
#define VEC_FLUSH	0xf1
#define VEC_RESCHED	0xf2
#define VEC_STOP	0xf3
#define VEC_SPURIOUS	0xff

static inline uint64_t rdmsr(uint32_t n)
{
	uint32_t lo, hi;
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(n));
	return (uint64_t)hi << 32 | lo;
}
static inline void wrmsr(uint32_t n, uint64_t v)
{
	__asm__ volatile("wrmsr" : : "c"(n), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "memory");
}
static inline void cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	__asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(sub));
}
static inline uint64_t read_cr2(void) { uint64_t v; __asm__ volatile("movq %%cr2,%0" : "=r"(v)); return v; }
static inline uint64_t read_cr3(void) { uint64_t v; __asm__ volatile("movq %%cr3,%0" : "=r"(v)); return v; }
static inline uint64_t read_cr4(void) { uint64_t v; __asm__ volatile("movq %%cr4,%0" : "=r"(v)); return v; }
static inline void write_cr3(uint64_t v) { __asm__ volatile("movq %0,%%cr3" : : "r"(v) : "memory"); }
static inline void write_cr4(uint64_t v) { __asm__ volatile("movq %0,%%cr4" : : "r"(v) : "memory"); }
static inline void invlpg(uint64_t va) { __asm__ volatile("invlpg (%0)" : : "r"(va) : "memory"); }
static inline void irq_on(void) { __asm__ volatile("sti" ::: "memory"); }
static inline void irq_off(void) { __asm__ volatile("cli" ::: "memory"); }
/* Interrupts open for exactly one wait: sti takes effect after hlt has begun. */
static inline void irq_wait(void) { __asm__ volatile("sti; hlt; cli" ::: "memory"); }
static inline uint8_t inb(uint16_t p) { uint8_t v; __asm__ volatile("inb %1,%0" : "=a"(v) : "Nd"(p)); return v; }
static inline void outb(uint16_t p, uint8_t v) { __asm__ volatile("outb %0,%1" : : "a"(v), "Nd"(p)); }

extern uint8_t cpu_avx, cpu_xsave;

/* gdt.c */
void gdt_init(struct cpu *c);		/* GDT, TSS, IDT, system call registers, gs; on that CPU */
void gdt_set_stack(struct cpu *c, uint64_t top);
/* fpu.c, features.c */
void cpu_features_early(void);		/* boot CPU: finds features, patches stac/clac; before text is read-only */
void cpu_features_enable(void);		/* each CPU: CR4, PAT, XCR0 */
/* apic.c */
void apic_init(void);			/* boot CPU: finds it */
void apic_enable(void);			/* each CPU */
void apic_eoi(void);
uint32_t apic_id(void);
void apic_ipi(uint32_t apic_id, uint8_t vector);
void apic_ipi_all(uint8_t vector);	/* all but this CPU, NMI */
void apic_start(uint32_t apic_id, uint8_t page, bool again);
void apic_timer(uint32_t ticks);	/* one shot; 0: off */
uint32_t apic_timer_left(void);
/* irq.c */
void irq_init(void);
void irq_dispatch(uint8_t vector);
/* time.c */
void tsc_init(void);
struct tframe;
void timer_interrupt(struct tframe *tf);
void timer_cpu_init(struct cpu *c);
void timer_rearm(struct cpu *c);	/* c is this CPU: the local timer fires for deadlines and slices */
/* clock.c */
void clock_start(void);			/* wall clock, and the timer that keeps the time page fresh */
void clock_arm(struct cpu *c, int64_t deadline);	/* this CPU's local timer */
/* trap.c, called by entry.S */
void trap_handle(struct tframe *tf);
void trap_user_exit(struct tframe *tf);
/* FPU state; fpu_save and fpu_restore are these. */
static inline void fpu_save_fast(void *area)
{
	if (cpu_xsave)
		__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}
static inline void fpu_restore_fast(const void *area)
{
	if (cpu_xsave)
		__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}
/* smp.c */
void smp_start(void);
void cpu_idle_enter(struct cpu *c);	/* around waiting in the idle loop: TLB flushes are put off */
void cpu_idle_leave(struct cpu *c);
void cpu_flush_poll(void);		/* answers a pending TLB shootdown of this CPU */
void cpu_resched(struct cpu *c);	/* makes c look at its run queue */
/* pagetable.c */
void kernel_pagetable_init(void);

extern struct cpu_feature {
	bool xsave, xsaveopt, smep, smap, umip, rdrand, rdseed, invariant_tsc, pcid;
	uint64_t xcr0;
	uint32_t fpu_size;
} cpu_feature;

#endif
