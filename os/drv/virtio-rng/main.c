/* SPDX-License-Identifier: MIT */
/* Driver of virtio entropy devices: what they give is mixed into the kernel's random numbers. */
#include <errno.h>
#include <stdlib.h>
#include "../../lib/srv.h"
#include "../../lib/virtio.h"

#define BYTES		64		/* each time */
#define FIRST		4		/* times at the start */
#define PAUSE		(600 * 1000000000ll)

static struct srv srv;
static struct virtio vio;
static struct virtq q;
static uint8_t *buf;
static uint64_t phys;
static unsigned times;
static struct srv_timer timer;

static void ask(void *arg)
{
	struct virtio_buf b = { phys, BYTES, 1 };

	(void)arg;
	if (virtq_add(&q, &b, 1) >= 0)
		virtq_kick(&q);
}

static void on_irq(void *arg, uint32_t events)
{
	uint32_t len;

	(void)arg;
	(void)events;
	sys_irq_ack(q.irq);
	if (virtq_done(&q, &len) < 0)
		return;
	sys6(SYS_random_add, SYS_ARG(vio.pci.dev), SYS_ARG(buf), len < BYTES ? len : BYTES, 0, 0, 0);
	if (++times == 1)
		srv_log("random numbers of the device are used");
	if (times < FIRST)
		ask(NULL);
	else
		srv_timer_set(&srv, &timer, srv_now() + PAUSE);
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

	pci_open_arg(argc, argv, &vio.pci);
	srv.call = call;
	err = srv_init(&srv);
	if (!err)
		err = virtio_open(&vio, 0);
	if (!err)
		err = virtio_queue(&vio, &q, 0, 8);
	buf = pci_dma(vio.pci.dev, ABI_PAGE, &phys, NULL);
	if (err || !buf)
		srv_die("error %d", err ? -err : ENOMEM);
	if (srv_watch(&srv, q.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	timer.fn = ask;
	virtio_ready(&vio);
	ask(NULL);
	srv_run(&srv);
	return 1;
}
