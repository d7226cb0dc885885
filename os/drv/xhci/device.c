/* SPDX-License-Identifier: MIT */
/* Devices: what a port's device is, its address, its endpoints, its class driver. */
#include <errno.h>
#include <string.h>
#include "xhci.h"

#define RESET_MS	500
#define PAGES		6
#define CLASS_HID	3
#define CLASS_STORAGE	8
#define EP_INTERRUPT_IN	7
#define EP_BULK_IN	6
#define EP_BULK_OUT	2
#define EP_CONTROL	4

enum { GET_DESCRIPTOR = 6, SET_CONFIGURATION = 9, CLEAR_FEATURE = 1 };
enum { DESC_DEVICE = 1, DESC_CONFIG, DESC_INTERFACE = 4, DESC_ENDPOINT = 5 };

struct usb usb_devices[MAX_SLOTS + 1];

/* Context i of the input context: 0 control, 1 slot, 1 + n endpoint n. */
static uint32_t *input(struct usb *u, unsigned i)
{
	return (uint32_t *)(u->mem + i * host_context());
}

static void fill_endpoint(uint32_t *c, unsigned type, unsigned packet, unsigned interval,
			  const struct ring *r)
{
	uint64_t at = (r->phys + r->at * sizeof(struct trb)) | r->cycle;

	memset(c, 0, 32);
	c[0] = interval << 16;
	c[1] = 3u << 1 | type << 3 | packet << 16;
	c[2] = (uint32_t)at;
	c[3] = (uint32_t)(at >> 32);
	c[4] = type == EP_CONTROL ? 8 : packet;
}

void device_control_done(struct usb *u, unsigned code)
{
	u->control_code = (int)code;
}

int device_control(struct usb *u, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
		   uint16_t n)
{
	uint64_t setup = type | request << 8 | (uint64_t)value << 16 | (uint64_t)index << 32 | (uint64_t)n << 48;
	uint32_t in = type & 0x80 ? TRB_IN : 0;
	int code;

	u->control_code = 0;
	ring_put(&u->control, setup, 8, TRB_TYPE(TRB_SETUP) | TRB_IMMEDIATE | (n ? in ? 3u << 16 : 2u << 16 : 0));
	if (n)
		ring_put(&u->control, u->buf_phys, n, TRB_TYPE(TRB_DATA) | in);
	ring_put(&u->control, 0, 0, TRB_TYPE(TRB_STATUS) | TRB_IOC | (n && in ? 0 : TRB_IN));
	host_doorbell(u->slot, 1);
	code = host_wait(&u->control_code);
	if (code == CODE_SUCCESS || code == CODE_SHORT)
		return 0;
	if (code > 0) {
		/* A stall: the control endpoint starts again behind what it refused. */
		host_command(0, 0, TRB_TYPE(TRB_RESET_EP) | u->slot << 24 | 1u << 16, NULL);
		host_command((u->control.phys + u->control.at * 16) | u->control.cycle, 0,
			     TRB_TYPE(TRB_SET_DEQUEUE) | u->slot << 24 | 1u << 16, NULL);
	}
	return code < 0 ? code : -EIO;
}

int device_unhalt(struct usb *u, struct endpoint *e)
{
	uint32_t which = u->slot << 24 | e->id << 16;
	int code;

	/* Running or halted: one of the two stops it. */
	if (host_command(0, 0, TRB_TYPE(TRB_STOP_EP) | which, NULL) != CODE_SUCCESS)
		host_command(0, 0, TRB_TYPE(TRB_RESET_EP) | which, NULL);
	ring_init(&e->ring, (void *)e->ring.trb, e->ring.phys);
	code = host_command(e->ring.phys | 1, 0, TRB_TYPE(TRB_SET_DEQUEUE) | which, NULL);
	if (code != CODE_SUCCESS)
		return -EIO;
	return device_control(u, 2, CLEAR_FEATURE, 0, e->address, 0);
}

