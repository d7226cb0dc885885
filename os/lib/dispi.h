/* SPDX-License-Identifier: MIT */
/* The Bochs/QEMU display interface (std vga, bochs-display): registers in BAR 2. */
#ifndef LIB_DISPI_H
#define LIB_DISPI_H

#include "pci.h"

#define DISPI_WIDTH	1024
#define DISPI_HEIGHT	768

/* Sets the mode DISPI_WIDTH x DISPI_HEIGHT, 32 bits a pixel, unless it is set. 0, or -ENODEV. */
int dispi_open(struct pci_dev *p);

#endif
