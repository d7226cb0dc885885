/* SPDX-License-Identifier: MIT */
/* PCI functions: finding, mapping, capabilities, MSI-X; see pci.h. */
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

	return (v & 0xffff) == vendor && (!id1 || v >> 16 == id1 || v >> 16 == id2);
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

volatile uint8_t *pci_map(struct pci_dev *p, unsigned i, uint64_t off, uint64_t len, uint32_t flags)
{
	uint32_t lo = i < 6 ? pci_r32(p, 0x10 + 4 * i) : 0;
	uint64_t base = lo & ~15u, page;
	uint8_t *at;

	if ((lo & 1) || !lo)
		return NULL;
	if ((lo & 7) == 4)
		base |= (uint64_t)pci_r32(p, 0x14 + 4 * i) << 32;
	page = (base + off) & (ABI_PAGE - 1);
	len = (len + page + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	at = map_phys(p->dev, base + off - page, len, flags);
	return at ? at + page : NULL;
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
	uint16_t old = pci_r16(p, CMD), want = old | CMD_MEM | CMD_MASTER | CMD_NO_INTX;

	if (want != old)
		pci_w16(p, CMD, want);
}

int64_t pci_msix(struct pci_dev *p, unsigned i)
{
	unsigned cap = pci_cap(p, CAP_MSIX, 0);
	volatile uint32_t *entry;
	struct dev_msi msi;
	uint32_t table;
	uint16_t ctl;
	int64_t irq;

	if (!cap)
		return -ENODEV;
	ctl = pci_r16(p, cap + 2);
	if (i > (ctl & 0x7ffu))
		return -EINVAL;
	table = pci_r32(p, cap + 4);
	if (!p->msix)
		p->msix = pci_map(p, table & 7, table & ~7u, 16 * ((ctl & 0x7ffu) + 1), DEV_UNCACHED);
	if (!p->msix)
		return -ENOMEM;
	irq = sys_dev_irq(p->dev, DEV_MSI, &msi);
	if (irq < 0)
		return irq;
	entry = (volatile uint32_t *)(p->msix + 16 * i);
	entry[0] = (uint32_t)msi.addr;
	entry[1] = (uint32_t)(msi.addr >> 32);
	entry[2] = msi.data;
	entry[3] = 0;
	pci_w16(p, cap + 2, (uint16_t)((ctl | MSIX_ENABLE) & ~0x4000));
	return irq;
}