static int address(struct usb *u)
{
	static const uint16_t packet[] = { 8, 8, 8, 64, 512 };
	uint32_t *c;
	int code;

	memset(u->mem, 0, 2 * ABI_PAGE);
	input(u, 0)[1] = 3;		/* add slot and endpoint 0 */
	c = input(u, 1);
	c[0] = u->speed << 20 | 1u << 27;
	c[1] = u->port << 16;
	fill_endpoint(input(u, 2), EP_CONTROL, packet[u->speed <= SPEED_SUPER ? u->speed : SPEED_SUPER], 0,
		      &u->control);
	host_set_context(u->slot, u->phys + ABI_PAGE);
	code = host_command(u->phys, 0, TRB_TYPE(TRB_ADDRESS) | u->slot << 24, NULL);
	return code == CODE_SUCCESS ? 0 : code < 0 ? code : -EIO;
}

/* Full speed devices tell the size of their packets in the first 8 bytes. */
static int descriptor(struct usb *u)
{
	int err = device_control(u, 0x80, GET_DESCRIPTOR, DESC_DEVICE << 8, 0, 8);

	if (err || u->speed != SPEED_FULL || u->buf[7] == 8)
		return err;
	input(u, 0)[0] = 0;
	input(u, 0)[1] = 2;
	fill_endpoint(input(u, 2), EP_CONTROL, u->buf[7], 0, &u->control);
	return host_command(u->phys, 0, TRB_TYPE(TRB_EVALUATE) | u->slot << 24, NULL) == CODE_SUCCESS ? 0 : -EIO;
}

/* What the interval of the descriptor is as a power of two of 125 microseconds. */
static uint8_t interval(const struct usb *u, uint8_t v)
{
	uint8_t n = 3;

	if (u->speed >= SPEED_HIGH)
		return v ? (uint8_t)(v - 1) & 15 : 0;
	while (v > 1) {
		v >>= 1;
		n++;
	}
	return n;
}

static void take_endpoint(struct usb *u, const uint8_t *d)
{
	unsigned in = d[2] >> 7, kind = d[3] & 3;
	struct endpoint *e = in ? &u->in : &u->out;

	if (e->id || kind < 2 || (kind == 3 && !in))
		return;
	e->address = d[2];
	e->id = 2u * (d[2] & 15) + in;
	e->type = kind == 3 ? EP_INTERRUPT_IN : in ? EP_BULK_IN : EP_BULK_OUT;
	e->packet = (uint16_t)(d[4] | d[5] << 8) & 0x7ff;
	e->interval = kind == 3 ? interval(u, d[6]) : 0;
}

/* The first interface that there is a driver for: its class << 16 | subclass << 8 | protocol, or 0. */
static uint32_t choose(struct usb *u, const uint8_t *p, unsigned n)
{
	uint32_t found = 0;

	for (unsigned at = 0; at + 2 <= n && p[at] >= 2 && at + p[at] <= n; at += p[at]) {
		const uint8_t *d = p + at;

		if (d[1] == DESC_INTERFACE && d[0] >= 9) {
			if (found)
				break;
			if (!d[3] && ((d[5] == CLASS_HID && d[6] == 1) || (d[5] == CLASS_STORAGE && d[7] == 0x50)))
				found = (uint32_t)d[5] << 16 | d[6] << 8 | d[7];
			u->interface = d[2];
		} else if (d[1] == DESC_ENDPOINT && d[0] >= 7 && found) {
			take_endpoint(u, d);
		}
	}
	return found;
}

