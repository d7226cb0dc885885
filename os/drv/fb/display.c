/* SPDX-License-Identifier: MIT */
/* Display adapters: Bochs/QEMU standard VGA and bochs-display by their DISPI registers in BAR 2. */
#include <errno.h>
#include "../../lib/pci.h"
#include "fb.h"

#define WIDTH	1024
#define HEIGHT	768

#define DISPI	0x500			/* in BAR 2; 16-bit registers */
enum { ID, XRES, YRES, BPP, ENABLE, BANK, VIRT_W, VIRT_H, X_OFF, Y_OFF };
#define ENABLED	1
#define LINEAR	0x40

static void set(volatile uint8_t *bar, int reg, uint16_t v)
{
	*(volatile uint16_t *)(bar + DISPI + 2 * reg) = v;
}

static int bochs(handle_t dev, struct screen *s)
{
	struct pci_dev p;
	volatile uint8_t *mmio, *ram;
	int err = pci_find(dev, 0x1234, 0x1111, 0xffff, 0, &p);

	if (err)
		return err;
	pci_enable(&p);
	mmio = pci_bar(&p, 2, DEV_UNCACHED);
	ram = pci_bar(&p, 0, DEV_WRITECOMB);
	if (!mmio || !ram || (*(volatile uint16_t *)(mmio + DISPI) & 0xfff0) != 0xb0c0)
		return -ENODEV;
	set(mmio, ENABLE, 0);
	set(mmio, XRES, WIDTH);
	set(mmio, YRES, HEIGHT);
	set(mmio, BPP, 32);
	set(mmio, VIRT_W, WIDTH);
	set(mmio, X_OFF, 0);
	set(mmio, Y_OFF, 0);
	set(mmio, ENABLE, ENABLED | LINEAR);
	/* Without this the VGA part keeps the picture dark. */
	mmio[0x400] = 0x20;
	s->pixels = (volatile uint32_t *)ram;
	s->width = WIDTH;
	s->height = HEIGHT;
	s->pitch = WIDTH;
	return 0;
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
