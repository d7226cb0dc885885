/* SPDX-License-Identifier: MIT */
/* PCI by memory mapped configuration space (ECAM). */
#ifndef LIB_PCI_H
#define LIB_PCI_H

#include "sys.h"

struct pci_dev {
	handle_t dev;			/* our dev handle */
	volatile uint8_t *cfg;		/* 4096 bytes of configuration space */
	uint8_t bus, slot, fn;
	volatile uint8_t *msix;		/* mapped table, by pci_msix */
};

/* Finds the n-th function with this vendor and one of two device ids. 0 or -ENODEV. */
int pci_find(handle_t dev, uint16_t vendor, uint16_t id1, uint16_t id2, unsigned n,
	     struct pci_dev *out);
#define PCI_ANY	0		/* id1: any device of the vendor */

/*
 * Maps len bytes from off of memory BAR i, uncached or write combining; NULL when there is no such
 * BAR. BARs are where the firmware put them: neither moved nor sized, for changes of the memory
 * map while other processors access devices upset QEMU 7 (see drv/pci).
 */
volatile uint8_t *pci_map(struct pci_dev *p, unsigned i, uint64_t off, uint64_t len, uint32_t flags);

/* Offset of the next capability of this kind after `from` (0: the first), 0 when none. */
unsigned pci_cap(struct pci_dev *p, uint8_t kind, unsigned from);

/* Memory decoding and bus mastering on; nothing is written when they are. */
void pci_enable(struct pci_dev *p);

/* Points MSI-X vector i at a new irq object. The irq's handle or -errno. */
int64_t pci_msix(struct pci_dev *p, unsigned i);

static inline uint8_t pci_r8(struct pci_dev *p, unsigned o)
{
	return p->cfg[o];
}

static inline uint16_t pci_r16(struct pci_dev *p, unsigned o)
{
	return *(volatile uint16_t *)(p->cfg + o);
}

static inline uint32_t pci_r32(struct pci_dev *p, unsigned o)
{
	return *(volatile uint32_t *)(p->cfg + o);
}

static inline void pci_w16(struct pci_dev *p, unsigned o, uint16_t v)
{
	*(volatile uint16_t *)(p->cfg + o) = v;
}

static inline void pci_w32(struct pci_dev *p, unsigned o, uint32_t v)
{
	*(volatile uint32_t *)(p->cfg + o) = v;
}

#endif
