/* SPDX-License-Identifier: MIT */
/* xHCI: registers, rings, devices; names follow the specification 1.2. No hubs. */
#ifndef DRV_XHCI_H
#define DRV_XHCI_H

#include "../../lib/blkdrv.h"
#include "../../lib/inputdrv.h"
#include "../../lib/pci.h"

/* Capability registers, then operational ones behind CAPLENGTH. */
enum { HCSPARAMS1 = 4, HCSPARAMS2 = 8, HCCPARAMS1 = 0x10, DBOFF = 0x14, RTSOFF = 0x18 };
enum { USBCMD = 0, USBSTS = 4, CRCR = 0x18, DCBAAP = 0x30, CONFIG = 0x38, PORTSC = 0x400 };
#define CMD_RUN		1u
#define CMD_RESET	2u
#define CMD_IRQ		4u
#define STS_HALTED	1u
#define STS_NOT_READY	0x800u
/* Runtime registers of interrupter 0. */
enum { IMAN = 0x20, IMOD = 0x24, ERSTSZ = 0x28, ERSTBA = 0x30, ERDP = 0x38 };
#define PORT_CONNECTED	1u
#define PORT_ENABLED	2u
#define PORT_RESET	0x10u
#define PORT_POWER	0x200u
#define PORT_SPEED(v)	((v) >> 10 & 15)
#define PORT_CHANGES	0xfe0000u	/* written 1 to clear */
#define PORT_KEEP	0x0e00c3e0u	/* what a write repeats: power, indicators, wake, link state */

enum { SPEED_FULL = 1, SPEED_LOW, SPEED_HIGH, SPEED_SUPER };

enum trb_type {
	TRB_NORMAL = 1, TRB_SETUP, TRB_DATA, TRB_STATUS, TRB_LINK = 6, TRB_ENABLE_SLOT = 9,
	TRB_DISABLE_SLOT, TRB_ADDRESS, TRB_CONFIGURE, TRB_EVALUATE, TRB_RESET_EP, TRB_STOP_EP,
	TRB_SET_DEQUEUE, EV_TRANSFER = 32, EV_COMMAND, EV_PORT,
};
#define TRB_CYCLE	1u
#define TRB_TOGGLE	2u
#define TRB_SHORT	4u		/* an event for a short packet too */
#define TRB_IOC		0x20u
#define TRB_IMMEDIATE	0x40u
#define TRB_IN		0x10000u	/* data, status stage */
#define TRB_TYPE(t)	((uint32_t)(t) << 10)
#define CODE_SUCCESS	1
#define CODE_SHORT	13

struct trb { uint64_t param; uint32_t status, control; };

#define RING_LEN	(ABI_PAGE / 16)

struct ring {
	volatile struct trb *trb;
	uint64_t phys;
	unsigned at;
	uint32_t cycle;
};

#define MAX_SLOTS	16
#define MAX_PORTS	32

struct usb;

/* An endpoint beside 0. */
struct endpoint {
	unsigned id;			/* device context index; 0: none */
	uint8_t address, type;		/* bEndpointAddress; endpoint context type */
	uint16_t packet;
	uint8_t interval;
	struct ring ring;
};

/* A device on a port. */
struct usb {
	unsigned slot, port, speed;
	int gone;
	uint8_t *mem;			/* input context, context, ring of ep 0, buffer, two rings: pages */
	uint64_t phys;
	struct ring control;
	uint8_t *buf;			/* a page for control transfers and reports */
	uint64_t buf_phys;
	int control_code;		/* completion of the control transfer, 0: none yet */
	struct endpoint in, out;
	uint8_t interface;
	/* An endpoint's transfer ended. */
	void (*done)(struct usb *u, unsigned ep, uint64_t trb, unsigned code, uint32_t left);
	void (*removed)(struct usb *u);
	void *driver;
};

extern struct srv xhci_srv;
extern struct pci_dev xhci_pci;
extern unsigned xhci_unit;
extern struct usb usb_devices[MAX_SLOTS + 1];	/* by slot */

/* ring.c */
void ring_init(struct ring *r, void *mem, uint64_t phys);
/* Adds a TRB: its physical address. */
uint64_t ring_put(struct ring *r, uint64_t param, uint32_t status, uint32_t control);

/* host.c: the controller. */
int host_start(void);
volatile uint32_t *host_port(unsigned port);	/* PORTSC; ports count from 1 */
unsigned host_ports(void);
unsigned host_context(void);			/* bytes of a context */
void host_set_context(unsigned slot, uint64_t phys);
void host_doorbell(unsigned slot, unsigned target);
/* A command, waited for: its completion code, or -errno; *slot gets the slot of the answer. */
int host_command(uint64_t param, uint32_t status, uint32_t control, unsigned *slot);
void host_events(void);				/* handles all that there are */
/* Handles events until *code is not 0: it, or -ETIMEDOUT. */
int host_wait(const volatile int *code);
uint32_t host_changed_ports(void);		/* bit port - 1; forgets them */

/* device.c */
void device_attach(unsigned port);
void device_detach(unsigned port);
/* A control transfer with n bytes from or to u->buf: 0 or -errno. */
int device_control(struct usb *u, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
		   uint16_t n);
/* After a halt: the endpoint has an empty ring again. 0 or -errno. */
int device_unhalt(struct usb *u, struct endpoint *e);
void device_control_done(struct usb *u, unsigned code);

/* Class drivers: 0 when they take the device. */
int hid_attach(struct usb *u, unsigned protocol);
int storage_attach(struct usb *u);

#endif
