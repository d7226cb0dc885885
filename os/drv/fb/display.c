/* SPDX-License-Identifier: MIT */
/* Display adapters: Bochs/QEMU's, the frame buffer of the boot loader, the screen of a gpu's driver. */
#include <errno.h>
#include <string.h>
#include "../../abi/gpu.h"
#include "../../lib/dispi.h"
#include "../../lib/srv.h"
#include "fb.h"

static int bochs(handle_t dev, const char *addr, struct screen *s)
{
	struct pci_dev p;
	int err = pci_open(dev, addr, &p);

	if (!err)
		err = dispi_open(&p);
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

/* The screen of another driver (abi/gpu.h), which is told what was drawn. */
static int shared(struct screen *s)
{
	struct msg m = { .w = { G_OPEN } };
	struct vm_map map = { .vm = H_NONE, .prot = 1 | 2, .flags = 1 };
	int64_t h = srv_device("gpu0", 1), err;

	if (h < 0)
		return (int)h;
	err = sys_call((handle_t)h, &m);
	if (err < 0 || m.nh != 1) {
		sys_handle_close((handle_t)h);
		return err < 0 ? (int)err : -EPROTO;
	}
	s->width = (uint32_t)m.w[1];
	s->height = (uint32_t)m.w[2];
	s->pitch = (uint32_t)m.w[3];
	map.mem = m.h[0];
	map.len = ((uint64_t)s->pitch * 4 * s->height + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	err = sys_vm_map(&map);
	sys_handle_close(m.h[0]);
	s->pixels = (volatile uint32_t *)err;
	s->gpu = (handle_t)h;
	return err < 0 ? (int)err : 0;
}

int display_open(handle_t dev, const char *what, struct screen *s)
{
	s->gpu = H_NONE;
	if (!strcmp(what, "gpu"))
		return shared(s);
	return strcmp(what, "loader") ? bochs(dev, what, s) : loader(dev, s);
}

void display_flush(struct screen *s, unsigned y, unsigned height)
{
	struct msg m = { .w = { G_FLUSH, 0, y, s->width, height } };

	/* The memory was its driver's: init starts us again with that of the next. */
	if (s->gpu != H_NONE && sys_call(s->gpu, &m) == -EDEADSERVER)
		srv_die("the gpu's driver is gone");
}
