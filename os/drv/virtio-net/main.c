/* SPDX-License-Identifier: MIT */
/* Driver of virtio network cards: "virtio-net BB:DD.F N" makes the card nicN (lib/nicdrv). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/nicdrv.h"
#include "../../lib/virtio.h"

#define F_MAC		(1ull << 5)
#define HDR		12		/* struct virtio_net_hdr with num_buffers */

static struct srv srv;
static struct virtio vio;
static struct virtq rxq, txq;

static int rx_post(uint64_t phys, uint32_t len)
{
	struct virtio_buf b = { phys, len, 1 };

	return virtq_add(&rxq, &b, 1);
}

static int tx_post(uint64_t phys, uint32_t len)
{
	struct virtio_buf b = { phys, len, 0 };

	return virtq_add(&txq, &b, 1);
}

static int rx_take(uint32_t *len)
{
	if (virtq_done(&rxq, len) < 0)
		return 0;
	*len = *len > HDR ? *len - HDR : 0;
	return 1;
}

static int tx_done(void)
{
	uint32_t len;

	return virtq_done(&txq, &len) >= 0;
}

static void rx_kick(void)
{
	virtq_kick(&rxq);
}

static void tx_kick(void)
{
	virtq_kick(&txq);
}

static struct nicdrv nic = {
	.srv = &srv, .head = HDR, .rx_post = rx_post, .tx_post = tx_post, .rx_take = rx_take,
	.tx_done = tx_done, .rx_kick = rx_kick, .tx_kick = tx_kick,
};

static void on_irq(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	sys_irq_ack(rxq.irq);
	nic_received(&nic);
}

static void setup(void)
{
	int err = virtio_open(&vio, F_MAC);

	if (!err)
		err = virtio_queue(&vio, &rxq, 0, NIC_SLOTS);
	if (!err)
		err = virtio_queue(&vio, &txq, 1, NIC_SLOTS);
	if (err || !vio.device)
		srv_die("error %d", err ? -err : ENODEV);
	for (int i = 0; i < 6; i++)
		nic.mac[i] = vio.device[i];
	virtq_quiet(&txq, 1);
	virtio_ready(&vio);
}

int main(int argc, char **argv)
{
	pci_open_arg(argc, argv, &vio.pci);
	nic.dev = vio.pci.dev;
	nic.unit = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	if (srv_init(&srv) || nic_init(&nic))
		srv_die("no memory");
	setup();
	if (srv_watch(&srv, rxq.irq, EV_IN, 0, on_irq, NULL) < 0 || nic_start(&nic) < 0)
		srv_die("not registered");
	srv_run(&srv);
	return 1;
}
