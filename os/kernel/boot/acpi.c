/* SPDX-License-Identifier: MIT */
/*
 * ACPI's static tables: MADT (CPUs, interrupt controllers), MCFG, FADT, HPET. Of the DSDT only the
 * \_S5 package is looked for, by its bytes. Every table is checked by length and sum first.
 */
#include "boot/acpi.h"
#include "defs.h"

struct rsdp {
	char sig[8];
	uint8_t sum;
	char oem[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
} __attribute__((packed));

struct header {
	char sig[4];
	uint32_t length;
	uint8_t revision, sum;
	char oem[6], oem_table[8];
	uint32_t oem_rev, creator, creator_rev;
} __attribute__((packed));

#define DIRECT_LIMIT	(4ul << 30)	/* mapped from the start */

struct acpi_info acpi;
struct dev_ecam acpi_ecam;

static bool sum_ok(const void *p, uint64_t n)
{
	const uint8_t *b = p;
	uint8_t s = 0;

	while (n-- != 0)
		s = (uint8_t)(s + *b++);
	return s == 0;
}

static const struct header *table_at(uint64_t pa)
{
	const struct header *h = phys_to_virt(pa);

	if (pa == 0 || pa > DIRECT_LIMIT - sizeof(*h))
		return NULL;
	if (h->length < sizeof(*h) || h->length > 1u << 20 || pa + h->length > DIRECT_LIMIT)
		return NULL;
	return sum_ok(h, h->length) ? h : NULL;
}

static uint32_t get32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static uint64_t get64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return v; }
static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

static void madt_cpu(uint32_t id, uint32_t flags)
{
	if ((flags & 1) && acpi.ncpus < ACPI_MAX_CPUS)
		acpi.cpus[acpi.ncpus++] = id;
}

static void madt_override(const uint8_t *e)
{
	struct acpi_override *o = &acpi.over[acpi.nover];
	uint16_t flags = get16(e + 8);

	if (acpi.nover == 16)
		return;
	acpi.nover++;
	*o = (struct acpi_override){ .irq = e[3], .gsi = get32(e + 4),
		.low = (flags & 3) == 3, .level = (flags >> 2 & 3) == 3 };
}

static void madt_entry(const uint8_t *e)
{
	switch (e[0]) {
	case 0:
		madt_cpu(e[3], get32(e + 4));
		break;
	case 9:
		if (get32(e + 4) < 255)
			madt_cpu(get32(e + 4), get32(e + 8));
		break;
	case 1:
		if (acpi.nioapic < ACPI_MAX_IOAPIC)
			acpi.ioapic[acpi.nioapic++] = (struct acpi_ioapic){ get32(e + 4), get32(e + 8) };
		break;
	case 2:
		madt_override(e);
		break;
	case 5:
		acpi.lapic = get64(e + 4);
		break;
	}
}

static void madt(const uint8_t *t, uint32_t n)
{
	static const uint8_t size[] = { [0] = 8, [1] = 12, [2] = 10, [5] = 12, [9] = 16 };

	acpi.lapic = get32(t + 36);
	for (uint32_t i = 44; i + 2 <= n; i += t[i + 1]) {
		if (t[i + 1] < 2 || i + t[i + 1] > n)
			return;
		if (t[i] < sizeof(size) && size[t[i]] != 0 && t[i + 1] >= size[t[i]])
			madt_entry(t + i);
	}
}

/* \_S5: Name(_S5_, Package { a, b, ... }): 08 5f 53 35 5f 12 len n (0a x | x) ... */
static void find_s5(const struct header *dsdt)
{
	const uint8_t *p = (const uint8_t *)dsdt, *end = p + dsdt->length - 16;
	uint8_t v[2];

	for (p += sizeof(*dsdt); p < end; p++)
		if (memcmp(p, "_S5_\x12", 5) == 0)
			break;
	if (p >= end)
		return;
	p += 5;
	p += 1 + (*p >> 6) + 1;		/* package length, number of elements */
	for (int i = 0; i < 2; i++) {
		if (*p == 0x0a)
			p++;
		v[i] = *p++;
	}
	acpi.s5a = v[0];
	acpi.s5b = v[1];
	acpi.has_s5 = true;
}

static void fadt(const uint8_t *t, uint32_t n)
{
	const struct header *dsdt;

	if (n < 116)
		return;
	dsdt = table_at(get32(t + 40));
	if (dsdt == NULL && n >= 148)
		dsdt = table_at(get64(t + 140));
	if (dsdt != NULL)
		find_s5(dsdt);
	acpi.smi_cmd = get32(t + 48);
	acpi.acpi_enable = t[52];
	acpi.pm1a_cnt = get32(t + 64);
	acpi.pm1b_cnt = get32(t + 68);
	acpi.pm_timer = get32(t + 76);
	if (n >= 129 && (get32(t + 112) & 1u << 10)) {
		acpi.reset_space = t[116];
		acpi.reset_addr = get64(t + 120);
		acpi.reset_value = t[128];
	}
}

static void mcfg(const uint8_t *t, uint32_t n)
{
	if (n >= 60)
		acpi_ecam = (struct dev_ecam){ .base = get64(t + 44), .segment = get16(t + 52),
			.first_bus = t[54], .last_bus = t[55] };
}

static void table(const struct header *h)
{
	const uint8_t *t = (const uint8_t *)h;

	if (memcmp(h->sig, "APIC", 4) == 0 && h->length >= 44)
		madt(t, h->length);
	else if (memcmp(h->sig, "FACP", 4) == 0)
		fadt(t, h->length);
	else if (memcmp(h->sig, "MCFG", 4) == 0)
		mcfg(t, h->length);
	else if (memcmp(h->sig, "HPET", 4) == 0 && h->length >= 56 && t[40] == 0)
		acpi.hpet = get64(t + 44);
}

static uint64_t scan_rsdp(uint64_t from, uint64_t to)
{
	for (uint64_t a = from; a + sizeof(struct rsdp) <= to; a += 16)
		if (memcmp(phys_to_virt(a), "RSD PTR ", 8) == 0 && sum_ok(phys_to_virt(a), 20))
			return a;
	return 0;
}

uint64_t acpi_rsdp(void)
{
	return boot_info.rsdp;
}

void acpi_init(void)
{
	const struct rsdp *r;
	const struct header *root = NULL;
	unsigned width = 4;

	if (boot_info.rsdp == 0)
		boot_info.rsdp = scan_rsdp(0xe0000, 0x100000);
	if (boot_info.rsdp == 0 || boot_info.rsdp >= DIRECT_LIMIT)
		return;
	r = phys_to_virt(boot_info.rsdp);
	if (r->revision >= 2 && (root = table_at(r->xsdt)) != NULL)
		width = 8;
	else
		root = table_at(r->rsdt);
	if (root == NULL)
		return;
	acpi.found = true;
	for (uint32_t off = sizeof(*root); off + width <= root->length; off += width) {
		const uint8_t *e = (const uint8_t *)root + off;
		const struct header *h = table_at(width == 8 ? get64(e) : get32(e));

		if (h != NULL)
			table(h);
	}
}
