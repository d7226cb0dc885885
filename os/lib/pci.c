/* SPDX-License-Identifier: MIT */
/* PCI functions: finding, mapping, capabilities, MSI-X; see pci.h. */
#include <errno.h>
#include <stdio.h>
#include "pci.h"
#include "srv.h"

#define CMD		4
#define CMD_MEM		2
#define CMD_MASTER	4
#define CMD_NO_INTX	0x400
#define STATUS		6
#define STATUS_CAPS	0x10
#define HEADER		0x0e
#define CAP_MSI		5
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

int pci_open(handle_t dev, const char *addr, struct pci_dev *out)
{
	unsigned bus, slot, fn;
	struct dev_ecam e;
	int64_t err = sys_dev_info(dev, DEV_ECAM, &e, sizeof(e));

	if (err < 0)
		return (int)err;
	if (sscanf(addr, "%x:%x.%u", &bus, &slot, &fn) != 3 || bus < e.first_bus ||
	    bus > e.last_bus || slot > 31 || fn > 7)
		return -EINVAL;
	*out = (struct pci_dev){ .dev = dev, .bus = (uint8_t)bus, .slot = (uint8_t)slot,
				 .fn = (uint8_t)fn };
	out->cfg = map_phys(dev, e.base + ((uint64_t)(bus - e.first_bus) << 20 | slot << 15 | fn << 12),
			    4096, DEV_UNCACHED);
	if (!out->cfg)
		return -EACCES;
	return pci_gone(out) ? -ENODEV : 0;
}

void pci_open_arg(int argc, char **argv, struct pci_dev *out)
{
	handle_t dev = srv_extra("dev");
	int err = argc > 1 && dev != H_NONE ? pci_open(dev, argv[1], out) : -EINVAL;

	if (err)
		srv_die("device %s: error %d", argc > 1 ? argv[1] : "(none given)", -err);
}

/* A bridge says which buses are behind it. */
static void note_bridge(struct pci_dev *p, unsigned *last)
{
	if ((p->cfg[HEADER] & 0x7f) == 1 && p->cfg[0x1a] > *last)
		*last = p->cfg[0x1a];
}

/* Looks at one bus through a mapping of its megabyte. */
static void each_on_bus(volatile uint8_t *base, struct pci_dev *p, unsigned *last,
			void (*fn)(void *arg, struct pci_dev *p), void *arg)
{
	for (unsigned df = 0; df < 256; df++) {
		p->cfg = base + df * 4096;
		p->slot = (uint8_t)(df >> 3);
		p->fn = df & 7;
		if (!pci_gone(p)) {
			note_bridge(p, last);
			fn(arg, p);
		}
		/* Other functions only where the first says that there are. */
		if (!(df & 7) && (pci_gone(p) || !(p->cfg[HEADER] & 0x80)))
			df |= 7;
	}
}

int pci_each(handle_t dev, void (*fn)(void *arg, struct pci_dev *p), void *arg)
{
	struct dev_ecam e;
	int64_t err = sys_dev_info(dev, DEV_ECAM, &e, sizeof(e));
	struct pci_dev p = { .dev = dev };
	unsigned last;

	if (err < 0)
		return (int)err;
	last = e.first_bus;
	for (unsigned bus = e.first_bus; bus <= last; bus++) {
		volatile uint8_t *base = map_phys(dev, e.base + ((uint64_t)(bus - e.first_bus) << 20),
						  1 << 20, DEV_UNCACHED);

		if (!base)
			return -EACCES;
		p.bus = (uint8_t)bus;
		each_on_bus(base, &p, &last, fn, arg);
		if (last > e.last_bus)
			last = e.last_bus;
		sys_vm_unmap(H_NONE, (uint64_t)base, 1 << 20);
	}
	return 0;
}

uint64_t pci_bar(struct pci_dev *p, unsigned i)
{
	uint32_t lo = i < 6 ? pci_r32(p, 0x10 + 4 * i) : 0;
	uint64_t base = lo & ~15u;

	if (lo & 1)
		return 0;
	if ((lo & 6) == 4 && i < 5)
		base |= (uint64_t)pci_r32(p, 0x14 + 4 * i) << 32;
	return base;
}

volatile uint8_t *pci_map(struct pci_dev *p, unsigned i, uint64_t off, uint64_t len, uint32_t flags)
{
	uint64_t base = pci_bar(p, i), page = (base + off) & (ABI_PAGE - 1);
	uint8_t *at;

	if (!base)
		return NULL;
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

/* Function with MSI alone: one message. */
static int64_t msi(struct pci_dev *p)
{
	unsigned cap = pci_cap(p, CAP_MSI, 0), at = cap + 8;
	struct dev_msi m;
	uint16_t ctl;
	int64_t irq;

	if (!cap)
		return -ENODEV;
	irq = sys_dev_irq(p->dev, DEV_MSI, &m);
	if (irq < 0)
		return irq;
	ctl = pci_r16(p, cap + 2);
	pci_w32(p, cap + 4, (uint32_t)m.addr);
	if (ctl & 0x80) {
		pci_w32(p, cap + 8, (uint32_t)(m.addr >> 32));
		at += 4;
	}
	pci_w16(p, at, (uint16_t)m.data);
	pci_w16(p, cap + 2, (uint16_t)((ctl & ~0x70) | 1));
	return irq;
}

int64_t pci_irq(struct pci_dev *p)
{
	return pci_cap(p, CAP_MSIX, 0) ? pci_msix(p, 0) : msi(p);
}

int pci_gone(struct pci_dev *p)
{
	return pci_r16(p, 0) == 0xffff;
}

void *pci_dma(handle_t dev, uint64_t n, uint64_t *phys, handle_t *mem)
{
	struct vm_map map = { .vm = H_NONE, .len = n, .prot = 1 | 2, .flags = 1 };
	int64_t h = sys_dev_dma(dev, n, 0, phys), at;

	if (h < 0)
		return NULL;
	map.mem = (handle_t)h;
	at = sys_vm_map(&map);
	if (mem && at > 0)
		*mem = (handle_t)h;
	else
		sys_handle_close((handle_t)h);
	return at < 0 ? NULL : (void *)at;
}

int pci_wait(volatile uint32_t *reg, uint32_t mask, uint32_t value, unsigned ms)
{
	int64_t end = srv_now() + ms * 1000000ll;

	for (;;) {
		uint32_t v = *reg;

		if (v == UINT32_MAX)
			return -ENODEV;
		if ((v & mask) == value)
			return 0;
		if (srv_now() > end)
			return -ETIMEDOUT;
		sys_sleep(srv_now() + 50000);
	}
}
