/* SPDX-License-Identifier: MIT */
/* PCI by memory mapped configuration space (ECAM). */
#ifndef LIB_PCI_H
#define LIB_PCI_H

#include "sys.h"

#define PCI_CLASS	8	/* class << 24 | subclass << 16 | interface << 8 | revision */

struct pci_dev {
	handle_t dev;			/* our dev handle */
	volatile uint8_t *cfg;		/* 4096 bytes of configuration space */
	uint8_t bus, slot, fn;
	volatile uint8_t *msix;		/* mapped table, by pci_msix */
};


/* The function at an address "BB:DD.F" that the matcher (drv/pci) gave. 0, -EINVAL, -ENODEV. */
int pci_open(handle_t dev, const char *addr, struct pci_dev *out);

/* What a driver's main begins with: opens the function that argv[1] names, or ends the program. */
void pci_open_arg(int argc, char **argv, struct pci_dev *out);

/* Calls fn for every function there is, with its configuration space mapped; p is gone afterwards. */
int pci_each(handle_t dev, void (*fn)(void *arg, struct pci_dev *p), void *arg);

/* Physical address of memory BAR i, 0 when there is no such BAR. */
uint64_t pci_bar(struct pci_dev *p, unsigned i);

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

/* One interrupt for all: MSI-X vector 0, or the message of a function that has MSI alone. */
int64_t pci_irq(struct pci_dev *p);

/* The function does not answer any more: it was pulled out. */
int pci_gone(struct pci_dev *p);

/*
 * Contiguous zeroed memory for DMA: its address here, *phys there; mem (if not NULL) keeps the
 * handle. n is at most 4 MiB. NULL when there is none.
 */
void *pci_dma(handle_t dev, uint64_t n, uint64_t *phys, handle_t *mem);

/* Waits until (*reg & mask) == value, at most ms milliseconds. 0, -ETIMEDOUT, -ENODEV (reads ~0). */
int pci_wait(volatile uint32_t *reg, uint32_t mask, uint32_t value, unsigned ms);

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
