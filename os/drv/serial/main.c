/* SPDX-License-Identifier: MIT */
/* Driver of the first serial port (16550 at 0x3f8, line 4): terminal ttyS0. */
#include <errno.h>
#include <string.h>
#include "../../lib/ttydrv.h"

#define BASE	0x3f8
#define LINE	4
#define FIFO	16

enum { DATA = 0, IER = 1, IIR = 2, LCR = 3, MCR = 4, LSR = 5 };
#define IER_RX		1
#define IER_TX		2
#define LSR_RX		1
#define LSR_TX_EMPTY	0x20

static struct srv srv;
static handle_t dev, irq;
static int tx_irq;			/* the transmitter's interrupt is enabled */

static uint8_t in(int reg)
{
	return (uint8_t)sys_dev_io(dev, DEV_IN8, (uint16_t)(BASE + reg), 0);
}

static void out(int reg, uint8_t v)
{
	sys_dev_io(dev, DEV_OUT8, (uint16_t)(BASE + reg), v);
}

static void want_tx(int on)
{
	if (tx_irq == on)
		return;
	tx_irq = on;
	out(IER, IER_RX | (on ? IER_TX : 0));
}

/*
 * A line at a time, so that the kernel's do not come into it; what has no end yet goes as far as the FIFO takes it
 * (the kernel waits for the line with more).
 */
static size_t piece(const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '\n', n < DEV_OUTS_MAX ? n : DEV_OUTS_MAX);

	return end ? (size_t)(end - p) + 1 : n < FIFO ? n : FIFO;
}

static size_t show(struct ttydrv *d, const uint8_t *p, size_t n)
{
	size_t done = 0;

	(void)d;
	while (done < n && (in(LSR) & LSR_TX_EMPTY)) {
		int64_t sent = sys_dev_outs(dev, BASE + DATA, p + done, piece(p + done, n - done));

		if (sent <= 0)
			break;
		done += (size_t)sent;
	}
	want_tx(done < n);
	return done;
}

static struct ttydrv tty = { .srv = &srv, .name = "ttyS0", .show = show };

static void on_irq(void *arg, uint32_t events)
{
	uint8_t buf[64];
	size_t n = 0;

	(void)arg;
	(void)events;
	in(IIR);
	while (n < sizeof(buf) && (in(LSR) & LSR_RX))
		buf[n++] = in(DATA);
	if (n)
		ttydrv_typed(&tty, buf, n);
	if (tx_irq)
		ttydrv_more(&tty);
	sys_irq_ack(irq);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	(void)r;
	return -ENOSYS;
}

int main(void)
{
	int64_t h;

	srv.call = call;
	dev = srv_extra("dev");
	if (dev == H_NONE || srv_init(&srv))
		srv_die("no device");
	h = sys_dev_irq(dev, LINE, NULL);
	if (h < 0)
		srv_die("no interrupt: error %d", (int)-h);
	irq = (handle_t)h;
	out(IER, 0);
	out(LCR, 0x80);
	out(DATA, 1);			/* 115200 */
	out(IER, 0);
	out(LCR, 3);			/* 8N1 */
	out(IIR, 7);			/* FIFOs on and empty */
	out(MCR, 0x0b);
	if (ttydrv_init(&tty))
		srv_die("cannot attach");
	if (srv_watch(&srv, irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	out(IER, IER_RX);
	srv_run(&srv);
	return 1;
}
