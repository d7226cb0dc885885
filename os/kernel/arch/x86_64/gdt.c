/* SPDX-License-Identifier: MIT */
/* Segments, task state, interrupt descriptors and the system call registers of a CPU. */
#include "arch/x86_64/asm.h"
#include "core/lib.h"
#include "core/log.h"

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3], reserved1, ist[7], reserved2;
	uint16_t reserved3, iomap;
} __attribute__((packed));

struct gate { uint16_t off0, sel; uint8_t ist, type; uint16_t off1; uint32_t off2, zero; };
struct table_ptr { uint16_t limit; uint64_t base; } __attribute__((packed));

#define GDT_TSS	7
#define IST_SIZE 4096

static struct gate idt[256] __attribute__((aligned(16)));
static uint64_t gdts[MAX_CPUS][GDT_TSS + 2];
static struct tss tsss[MAX_CPUS];
static uint8_t ist_stacks[MAX_CPUS][3][IST_SIZE] __attribute__((aligned(16)));

extern const char trap_stubs[], syscall_entry[];

static uint8_t ist_of(int vector)
{
	switch (vector) {
	case 8: return 1;
	case 2: return 2;
	case 1: case 18: return 3;
	default: return 0;
	}
}

static void idt_fill(void)
{
	for (int i = 0; i < 256; i++) {
		uint64_t a = (uint64_t)trap_stubs + 16 * (uint64_t)i;

		idt[i] = (struct gate){ .off0 = (uint16_t)a, .off1 = (uint16_t)(a >> 16),
			.off2 = (uint32_t)(a >> 32), .sel = KERNEL_CS, .ist = ist_of(i),
			.type = i == 3 ? 0xee : 0x8e };
	}
}

static void gdt_fill(uint64_t *g, struct tss *t)
{
	uint64_t base = (uint64_t)t;

	g[0] = 0;
	g[1] = 0x00af9b000000ffff;	/* 08 kernel code */
	g[2] = 0x00cf93000000ffff;	/* 10 kernel data */
	g[3] = g[4] = 0;
	g[5] = 0x00cff3000000ffff;	/* 28 user data */
	g[6] = 0x00affb000000ffff;	/* 30 user code */
	g[GDT_TSS] = (sizeof(*t) - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
	g[GDT_TSS + 1] = base >> 32;
}

/* The canary begins to count here: this function and those that call it never return to an older one. */
__attribute__((no_stack_protector))
void gdt_init(struct cpu *c)
{
	struct tss *t = &tsss[c->id];
	uint64_t *g = gdts[c->id];
	struct table_ptr gp = { sizeof(gdts[0]) - 1, (uint64_t)g };
	struct table_ptr ip = { sizeof(idt) - 1, (uint64_t)idt };

	if (idt[0].type == 0)
		idt_fill();
	gdt_fill(g, t);
	t->iomap = sizeof(*t);
	for (int i = 0; i < 3; i++)
		t->ist[i] = (uint64_t)ist_stacks[c->id][i] + IST_SIZE;
	c->tss = t;
	c->tss_rsp0 = (void *)((uint8_t *)t + 4);
	c->gdt = g;
	__asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(gp), "m"(ip), "r"(GDT_TSS * 8));
	__asm__ volatile("pushq %0; leaq 1f(%%rip),%%rax; pushq %%rax; lretq; 1:"
			 : : "i"(KERNEL_CS) : "rax", "memory");
	__asm__ volatile("movw %w0,%%ds; movw %w0,%%es; movw %w0,%%ss; movw %w1,%%fs; movw %w1,%%gs"
			 : : "r"(KERNEL_SS), "r"(0));
	c->self = c;
	c->canary = stack_canary;
	wrmsr(MSR_GS_BASE, (uint64_t)c);
	wrmsr(MSR_KERNEL_GS, 0);
	wrmsr(MSR_FS_BASE, 0);
	wrmsr(MSR_STAR, (uint64_t)0x23 << 48 | (uint64_t)KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_SFMASK, 0x47700);	/* TF IF DF IOPL NT AC */
}

void gdt_set_stack(struct cpu *c, uint64_t top)
{
	((struct tss *)c->tss)->rsp[0] = top;
	c->kstack_top = top;
}
