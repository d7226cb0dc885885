/* SPDX-License-Identifier: MIT */
/* PCI functions: finding, BARs, capabilities, MSI-X; see pci.h. */
#include <errno.h>
#include <string.h>
#include "pci.h"

#define CMD		4
#define CMD_MEM		2
#define CMD_MASTER	4
#define CMD_NO_INTX	0x400
#define STATUS		6
#define STATUS_CAPS	0x10
#define CAP_MSIX	0x11
#define MSIX_ENABLE	0x8000

static void *map_phys(handle_t dev, uint64_t phys, uint64_t n, uint32_t flags)
{
	struct vm_map map = { .vm = H_NONE, .len = n, .prot = 1 | 2, .flags = 1 };
	int64_t mem = sys_dev_mem(dev, phys, n, flags), at;

	if (mem < 0)
		return NULL;
	map.mem = (handle_t)mem;
	at = sys_vm_map(&map);
	sys_handle_close((handle_t)mem);
	return at < 0 ? NULL : (void *)at;
}

static int matches(volatile uint8_t *cfg, uint16_t vendor, uint16_t id1, uint16_t id2)
{
	uint32_t v = *(volatile uint32_t *)cfg;

	return (v & 0xffff) == vendor && (v >> 16 == id1 || v >> 16 == id2);
}

/* Looks at one bus through a mapping of its megabyte. */
static int find_on_bus(volatile uint8_t *base, uint16_t vendor, uint16_t id1, uint16_t id2,
		       unsigned *n, struct pci_dev *out)
{
	for (unsigned df = 0; df < 256; df++) {
		if (!matches(base + df * 4096, vendor, id1, id2) || (*n)--)
			continue;
		out->slot = (uint8_t)(df >> 3);
		out->fn = df & 7;
		return 1;
	}
	return 0;
}

int pci_find(handle_t dev, uint16_t vendor, uint16_t id1, uint16_t id2, unsigned n,
	     struct pci_dev *out)
{
	struct dev_ecam e;
	int64_t err = sys_dev_info(dev, DEV_ECAM, &e, sizeof(e));
	unsigned bus, last;

	if (err < 0)
		return (int)err;
	/* Buses behind bridges have numbers from 1 on; a machine of ours has few. */
	last = e.last_bus > 3 ? 3 : e.last_bus;
	memset(out, 0, sizeof(*out));
	out->dev = dev;
	for (bus = e.first_bus; bus <= last; bus++) {
		uint64_t phys = e.base + ((uint64_t)(bus - e.first_bus) << 20);
		volatile uint8_t *base = map_phys(dev, phys, 1 << 20, DEV_UNCACHED);
		int found;

		if (!base)
			return -EACCES;
		found = find_on_bus(base, vendor, id1, id2, &n, out);
		out->bus = (uint8_t)bus;
		sys_vm_unmap(H_NONE, (uint64_t)base, 1 << 20);
		if (!found)
			continue;
		phys += (uint64_t)(out->slot << 3 | out->fn) << 12;
		out->cfg = map_phys(dev, phys, 4096, DEV_UNCACHED);
		return out->cfg ? 0 : -ENOMEM;
	}
	return -ENODEV;
}

uint64_t pci_bar_base(struct pci_dev *p, unsigned i, uint64_t *size)
{
	unsigned o = 0x10 + 4 * i;
	uint32_t lo = pci_r32(p, o), hi = 0, mask_lo, mask_hi = 0xffffffff;
	uint16_t cmd = pci_r16(p, CMD);
	int wide = (lo & 7) == 4;

	if (lo & 1)
		return 0;
	pci_w16(p, CMD, cmd & ~(CMD_MEM | 1));
	pci_w32(p, o, 0xffffffff);
	mask_lo = pci_r32(p, o);
	pci_w32(p, o, lo);
	if (wide) {
		hi = pci_r32(p, o + 4);
		pci_w32(p, o + 4, 0xffffffff);
		mask_hi = pci_r32(p, o + 4);
		pci_w32(p, o + 4, hi);
	}
	pci_w16(p, CMD, cmd);
	*size = ~((uint64_t)mask_hi << 32 | (mask_lo & ~15u)) + 1;
	return (uint64_t)hi << 32 | (lo & ~15u);
}

volatile uint8_t *pci_bar(struct pci_dev *p, unsigned i, uint32_t flags)
{
	uint64_t base, size;

	if (i >= 6)
		return NULL;
	if (p->bar[i])
		return p->bar[i];
	base = pci_bar_base(p, i, &size);
	if (!base || !size)
		return NULL;
	size = (size + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	p->bar[i] = map_phys(p->dev, base & ~(uint64_t)(ABI_PAGE - 1), size, flags);
	if (p->bar[i])
		p->bar[i] += base & (ABI_PAGE - 1);
	return p->bar[i];
}

unsigned pci_cap(struct pci_dev *p, uint8_t kind, unsigned from)
{
	unsigned o;

	if (!(pci_r16(p, STATUS) & STATUS_CAPS))
		return 0;
	o = from ? pci_r8(p, from + 1) : pci_r8(p, 0x34);
	for (int limit = 48; o >= 0x40 && limit--; o = pci_r8(p, o + 1))
		if (pci_r8(p, o) == kind)
			return o;
	return 0;
}

void pci_enable(struct pci_dev *p)
{
	pci_w16(p, CMD, pci_r16(p, CMD) | CMD_MEM | CMD_MASTER | CMD_NO_INTX);
}

int64_t pci_msix(struct pci_dev *p, unsigned i)
{
	unsigned cap = pci_cap(p, CAP_MSIX, 0);
	volatile uint32_t *entry;
	volatile uint8_t *bar;
	struct dev_msi msi;
	uint16_t ctl;
	int64_t irq;

	if (!cap)
		return -ENODEV;
	ctl = pci_r16(p, cap + 2);
	if (i > (ctl & 0x7ffu))
		return -EINVAL;
	bar = pci_bar(p, pci_r32(p, cap + 4) & 7, DEV_UNCACHED);
	if (!bar)
		return -ENOMEM;
	irq = sys_dev_irq(p->dev, DEV_MSI, &msi);
	if (irq < 0)
		return irq;
	entry = (volatile uint32_t *)(bar + (pci_r32(p, cap + 4) & ~7u) + 16 * i);
	entry[0] = (uint32_t)msi.addr;
	entry[1] = (uint32_t)(msi.addr >> 32);
	entry[2] = msi.data;
	entry[3] = 0;
	pci_w16(p, cap + 2, (uint16_t)((ctl | MSIX_ENABLE) & ~0x4000));
	return irq;
}
