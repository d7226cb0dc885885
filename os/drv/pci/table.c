/* SPDX-License-Identifier: MIT */
/* Which program drives which PCI function. A new driver gets a line here. */
#include <stddef.h>
#include "pci.h"

#define VIRTIO	0x1af4
#define CLASS	0xffff0000u	/* class and subclass */
#define IFACE	0xffffff00u	/* and programming interface */

static const struct driver drivers[] = {
	/* Virtio: modern ids, and those of devices that also have the old interface. */
	{ VIRTIO, 0x1042, 0, 0, "virtio-blk", "blk", 1, 0 },
	{ VIRTIO, 0x1001, 0, 0, "virtio-blk", "blk", 1, 0 },
	{ VIRTIO, 0x1041, 0, 0, "virtio-net", "nic", 0, 0 },
	{ VIRTIO, 0x1000, 0, 0, "virtio-net", "nic", 0, 0 },
	{ VIRTIO, 0x1044, 0, 0, "virtio-rng", "rng", 0, 0 },
	{ VIRTIO, 0x1005, 0, 0, "virtio-rng", "rng", 0, 0 },
	{ VIRTIO, 0x1043, 0, 0, "virtio-console", "hvc", 0, 0 },
	{ VIRTIO, 0x1003, 0, 0, "virtio-console", "hvc", 0, 0 },
	{ VIRTIO, 0x1052, 0, 0, "virtio-input", "input", 0, 0 },
	{ VIRTIO, 0x1050, 0, 0, "virtio-gpu", "gpu", 1, 0 },
	/* The adapter of QEMU and Bochs. */
	{ 0x1234, 0x1111, 0, 0, "fb", "fb", 1, 1 },
	/* By class: SATA controllers in AHCI mode, NVMe, xHCI. */
	{ 0, 0, 0x01060100, IFACE, "ahci", "sata", 1, 0 },
	{ 0, 0, 0x01080200, IFACE, "nvme", "nvme", 1, 0 },
	{ 0, 0, 0x0c033000, IFACE, "xhci", "usb", 1, 0 },
	/* Intel's 82574L. */
	{ 0x8086, 0x10d3, 0, 0, "e1000e", "nic", 0, 0 },
};

const struct driver *driver_of(uint16_t vendor, uint16_t device, uint32_t class)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		const struct driver *d = &drivers[i];

		if ((!d->vendor || d->vendor == vendor) && (!d->device || d->device == device) &&
		    (class & d->mask) == d->class)
			return d;
	}
	return NULL;
}
