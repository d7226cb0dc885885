/* SPDX-License-Identifier: MIT */
/*
 * Driver of virtio network cards: registers "dev:nic0", shares frame rings with netd (abi/nic.h).
 * The device reads and writes the frames where netd sees them. Indices and lengths from the shared
 * memory are checked before use: netd may be broken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../abi/nic.h"
#include "../../lib/srv.h"
#include "../../lib/virtio.h"

#define F_MAC		(1ull << 5)
#define HDR		12		/* struct virtio_net_hdr with num_buffers */
#define MTU		1500
#define MAX_FRAME	(MTU + 18)

static struct srv srv;
static struct virtio vio;
static struct virtq rxq, txq;
static struct nic_shared *sh;
static uint8_t *mem;
static uint64_t phys;
static handle_t shared = H_NONE, file = H_NONE;
static uint32_t rx_posted;		/* slots given to the device, counting up */
static uint32_t tx_posted;
static uint64_t mac;

static uint32_t load(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/* Gives the slots that netd has consumed back to the device. */
static void post_rx(void)
{
	uint32_t tail = load(&sh->rx.tail), added = 0;

	if (sh->rx.head - tail > NIC_SLOTS)
		return;
	while (rx_posted - tail < NIC_SLOTS) {
		uint64_t at = NIC_RX_OFF + (uint64_t)(rx_posted % NIC_SLOTS) * NIC_SLOT_SIZE;
		struct virtio_buf b = {
			phys + at + NIC_FRAME_OFF - HDR, NIC_SLOT_SIZE - NIC_FRAME_OFF + HDR, 1,
		};

		if (virtq_add(&rxq, &b, 1) < 0)
			break;
		rx_posted++;
		added = 1;
	}
	if (added)
		virtq_kick(&rxq);
}

/* The device fills slots in the order they were posted. */
static void take_rx(void)
{
	uint32_t head = sh->rx.head, len;

	while (virtq_done(&rxq, &len) >= 0) {
		sh->rx.len[head % NIC_SLOTS] = len > HDR ? len - HDR : 0;
		store(&sh->rx.head, ++head);
	}
	sys_file_ready(file, 0, head != load(&sh->rx.tail) ? EV_IN : 0);
}

static void post_tx(void)
{
	uint32_t head = load(&sh->tx.head), added = 0, len;

	while (virtq_done(&txq, &len) >= 0)
		store(&sh->tx.tail, sh->tx.tail + 1);
	if (head - tx_posted > NIC_SLOTS)
		return;
	while (tx_posted != head) {
		uint32_t slot = tx_posted % NIC_SLOTS;
		uint64_t at = NIC_TX_OFF + (uint64_t)slot * NIC_SLOT_SIZE + NIC_FRAME_OFF - HDR;
		uint32_t n = load(&sh->tx.len[slot]);
		struct virtio_buf b = { phys + at, HDR + (n < MAX_FRAME ? n : MAX_FRAME), 0 };

		memset(mem + at, 0, HDR);
		if (virtq_add(&txq, &b, 1) < 0)
			break;
		tx_posted++;
		added = 1;
	}
	if (added)
		virtq_kick(&txq);
}

static void on_irq(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	sys_irq_ack(rxq.irq);
	take_rx();
	post_rx();
}

static int64_t open_nic(struct srv_req *r)
{
	int64_t a = sys_handle_dup(shared, H_HIGH, 0), b = sys_handle_dup(file, H_HIGH, 0);

	if (a < 0 || b < 0)
		return -EMFILE;
	srv_give(r, (handle_t)a);
	srv_give(r, (handle_t)b);
	r->m.w[1] = mac;
	r->m.w[2] = MTU;
	r->m.w[3] = NIC_LINK_UP;
	return 0;
}

static int64_t kick(void)
{
	post_tx();
	sys_file_ready(file, EV_IN, 0);
	take_rx();
	post_rx();
	return 0;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	if (CRED_UID(r->m.cred))
		return -EPERM;
	switch (r->m.w[0]) {
	case NIC_OPEN:
		return open_nic(r);
	case NIC_KICK:
		return kick();
	}
	return -ENOSYS;
}

static void read_mac(void)
{
	for (int i = 0; i < 6; i++)
		mac |= (uint64_t)vio.device[i] << (8 * i);
}

static void setup(handle_t dev)
{
	int err = virtio_open(&vio, dev, 1, 0, F_MAC);

	if (err == -ENODEV)
		exit(0);		/* no card */
	if (!err)
		err = virtio_queue(&vio, &rxq, 0, NIC_SLOTS);
	if (!err)
		err = virtio_queue(&vio, &txq, 1, NIC_SLOTS);
	if (err)
		srv_die("error %d", -err);
	mem = virtio_dma(dev, NIC_MEM_SIZE, &phys, &shared);
	if (!mem)
		srv_die("no memory for DMA");
	sh = (struct nic_shared *)mem;
	sh->rx.sleep = sh->tx.sleep = 1;
	read_mac();
	virtq_quiet(&txq, 1);
	virtio_ready(&vio);
}

int main(void)
{
	handle_t dev = srv_extra("dev");
	int64_t h;

	_Static_assert(sizeof(struct nic_shared) <= NIC_RX_OFF, "rings overlap the slots");
	srv.call = call;
	if (dev == H_NONE || srv_init(&srv))
		srv_die("no device");
	setup(dev);
	h = srv_file(&srv, 1, 02, 0, 0);
	if (h < 0)
		srv_die("no file: error %d", (int)-h);
	file = (handle_t)h;
	if (srv_watch(&srv, rxq.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	post_rx();
	if (srv_register("dev:nic0", file) < 0)
		srv_die("not registered");
	srv_run(&srv);
	return 1;
}
