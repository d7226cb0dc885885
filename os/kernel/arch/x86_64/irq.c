/* SPDX-License-Identifier: MIT */
/*
 * Device interrupts: I/O APIC lines and messages, each with a vector of its own. All go to the boot
 * CPU. The table is under its lock; a handler is called without it.
 */
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "defs.h"

#define NVEC		(VEC_DEV_END - VEC_DEV)
#define MAX_GSI		128
#define IO_MASKED	(1u << 16)
#define IO_LEVEL	(1u << 15)
#define IO_LOW		(1u << 13)

struct line {
	void (*fn)(void *);
	void *arg;
	int32_t gsi;		/* -1: message */
	bool used;
	volatile uint32_t running;	/* CPUs inside fn; changed atomically */
};

static struct spinlock lock = SPINLOCK_INIT("irq", RANK_IRQ);
static struct line lines[NVEC];
static uint32_t gsi_count[ACPI_MAX_IOAPIC];

static volatile uint32_t *ioapic(unsigned i) { return phys_to_virt(acpi.ioapic[i].base); }

static uint32_t io_read(unsigned i, uint32_t r)
{
	ioapic(i)[0] = r;
	return ioapic(i)[4];
}

static void io_write(unsigned i, uint32_t r, uint32_t v)
{
	ioapic(i)[0] = r;
	ioapic(i)[4] = v;
}

static int find(uint32_t gsi, uint32_t *pin)
{
	for (uint32_t i = 0; i < acpi.nioapic; i++)
		if (gsi >= acpi.ioapic[i].gsi && gsi - acpi.ioapic[i].gsi < gsi_count[i]) {
			*pin = gsi - acpi.ioapic[i].gsi;
			return (int)i;
		}
	return -1;
}

void irq_init(void)
{
	outb(0x21, 0xff);		/* the old controllers stay silent */
	outb(0xa1, 0xff);
	for (uint32_t i = 0; i < acpi.nioapic; i++) {
		gsi_count[i] = (io_read(i, 1) >> 16 & 0xff) + 1;
		for (uint32_t p = 0; p < gsi_count[i]; p++)
			io_write(i, 0x10 + 2 * p, IO_MASKED);
	}
}

uint32_t irq_gsi_count(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < acpi.nioapic; i++)
		if (acpi.ioapic[i].gsi + gsi_count[i] > n)
			n = acpi.ioapic[i].gsi + gsi_count[i];
	return n;
}

/* Trigger and polarity: ISA lines are edge/high unless overridden, others level/low. */
static uint32_t line_mode(uint32_t gsi)
{
	for (uint32_t i = 0; i < acpi.nover; i++)
		if (acpi.over[i].gsi == gsi)
			return (acpi.over[i].level ? IO_LEVEL : 0) | (acpi.over[i].low ? IO_LOW : 0);
	return gsi < 16 ? 0 : IO_LEVEL | IO_LOW;
}

static void set_mask(uint32_t gsi, bool masked)
{
	uint32_t pin = 0, v;
	int i = find(gsi, &pin);

	if (i < 0)
		return;
	v = io_read((unsigned)i, 0x10 + 2 * pin);
	io_write((unsigned)i, 0x10 + 2 * pin, masked ? v | IO_MASKED : v & ~IO_MASKED);
}

/* A free vector's index, claimed; -EBUSY. Lock held. */
static int claim(void (*fn)(void *), void *arg, int32_t gsi)
{
	for (int v = 0; v < NVEC; v++)
		if (!lines[v].used) {
			lines[v] = (struct line){ fn, arg, gsi, true, 0 };
			return v;
		}
	return -EBUSY;
}

static int find_gsi(uint32_t gsi)
{
	for (int v = 0; v < NVEC; v++)
		if (lines[v].used && lines[v].gsi == (int32_t)gsi)
			return v;
	return -1;
}

/* gsi below 16 names an ISA interrupt: the override says which line that is. */
static uint32_t isa_to_gsi(uint32_t irq)
{
	for (uint32_t i = 0; i < acpi.nover; i++)
		if (irq < 16 && acpi.over[i].irq == irq)
			return acpi.over[i].gsi;
	return irq;
}

int irq_attach_gsi(uint32_t irq, void (*fn)(void *), void *arg)
{
	uint32_t pin = 0, gsi = isa_to_gsi(irq);
	int i = find(gsi, &pin), v;

	if (i < 0)
		return -EINVAL;
	spin_lock(&lock);
	v = find_gsi(gsi) >= 0 ? -EBUSY : claim(fn, arg, (int32_t)gsi);
	if (v >= 0) {
		io_write((unsigned)i, 0x11 + 2 * pin, cpus[0].apic_id << 24);
		io_write((unsigned)i, 0x10 + 2 * pin, line_mode(gsi) | (uint32_t)(VEC_DEV + v));
	}
	spin_unlock(&lock);
	return v < 0 ? v : 0;
}

/* Afterwards fn runs nowhere: what arg points to may go. */
static void detach(int v)
{
	spin_lock(&lock);
	lines[v].fn = NULL;
	spin_unlock(&lock);
	while (lines[v].running) {
		cpu_flush_poll();
		cpu_pause();
	}
	spin_lock(&lock);
	lines[v].used = false;
	spin_unlock(&lock);
}

void irq_detach_gsi(uint32_t irq)
{
	uint32_t gsi = isa_to_gsi(irq);
	int v;

	spin_lock(&lock);
	set_mask(gsi, true);
	v = find_gsi(gsi);
	spin_unlock(&lock);
	if (v >= 0)
		detach(v);
}

void irq_unmask_gsi(uint32_t irq)
{
	spin_lock(&lock);
	set_mask(isa_to_gsi(irq), false);
	spin_unlock(&lock);
}

int irq_attach_msi(void (*fn)(void *), void *arg, uint64_t *addr, uint32_t *data)
{
	int v;

	spin_lock(&lock);
	v = claim(fn, arg, -1);
	spin_unlock(&lock);
	if (v < 0)
		return v;
	*addr = 0xfee00000 | cpus[0].apic_id << 12;
	*data = (uint32_t)(VEC_DEV + v);
	return v;
}

void irq_detach_msi(int n)
{
	detach(n);
}

void irq_dispatch(uint8_t vector)
{
	struct line l = { 0 }, *from = NULL;

	random_stir(rdtsc());
	spin_lock(&lock);
	if (vector >= VEC_DEV && vector < VEC_DEV_END) {
		from = &lines[vector - VEC_DEV];
		l = *from;
	}
	if (l.used && l.gsi >= 0 && (line_mode((uint32_t)l.gsi) & IO_LEVEL))
		set_mask((uint32_t)l.gsi, true);
	l.used = l.used && l.fn != NULL;
	if (l.used)
		__atomic_add_fetch(&from->running, 1, __ATOMIC_SEQ_CST);
	spin_unlock(&lock);
	apic_eoi();
	if (l.used) {
		l.fn(l.arg);
		__atomic_sub_fetch(&from->running, 1, __ATOMIC_SEQ_CST);
	}
}
