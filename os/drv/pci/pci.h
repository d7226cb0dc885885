/* SPDX-License-Identifier: MIT */
/* The table of drivers: which program drives which PCI function. */
#ifndef DRV_PCI_H
#define DRV_PCI_H

#include <stdint.h>

struct driver {
	uint16_t vendor, device;	/* 0: any */
	uint32_t class, mask;		/* of the class register (lib/pci.h); mask 0: any */
	const char *program;		/* what runs, and the service's name */
	const char *units;		/* functions are numbered among those with the same word */
	int early;			/* 1: from the boot archive; 0: from /usr/libexec/calx, when / is there */
	int quiet;			/* only one of the kind is used: no second service */
};

/* The first entry that fits, or NULL. */
const struct driver *driver_of(uint16_t vendor, uint16_t device, uint32_t class);

#endif
