/* SPDX-License-Identifier: MIT */
/* Devices: what the kernel gives to drivers through a dev handle. init holds the one that allows everything. */
#ifndef ABI_DEV_H
#define ABI_DEV_H

#include "types.h"

/* SYS_dev_info. */
enum dev_what {
	DEV_CMDLINE = 1,	/* kernel command line, text */
	DEV_ECAM,		/* struct dev_ecam: PCI configuration space */
	DEV_RSDP,		/* uint64_t physical address of the ACPI root */
	DEV_FB,			/* struct dev_fb: linear frame buffer left by the boot loader, or -ENOENT */
	DEV_BOOTMEM,		/* the boot archive: handle (high) of a read-only mem; the call returns it, `buf` gets uint64_t size */
};

struct dev_ecam { uint64_t base; uint32_t segment; uint8_t first_bus, last_bus, pad[2]; };
struct dev_fb { uint64_t base; uint32_t width, height, pitch, bpp; };

/* Operations of SYS_dev_io on x86 I/O ports. */
#define DEV_IN8		0
#define DEV_IN16	1
#define DEV_IN32	2
#define DEV_OUT8	4
#define DEV_OUT16	5
#define DEV_OUT32	6
/*
 * (dev, DEV_OUTS8, port, buf, n) -> bytes: the bytes of buf one after the other to one port, DEV_OUTS_MAX at most. To
 * the data port of the serial line that the kernel's log uses, lines of the log do not come between them, and each
 * waits until the line takes it.
 */
#define DEV_OUTS8	8
#define DEV_OUTS_MAX	128

/* SYS_dev_mem flags. */
#define DEV_UNCACHED	1
#define DEV_WRITECOMB	2

/* SYS_dev_irq: a legacy line by its global system interrupt (level lines stay masked until irq_ack), or a message. */
#define DEV_MSI		(-1)
struct dev_msi { uint64_t addr; uint32_t data; uint32_t pad; };

/* SYS_dev_restrict. */
enum dev_range_kind { DEV_R_IO = 1, DEV_R_MEM, DEV_R_IRQ, DEV_R_MSI, DEV_R_DMA, DEV_R_POWER };
struct dev_range { uint32_t kind, pad; uint64_t first, last; };

#endif
