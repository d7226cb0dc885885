/* SPDX-License-Identifier: MIT */
/*
 * Driver of USB 3 controllers: "xhci BB:DD.F N" drives keyboards ("kbd-usbP"), mice ("mouse-usbP")
 * and disks ("usbP") at its own ports, P = 32 * N + port. Devices come and go at any time.
 */
#include <errno.h>
#include <stdlib.h>
#include "xhci.h"

void storage_finish(void);

static int64_t call(struct srv *s, struct srv_req *r);

struct srv xhci_srv = { .call = call };
struct pci_dev xhci_pci;
unsigned xhci_unit;
static handle_t irq;

static int64_t call(struct srv *s, struct srv_req *r)
{
	return r->m.id >= INPUT_ID ? input_call(s, r) : blk_call(s, r);
}

static void port_changed(unsigned port)
{
	volatile uint32_t *p = host_port(port);
	uint32_t v = *p;

	*p = (v & PORT_KEEP) | (v & PORT_CHANGES);
	device_detach(port);
	if (v & PORT_CONNECTED)
		device_attach(port);
}

/* Is the change of a port one of its connection? A reset of ours changes other things. */
static int connection(unsigned port)
{
	return *host_port(port) >> 17 & 1;
}

static void work(void)
{
	uint32_t ports;

	host_events();
	storage_finish();
	while ((ports = host_changed_ports())) {
		for (; ports; ports &= ports - 1) {
			unsigned port = (unsigned)__builtin_ctz(ports) + 1;

			if (port <= host_ports() && connection(port))
				port_changed(port);
		}
		storage_finish();
	}
}

static void on_irq(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	sys_irq_ack(irq);
	if (pci_gone(&xhci_pci))
		srv_die("the controller is gone");
	work();
}

int main(int argc, char **argv)
{
	int64_t h;
	int err;

	pci_open_arg(argc, argv, &xhci_pci);
	xhci_unit = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	err = srv_init(&xhci_srv);
	h = pci_irq(&xhci_pci);
	if (!err)
		err = h < 0 ? (int)h : host_start();
	if (err)
		srv_die("controller: error %d", -err);
	irq = (handle_t)h;
	if (srv_watch(&xhci_srv, irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	for (unsigned i = 1; i <= host_ports(); i++)
		if (*host_port(i) & PORT_CONNECTED)
			port_changed(i);
	work();
	srv_run(&xhci_srv);
	return 1;
}
