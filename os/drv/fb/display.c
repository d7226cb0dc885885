/* SPDX-License-Identifier: MIT */
/* Display adapters: Bochs/QEMU's, else the frame buffer of the boot loader. */
#include <errno.h>
#include "../../lib/dispi.h"
#include "fb.h"

static int bochs(handle_t dev, struct screen *s)
{
	struct pci_dev p;
	int err = dispi_open(dev, &p);

	if (err)
		return err;
	s->pixels = (volatile uint32_t *)pci_map(&p, 0, 0, DISPI_WIDTH * DISPI_HEIGHT * 4ull,
						 DEV_WRITECOMB);
	s->width = s->pitch = DISPI_WIDTH;
	s->height = DISPI_HEIGHT;
	return s->pixels ? 0 : -ENODEV;
}

/* The frame buffer that the boot loader left. */
static int loader(handle_t dev, struct screen *s)
{
	struct dev_fb fb;
	struct vm_map map = { .vm = H_NONE, .prot = 1 | 2, .flags = 1 };
	int64_t err = sys_dev_info(dev, DEV_FB, &fb, sizeof(fb));

	if (err < 0)
		return (int)err;
	if (fb.bpp != 32)
		return -ENODEV;
	map.len = ((uint64_t)fb.pitch * fb.height + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	err = sys_dev_mem(dev, fb.base, map.len, DEV_WRITECOMB);
	if (err < 0)
		return (int)err;
	map.mem = (handle_t)err;
	err = sys_vm_map(&map);
	if (err < 0)
		return (int)err;
	s->pixels = (volatile uint32_t *)err;
	s->width = fb.width;
	s->height = fb.height;
	s->pitch = fb.pitch / 4;
	return 0;
}

int display_open(handle_t dev, struct screen *s)
{
	int err = bochs(dev, s);

	return err ? loader(dev, s) : 0;
}
