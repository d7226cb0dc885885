/* SPDX-License-Identifier: MIT */
/*
 * pci: switches on the devices that have drivers and sets the video mode, then ends. init runs it
 * before any driver, for both change the machine's memory map: QEMU 7 with a thread a processor may
 * send an access of another processor that happens at that moment to the wrong device.
 */
#include <errno.h>
#include "../../lib/dispi.h"
#include "../../lib/srv.h"

#define VIRTIO	0x1af4

int main(void)
{
	handle_t dev = srv_extra("dev");
	struct pci_dev p;

	if (dev == H_NONE)
		srv_die("no device");
	for (unsigned n = 0; !pci_find(dev, VIRTIO, PCI_ANY, PCI_ANY, n, &p); n++)
		pci_enable(&p);
	dispi_open(dev, &p);
	return 0;
}
