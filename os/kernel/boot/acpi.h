/* SPDX-License-Identifier: MIT */
/* acpi.h: what the static ACPI tables say. */
#ifndef KERNEL_ACPI_H
#define KERNEL_ACPI_H

#include <stdbool.h>
#include <stdint.h>

#define ACPI_MAX_CPUS	64
#define ACPI_MAX_IOAPIC	8

struct acpi_ioapic { uint64_t base; uint32_t gsi; };
struct acpi_override { uint32_t gsi; bool level, low; uint8_t irq; };

extern struct acpi_info {
	bool found;
	uint32_t cpus[ACPI_MAX_CPUS];		/* local APIC numbers */
	uint32_t ncpus;
	uint64_t lapic;
	struct acpi_ioapic ioapic[ACPI_MAX_IOAPIC];
	uint32_t nioapic;
	struct acpi_override over[16];
	uint32_t nover;
	uint64_t hpet;				/* physical, 0: none */
	uint32_t pm1a_cnt, pm1b_cnt;		/* ports, 0: none */
	uint32_t pm_timer;
	uint8_t s5a, s5b;			/* SLP_TYP of \_S5 */
	bool has_s5;
	uint32_t smi_cmd;
	uint8_t acpi_enable;
	uint8_t reset_space, reset_value;	/* FADT reset register; space 1: I/O port */
	uint64_t reset_addr;
} acpi;

void acpi_init(void);

#endif
