/* SPDX-License-Identifier: MIT */
/* The kernel's start, one line a step. */
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "boot/private.h"
#include "core/private.h"
#include "defs.h"
#include "mm/private.h"
#include "obj/obj.h"

static void banner(void)
{
	klog("Calx " KERNEL_VERSION ": %lu MiB, %u CPU%s, boot archive %lu KiB", frame_total() >> 8,
	     ncpu, ncpu == 1 ? "" : "s", boot_info.initrd_len >> 10);
}

static void __attribute__((noinline)) smash_stack(void)
{
	char buf[16];
	volatile char *p = buf;

	for (volatile int i = 0; i < 32; i++)
		p[i] = 'x';
}

/* "test-panic": a test wants to see what a fault of the kernel looks like, "test-panic=stack": an overflow. */
static void fault_if_asked(void)
{
	char buf[8];

	if (boot_option("test-panic", buf, sizeof(buf)) == NULL)
		return;
	if (strcmp(buf, "stack") == 0)
		smash_stack();
	*(volatile uint32_t *)STACK_AREA = 0;	/* a guard page */
}

void kernel_main(uint32_t how, uint64_t info);
__attribute__((no_stack_protector))
void kernel_main(uint32_t how, uint64_t info)
{
	char buf[8];

	gdt_init(&cpus[0]);
	boot_parse(how, info);
	log_set_quiet(boot_option("quiet", buf, sizeof(buf)) != NULL);
	cpu_features_early();
	cpu_features_enable();
	acpi_init();
	frame_init();
	kernel_pagetable_init();
	apic_init();
	apic_enable();
	cpus[0].apic_id = apic_id();
	irq_init();
	tsc_init();
	random_init();
	sched_init();
	clock_start();
	objects_init();
	smp_start();
	banner();
	fault_if_asked();
	mem_reclaim_start();
	first_process();
	sched_start();
}
