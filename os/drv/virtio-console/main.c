/* SPDX-License-Identifier: MIT */
/* Driver of virtio consoles: "virtio-console BB:DD.F N" is the terminal hvcN, its first port. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/ttydrv.h"
#include "../../lib/virtio.h"

#define CHUNK	1024
#define CHUNKS	2			/* buffers in each direction */

static struct srv srv;
static struct virtio vio;
static struct virtq rxq, txq;
static uint8_t *mem;			/* CHUNKS to receive, then CHUNKS to send */
static uint64_t phys;
static int rx_place[CHUNKS * 2], tx_free = CHUNKS;
static unsigned tx_next;

/* Sent in order, so the buffers are used in turn. */
static size_t show(struct ttydrv *d, const uint8_t *p, size_t n)
{
	size_t done = 0;

	(void)d;
	while (done < n && tx_free) {
		size_t part = n - done < CHUNK ? n - done : CHUNK, at = (size_t)(CHUNKS + tx_next) * CHUNK;
		struct virtio_buf b = { phys + at, (uint32_t)part, 0 };

		memcpy(mem + at, p + done, part);
		if (virtq_add(&txq, &b, 1) < 0)
			break;
		tx_next = (tx_next + 1) % CHUNKS;
		tx_free--;
		done += part;
	}
	if (done)
		virtq_kick(&txq);
	return done;
}

static char name[16];
static struct ttydrv tty = { .srv = &srv, .name = name, .show = show };

static void post(int i)
{
	struct virtio_buf b = { phys + (uint64_t)i * CHUNK, CHUNK, 1 };
	int head = virtq_add(&rxq, &b, 1);

	if (head >= 0 && head < CHUNKS * 2)
		rx_place[head] = i;
}

static void on_typed(void *arg, uint32_t events)
{
	uint32_t len;
	int head;

	(void)arg;
	(void)events;
	sys_irq_ack(rxq.irq);
	while ((head = virtq_done(&rxq, &len)) >= 0) {
		int i = rx_place[head % (CHUNKS * 2)];

		ttydrv_typed(&tty, mem + (size_t)i * CHUNK, len < CHUNK ? len : CHUNK);
		post(i);
	}
	virtq_kick(&rxq);
}

static void on_sent(void *arg, uint32_t events)
{
	uint32_t len;

	(void)arg;
	(void)events;
	sys_irq_ack(txq.irq);
	while (virtq_done(&txq, &len) >= 0)
		tx_free++;
	ttydrv_more(&tty);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	(void)r;
	return -ENOSYS;
}

int main(int argc, char **argv)
{
	int err;

	srv.call = call;
	pci_open_arg(argc, argv, &vio.pci);
	snprintf(name, sizeof(name), "hvc%.4s", argc > 2 ? argv[2] : "0");
	err = srv_init(&srv);
	if (!err)
		err = virtio_open(&vio, 0);
	if (!err)
		err = virtio_queue(&vio, &rxq, 0, CHUNKS * 2);
	if (!err)
		err = virtio_queue(&vio, &txq, 1, CHUNKS * 2);
	mem = pci_dma(vio.pci.dev, 2 * CHUNKS * CHUNK, &phys, NULL);
	if (err || !mem)
		srv_die("error %d", err ? -err : ENOMEM);
	virtio_ready(&vio);
	for (int i = 0; i < CHUNKS; i++)
		post(i);
	virtq_kick(&rxq);
	if (ttydrv_init(&tty))
		srv_die("cannot attach");
	if (srv_watch(&srv, rxq.irq, EV_IN, 0, on_typed, NULL) < 0 ||
	    srv_watch(&srv, txq.irq, EV_IN, 0, on_sent, NULL) < 0)
		srv_die("cannot watch the interrupts");
	srv_run(&srv);
	return 1;
}
