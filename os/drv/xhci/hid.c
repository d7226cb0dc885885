/* SPDX-License-Identifier: MIT */
/* Keyboards and mice by the boot protocol: reports of fixed form become events (abi/input.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "xhci.h"

#define SET_IDLE	10
#define SET_PROTOCOL	11
#define KEYBOARD	1
#define MOUSE		2
#define BTN_LEFT	0x110
#define REPORT		8

struct hid {
	struct usb *u;
	int used, mouse;
	struct inputdrv input;
	uint8_t last[REPORT];
};

static struct hid hids[MAX_SLOTS];

/* Usages 4 to 0x65 of the keyboard page; Linux's key codes. */
static const uint8_t keys[] = {
	30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45,
	21, 44, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 1, 14, 15, 57, 12, 13, 26, 27, 43, 43, 39, 40, 41,
	51, 52, 53, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88, 99, 70, 119, 110, 102, 104, 111,
	107, 109, 106, 105, 108, 103, 69, 98, 55, 74, 78, 96, 79, 80, 81, 75, 76, 77, 71, 72, 73, 82, 83,
	86, 127,
};
static const uint8_t modifiers[] = { 29, 42, 56, 125, 97, 54, 100, 126 };

static void ask(struct hid *h)
{
	ring_put(&h->u->in.ring, h->u->buf_phys, REPORT, TRB_TYPE(TRB_NORMAL) | TRB_IOC | TRB_SHORT);
	host_doorbell(h->u->slot, h->u->in.id);
}

static void key(struct hid *h, uint8_t usage, int down)
{
	if (usage >= 4 && usage - 4u < sizeof(keys))
		input_send(&h->input, INPUT_KEY, keys[usage - 4], down);
}

/* Byte 0: modifiers; 2 to 7: what is down. All 1: too many keys, nothing is known. */
static void keyboard(struct hid *h, const uint8_t *r)
{
	if (r[2] == 1)
		return;
	for (unsigned i = 0; i < 8; i++)
		if ((r[0] ^ h->last[0]) >> i & 1)
			input_send(&h->input, INPUT_KEY, modifiers[i], r[0] >> i & 1);
	for (unsigned i = 2; i < REPORT; i++)
		if (h->last[i] && !memchr(r + 2, h->last[i], 6))
			key(h, h->last[i], 0);
	for (unsigned i = 2; i < REPORT; i++)
		if (r[i] && !memchr(h->last + 2, r[i], 6))
			key(h, r[i], 1);
}

static void mouse(struct hid *h, const uint8_t *r, unsigned n)
{
	for (unsigned i = 0; i < 3; i++)
		if ((r[0] ^ h->last[0]) >> i & 1)
			input_send(&h->input, INPUT_KEY, (uint16_t)(BTN_LEFT + i), r[0] >> i & 1);
	if (r[1])
		input_send(&h->input, INPUT_REL, 0, (int8_t)r[1]);
	if (r[2])
		input_send(&h->input, INPUT_REL, 1, (int8_t)r[2]);
	if (n > 3 && r[3])
		input_send(&h->input, INPUT_REL, 8, (int8_t)r[3]);
}

static void done(struct usb *u, unsigned ep, uint64_t trb, unsigned code, uint32_t left)
{
	struct hid *h = u->driver;
	uint8_t report[REPORT] = { 0 };

	(void)ep;
	(void)trb;
	/* An error ends the stream: the device went away, or halts what it cannot do. */
	if ((code != CODE_SUCCESS && code != CODE_SHORT) || left > REPORT)
		return;
	memcpy(report, u->buf, REPORT - left);
	if (h->mouse)
		mouse(h, report, REPORT - left);
	else
		keyboard(h, report);
	memcpy(h->last, report, REPORT);
	ask(h);
}

static void removed(struct usb *u)
{
	struct hid *h = u->driver;

	input_remove(&h->input);
	h->used = 0;
}

int hid_attach(struct usb *u, unsigned protocol)
{
	struct hid *h = hids;
	char name[32];
	int err;

	if (protocol != KEYBOARD && protocol != MOUSE)
		return -ENOTSUP;
	while (h < hids + MAX_SLOTS && h->used)
		h++;
	if (h == hids + MAX_SLOTS)
		return -ENOSPC;
	err = device_control(u, 0x21, SET_PROTOCOL, 0, u->interface, 0);
	if (err)
		return err;
	device_control(u, 0x21, SET_IDLE, 0, u->interface, 0);	/* some refuse: no harm */
	*h = (struct hid){ .u = u, .used = 1, .mouse = protocol == MOUSE };
	snprintf(name, sizeof(name), "%s-usb%u", h->mouse ? "mouse" : "kbd", MAX_PORTS * xhci_unit + u->port);
	err = input_add(&xhci_srv, &h->input, name, (unsigned)(h - hids));
	if (err)
		return err;
	u->driver = h;
	u->done = done;
	u->removed = removed;
	ask(h);
	return 0;
}
