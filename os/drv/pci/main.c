/* SPDX-License-Identifier: MIT */
/*
 * pci: finds the functions on the PCI buses, switches on those that have a driver, sets the video
 * mode, and makes for each a service of init that runs its driver with the function's configuration
 * space, its memory, message interrupts and DMA. Then it ends.
 *
 * init runs it before any driver, for switching on and setting a mode change the machine's memory
 * map: QEMU 7 with a thread a processor may send an access of another processor that happens at that
 * moment to the wrong device. For the same reason BARs are not sized: a BAR's end is the next one's
 * start or what its address's alignment allows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/dispi.h"
#include "../../lib/srv.h"
#include "pci.h"

#define MAX_FUNCTIONS	64
#define MAX_BARS	256
#define MOST		(64ull << 20)	/* bytes of a BAR; more is nobody's here */

struct function {
	const struct driver *driver;
	uint8_t bus, slot, fn;
	uint64_t cfg;			/* physical address of its configuration space */
	uint64_t bar[6];
	unsigned unit;			/* its number among those of driver->units */
	unsigned again;			/* its number among those of driver->program */
};

static struct function found[MAX_FUNCTIONS];
static unsigned nfound;
static uint64_t bars[MAX_BARS];		/* of all functions, driven or not */
static unsigned nbars;
static struct dev_ecam ecam;
static handle_t dev;

static void number(struct function *f)
{
	for (struct function *o = found; o < f; o++) {
		f->unit += !strcmp(o->driver->units, f->driver->units);
		f->again += !strcmp(o->driver->program, f->driver->program);
	}
}

static void look(void *arg, struct pci_dev *p)
{
	const struct driver *d = driver_of(pci_r16(p, 0), pci_r16(p, 2), pci_r32(p, PCI_CLASS));
	int bridge = (p->cfg[0x0e] & 0x7f) != 0;
	struct function *f = &found[nfound];

	(void)arg;
	for (unsigned i = 0; i < (bridge ? 2 : 6) && nbars < MAX_BARS; i++) {
		uint64_t b = pci_bar(p, i);

		if (b)
			bars[nbars++] = b;
		if (d && !bridge && nfound < MAX_FUNCTIONS)
			f->bar[i] = b;
		i += b && (pci_r32(p, 0x10 + 4 * i) & 6) == 4;
	}
	if (!d || bridge || nfound == MAX_FUNCTIONS)
		return;
	f->driver = d;
	f->bus = p->bus;
	f->slot = p->slot;
	f->fn = p->fn;
	f->cfg = ecam.base + ((uint64_t)(p->bus - ecam.first_bus) << 20 | p->slot << 15 | p->fn << 12);
	number(f);
	nfound++;
	pci_enable(p);
	if (!strcmp(d->program, "fb") && !f->again)
		dispi_open(p);
}

/* The last byte that can belong to the BAR at b. */
static uint64_t end_of(uint64_t b)
{
	uint64_t end = b + (b & -b);

	if (end - b > MOST)
		end = b + MOST;
	for (unsigned i = 0; i < nbars; i++)
		if (bars[i] > b && bars[i] < end)
			end = bars[i];
	return ((end + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1)) - 1;
}

static void add_service(const char *text)
{
	int64_t err = srv_send(srv_start()->names, N_SERVICE, text, SERVICE_ADD, H_NONE, NULL);

	if (err < 0)
		srv_log("init refuses a service: error %d: %.60s", (int)-err, text);
}

/* The definition of the service that drives f, see init.conf(5). */
static void start(const struct function *f)
{
	const struct driver *d = f->driver;
	char text[900], name[48];
	int n;

	snprintf(name, sizeof(name), f->again ? "%s-%u" : "%s", d->program, f->again);
	n = snprintf(text, sizeof(text), "name = %s\nexec = %s/%s %02x:%02x.%u %u\n%s"
		     "restart = failure\ndev = msi dma mem:0x%llx-0x%llx", name,
		     d->early ? "/sbin" : "/usr/libexec/calx", d->program, f->bus, f->slot, f->fn,
		     f->unit, d->early ? "" : "wait = /\n", (unsigned long long)f->cfg,
		     (unsigned long long)f->cfg + 4095);
	for (unsigned i = 0; i < 6; i++)
		if (f->bar[i])
			n += snprintf(text + n, sizeof(text) - (size_t)n, " mem:0x%llx-0x%llx",
				      (unsigned long long)(f->bar[i] & ~(uint64_t)(ABI_PAGE - 1)),
				      (unsigned long long)end_of(f->bar[i]));
	snprintf(text + n, sizeof(text) - (size_t)n, "\n");
	add_service(text);
}

static int have(const char *program)
{
	for (unsigned i = 0; i < nfound; i++)
		if (!strcmp(found[i].driver->program, program))
			return 1;
	return 0;
}

/* The screen console without an adapter of its own: what the boot loader left, or the gpu's driver. */
static void other_screen(void)
{
	struct dev_fb fb;
	char text[256];

	if (have("fb"))
		return;
	if (sys_dev_info(dev, DEV_FB, &fb, sizeof(fb)) > 0) {
		uint64_t end = fb.base + (uint64_t)fb.pitch * fb.height + ABI_PAGE - 1;

		snprintf(text, sizeof(text), "name = fb\nexec = /sbin/fb loader\nrestart = failure\n"
			 "dev = mem:0x%llx-0x%llx\n", (unsigned long long)fb.base & ~(ABI_PAGE - 1ull),
			 (unsigned long long)(end & ~(ABI_PAGE - 1ull)) - 1);
		add_service(text);
	} else if (have("virtio-gpu")) {
		add_service("name = fb\nexec = /sbin/fb gpu\nrestart = failure\nwait = dev:gpu0\n");
	}
}

int main(void)
{
	dev = srv_extra("dev");
	if (dev == H_NONE)
		srv_die("no device");
	if (sys_dev_info(dev, DEV_ECAM, &ecam, sizeof(ecam)) < 0)
		srv_log("no PCI configuration space in memory: no PCI devices");
	else
		pci_each(dev, look, NULL);
	for (unsigned i = 0; i < nfound; i++)
		if (!found[i].driver->quiet || !found[i].again)
			start(&found[i]);
	other_screen();
	return 0;
}
