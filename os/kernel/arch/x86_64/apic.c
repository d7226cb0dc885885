/* SPDX-License-Identifier: MIT */
/* The local APIC, by its memory page (xAPIC) only: the emulator lacks x2APIC. */
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "defs.h"

enum {
	R_ID = 0x20, R_TPR = 0x80, R_EOI = 0xb0, R_SVR = 0xf0, R_ICR_LO = 0x300, R_ICR_HI = 0x310,
	R_TIMER = 0x320, R_LINT0 = 0x350, R_LINT1 = 0x360, R_ERROR = 0x370, R_COUNT = 0x380,
	R_LEFT = 0x390, R_DIVIDE = 0x3e0,
};

#define ICR_PENDING	(1u << 12)
#define ICR_ASSERT	(1u << 14)
#define MASKED		(1u << 16)

static volatile uint32_t *apic;

static uint32_t rd(unsigned r) { return apic[r / 4]; }
static void wr(unsigned r, uint32_t v) { apic[r / 4] = v; }

void apic_init(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	if (base & 1u << 10)
		panic("the firmware left the APIC in x2APIC mode");
	apic = phys_to_virt(acpi.lapic != 0 ? acpi.lapic : base & 0xffffff000);
}

void apic_enable(void)
{
	wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | 1u << 11);
	wr(R_TPR, 0);
	wr(R_LINT0, MASKED);
	wr(R_LINT1, 0x400);		/* NMI */
	wr(R_ERROR, MASKED);
	wr(R_DIVIDE, 3);		/* by 16 */
	wr(R_TIMER, VEC_TIMER);
	wr(R_SVR, 0x100 | VEC_SPURIOUS);
}

void apic_eoi(void)
{
	wr(R_EOI, 0);
}

uint32_t apic_id(void)
{
	return rd(R_ID) >> 24;
}

static void icr(uint32_t dest, uint32_t lo)
{
	while (rd(R_ICR_LO) & ICR_PENDING)
		cpu_pause();
	wr(R_ICR_HI, dest << 24);
	wr(R_ICR_LO, lo);
}

void apic_ipi(uint32_t id, uint8_t vector)
{
	icr(id, ICR_ASSERT | vector);
}

void apic_ipi_all(uint8_t vector)
{
	icr(0, 3u << 18 | ICR_ASSERT | vector);
}

void apic_start(uint32_t id, uint8_t page, bool again)
{
	if (!again)
		icr(id, ICR_ASSERT | 0x500);
	else
		icr(id, ICR_ASSERT | 0x600 | page);
}

void apic_timer(uint32_t ticks)
{
	wr(R_COUNT, ticks);
}

uint32_t apic_timer_left(void)
{
	return rd(R_LEFT);
}
