/* SPDX-License-Identifier: MIT */
/* The other CPUs: started one after the other from the MADT's list; reschedule interrupts. */
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "defs.h"

#define AP_PAGE		8	/* physical page of the start code: 0x8000 */
#define START_WAIT	10000000000	/* ns till a CPU is given up */

struct cpu cpus[MAX_CPUS] __attribute__((aligned(64)));
uint32_t ncpu = 1;

extern const char ap_code[], ap_code_end[];
extern uint64_t ap_stack;
extern struct cpu *ap_cpu;
extern uint64_t boot_pml4[];

void cpu_ap_main(struct cpu *c);
__attribute__((no_stack_protector))
void cpu_ap_main(struct cpu *c)
{
	cpu_features_enable();
	gdt_init(c);
	apic_enable();
	timer_cpu_init(c);
	sched_start();
}

static void wait_ns(int64_t ns, volatile bool *until)
{
	int64_t end = time_now() + ns;

	while (time_now() < end && !(until != NULL && *until))
		cpu_pause();
}

static bool start_one(struct cpu *c)
{
	c->idle = kthread_create("idle", NULL, NULL);
	if (c->idle == NULL)
		return false;
	ap_stack = (uint64_t)c->idle->kstack + KSTACK_SIZE - 64;
	ap_cpu = c;
	apic_start(c->apic_id, AP_PAGE, false);
	wait_ns(10000, NULL);
	apic_start(c->apic_id, AP_PAGE, true);
	/* A host that has other things to do may let this CPU run long before it runs that one. */
	wait_ns(START_WAIT / 1000, &c->started);
	for (int tries = 0; tries < 10 && !c->started; tries++) {
		apic_start(c->apic_id, AP_PAGE, true);
		wait_ns(START_WAIT / 10, &c->started);
	}
	return c->started;
}

void smp_start(void)
{
	uint32_t me = apic_id();

	memcpy(phys_to_virt(AP_PAGE * PAGE), ap_code, (size_t)(ap_code_end - ap_code));
	for (uint32_t i = 0; i < acpi.ncpus && ncpu < MAX_CPUS; i++) {
		struct cpu *c = &cpus[ncpu];

		if (acpi.cpus[i] == me)
			continue;
		c->id = ncpu;
		c->apic_id = acpi.cpus[i];
		sched_cpu_init(c);
		__atomic_store_n(&ncpu, ncpu + 1, __ATOMIC_SEQ_CST);
		if (!start_one(c)) {
			klog("CPU with APIC %u does not start", c->apic_id);
			apic_start(c->apic_id, AP_PAGE, false);		/* nor later */
			ncpu--;
			break;
		}
	}
	boot_pml4[0] = 0;		/* the identical mapping of the low GiB has done its work */
	write_cr3(read_cr3());
}

void cpu_resched(struct cpu *c)
{
	c->resched = true;
	if (c == this_cpu())
		return;
	apic_ipi(c->apic_id, VEC_RESCHED);
}
