/* SPDX-License-Identifier: MIT */
/* Setting the mode of a Bochs/QEMU display adapter; see dispi.h. */
#include <errno.h>
#include "dispi.h"

#define DISPI	0x500			/* in BAR 2; 16-bit registers */
enum { ID, XRES, YRES, BPP, ENABLE, BANK, VIRT_W, VIRT_H, X_OFF, Y_OFF };
#define ENABLED	1
#define LINEAR	0x40

static volatile uint16_t *reg(volatile uint8_t *bar, int r)
{
	return (volatile uint16_t *)(bar + DISPI + 2 * r);
}

static int is_set(volatile uint8_t *bar)
{
	return (*reg(bar, ENABLE) & (ENABLED | LINEAR)) == (ENABLED | LINEAR) &&
	       *reg(bar, XRES) == DISPI_WIDTH && *reg(bar, YRES) == DISPI_HEIGHT &&
	       *reg(bar, BPP) == 32;
}

static void set(volatile uint8_t *bar)
{
	*reg(bar, ENABLE) = 0;
	*reg(bar, XRES) = DISPI_WIDTH;
	*reg(bar, YRES) = DISPI_HEIGHT;
	*reg(bar, BPP) = 32;
	*reg(bar, VIRT_W) = DISPI_WIDTH;
	*reg(bar, X_OFF) = 0;
	*reg(bar, Y_OFF) = 0;
	*reg(bar, ENABLE) = ENABLED | LINEAR;
	/* Without this the VGA part keeps the picture dark. */
	bar[0x400] = 0x20;
}

int dispi_open(struct pci_dev *p)
{
	volatile uint8_t *bar = pci_map(p, 2, 0, 4096, DEV_UNCACHED);

	if (!bar || (*reg(bar, ID) & 0xfff0) != 0xb0c0)
		return -ENODEV;
	if (!is_set(bar))
		set(bar);
	return 0;
}