static int configure(struct usb *u, uint8_t configuration)
{
	unsigned last = u->in.id > u->out.id ? u->in.id : u->out.id;
	int code;

	memset(u->mem, 0, ABI_PAGE);
	input(u, 0)[1] = 1 | 1u << u->in.id | (u->out.id ? 1u << u->out.id : 0);
	memcpy(input(u, 1), u->mem + ABI_PAGE, 32);
	input(u, 1)[0] = (input(u, 1)[0] & 0x07ffffff) | last << 27;
	ring_init(&u->in.ring, u->mem + 4 * ABI_PAGE, u->phys + 4 * ABI_PAGE);
	ring_init(&u->out.ring, u->mem + 5 * ABI_PAGE, u->phys + 5 * ABI_PAGE);
	fill_endpoint(input(u, 1 + u->in.id), u->in.type, u->in.packet, u->in.interval, &u->in.ring);
	if (u->out.id)
		fill_endpoint(input(u, 1 + u->out.id), u->out.type, u->out.packet, 0, &u->out.ring);
	code = host_command(u->phys, 0, TRB_TYPE(TRB_CONFIGURE) | u->slot << 24, NULL);
	if (code != CODE_SUCCESS)
		return -EIO;
	return device_control(u, 0, SET_CONFIGURATION, configuration, 0, 0);
}

static int setup(struct usb *u)
{
	uint8_t configuration;
	uint32_t what;
	unsigned n;
	int err = address(u);

	if (!err)
		err = descriptor(u);
	memset(u->buf, 0, ABI_PAGE);
	if (!err)
		err = device_control(u, 0x80, GET_DESCRIPTOR, DESC_CONFIG << 8, 0, 1024);
	if (err)
		return err;
	n = u->buf[2] | u->buf[3] << 8;
	configuration = u->buf[5];
	what = choose(u, u->buf, n < 1024 ? n : 1024);
	if (!what || !u->in.id)
		return -ENOTSUP;
	err = configure(u, configuration);
	if (err)
		return err;
	return what >> 16 == CLASS_HID ? hid_attach(u, what & 0xff) : storage_attach(u);
}

static int reset_port(unsigned port)
{
	volatile uint32_t *p = host_port(port);
	int err = 0;

	if (!(*p & PORT_ENABLED)) {
		*p = (*p & PORT_KEEP) | PORT_RESET;
		err = pci_wait(p, PORT_ENABLED | PORT_RESET, PORT_ENABLED, RESET_MS);
	}
	*p = (*p & PORT_KEEP) | PORT_CHANGES;
	return err;
}

/* The memory of a slot is kept for the next device in it. */
static int place(struct usb *u)
{
	uint8_t *mem = u->mem;
	uint64_t phys = u->phys;

	if (!mem)
		mem = pci_dma(xhci_pci.dev, PAGES * ABI_PAGE, &phys, NULL);
	memset(u, 0, sizeof(*u));
	u->mem = mem;
	u->phys = phys;
	if (!mem)
		return -ENOMEM;
	ring_init(&u->control, mem + 2 * ABI_PAGE, phys + 2 * ABI_PAGE);
	u->buf = mem + 3 * ABI_PAGE;
	u->buf_phys = phys + 3 * ABI_PAGE;
	return 0;
}

void device_attach(unsigned port)
{
	unsigned slot = 0;
	struct usb *u;
	int err = reset_port(port);

	if (!err && host_command(0, 0, TRB_TYPE(TRB_ENABLE_SLOT), &slot) != CODE_SUCCESS)
		err = -EIO;
	if (!err && (!slot || slot > MAX_SLOTS))
		err = -ENOSPC;
	u = &usb_devices[err ? 0 : slot];
	if (!err)
		err = place(u);
	if (!err) {
		u->slot = slot;
		u->port = port;
		u->speed = PORT_SPEED(*host_port(port));
		err = setup(u);
	}
	if (err && err != -ENOTSUP)
		srv_log("port %u: the device does not work: error %d", port, -err);
	/* Without a driver the slot is free again. */
	if (err && slot)
		device_detach(port);
}

void device_detach(unsigned port)
{
	for (unsigned i = 1; i <= MAX_SLOTS; i++) {
		struct usb *u = &usb_devices[i];

		if (!u->slot || u->port != port)
			continue;
		u->gone = 1;
		if (u->removed)
			u->removed(u);
		host_command(0, 0, TRB_TYPE(TRB_DISABLE_SLOT) | i << 24, NULL);
		host_set_context(i, 0);
		u->slot = 0;
	}
}
