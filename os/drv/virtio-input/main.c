/* SPDX-License-Identifier: MIT */
/*
 * Driver of virtio keyboards, mice and tablets: "virtio-input BB:DD.F N" makes "kbd-virtioN",
 * "mouse-virtioN" or "tablet-virtioN". Its events have the form of ours.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "../../lib/inputdrv.h"
#include "../../lib/virtio.h"

#define EVENTS		64
#define CFG_BITS	0x11		/* which codes of a type there are */
enum { SELECT = 0, SUBSEL = 1, SIZE = 2, BITS = 8 };
#define KEY_A		30

static struct srv srv = { .call = input_call };
static struct virtio vio;
static struct virtq q;
static struct inputdrv input;
static struct input_event *events;
static uint64_t phys;
static uint8_t place[EVENTS];		/* by head: which event it is */

static int post(uint8_t i)
{
	struct virtio_buf b = { phys + i * sizeof(events[0]), sizeof(events[0]), 1 };
	int head = virtq_add(&q, &b, 1);

	if (head >= 0 && head < EVENTS)
		place[head] = i;
	return head;
}

static void on_irq(void *arg, uint32_t ev)
{
	uint32_t len;
	int head;

	(void)arg;
	(void)ev;
	sys_irq_ack(q.irq);
	while ((head = virtq_done(&q, &len)) >= 0) {
		struct input_event e = events[place[head % EVENTS]];

		if (len >= sizeof(e) && (e.type == INPUT_KEY || e.type == INPUT_REL || e.type == INPUT_ABS))
			input_send(&input, e.type, e.code, e.value);
		post(place[head % EVENTS]);
	}
	virtq_kick(&q);
}

static int has(uint8_t type, unsigned code)
{
	vio.device[SELECT] = CFG_BITS;
	vio.device[SUBSEL] = type;
	return vio.device[SIZE] > code / 8 && (vio.device[BITS + code / 8] >> code % 8 & 1);
}

static const char *kind(void)
{
	return has(INPUT_ABS, 0) ? "tablet" : has(INPUT_REL, 0) ? "mouse" : has(INPUT_KEY, KEY_A) ? "kbd" : NULL;
}

int main(int argc, char **argv)
{
	char name[32];
	int err;

	pci_open_arg(argc, argv, &vio.pci);
	err = srv_init(&srv);
	if (!err)
		err = virtio_open(&vio, 0);
	if (!err)
		err = virtio_queue(&vio, &q, 0, EVENTS);
	events = pci_dma(vio.pci.dev, ABI_PAGE, &phys, NULL);
	if (err || !events || !vio.device)
		srv_die("error %d", err ? -err : ENOMEM);
	if (!kind())
		return 0;		/* buttons of a machine, touch pads: nobody uses them */
	if (srv_watch(&srv, q.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	snprintf(name, sizeof(name), "%s-virtio%s", kind(), argc > 2 ? argv[2] : "0");
	for (uint8_t i = 0; i < EVENTS && post(i) >= 0; i++)
		;
	virtio_ready(&vio);
	virtq_kick(&q);
	if (input_add(&srv, &input, name, 0))
		srv_die("not registered");
	srv_run(&srv);
	return 1;
}
