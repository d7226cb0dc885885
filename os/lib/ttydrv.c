/* SPDX-License-Identifier: MIT */
/* The driver's end of a terminal; see ttydrv.h. */
#include <errno.h>
#include <fcntl.h>
#include "ttydrv.h"

static int attach(struct ttydrv *d);

static void again(struct ttydrv *d)
{
	srv_unwatch(d->srv, d->watch);
	sys_handle_close(d->h);
	d->h = H_NONE;
	if (attach(d))
		srv_die("%s: cannot attach again", d->name);
}

void ttydrv_more(struct ttydrv *d)
{
	for (;;) {
		int64_t n;

		if (d->at < d->len) {
			d->at += d->show(d, d->buf + d->at, d->len - d->at);
			if (d->at < d->len) {
				srv_rewatch(d->srv, d->watch, EV_HUP, 0);
				return;
			}
		}
		n = sys_read(d->h, d->buf, sizeof(d->buf));
		if (n <= 0)
			break;
		d->at = 0;
		d->len = (size_t)n;
	}
	srv_rewatch(d->srv, d->watch, EV_IN | EV_HUP, 0);
}

static void event(void *arg, uint32_t events)
{
	struct ttydrv *d = arg;

	if (events & EV_IN)
		ttydrv_more(d);
	if (events & EV_HUP)
		again(d);
}

static int attach(struct ttydrv *d)
{
	handle_t h[2];
	int64_t dev, err;

	dev = srv_lookup("/dev", 1);
	if (dev < 0)
		return (int)dev;
	err = sys_pair(h, O_CLOEXEC | O_NONBLOCK);
	if (err >= 0) {
		err = srv_send((handle_t)dev, T_ATTACH, d->name, d->rows | (uint64_t)d->cols << 16,
			       h[1], NULL);
		sys_handle_close(h[1]);
		d->h = h[0];
	}
	sys_handle_close((handle_t)dev);
	if (err < 0)
		return (int)err;
	d->watch = srv_watch(d->srv, d->h, EV_IN | EV_HUP, 0, event, d);
	return d->watch < 0 ? (int)d->watch : 0;
}

int ttydrv_init(struct ttydrv *d)
{
	d->at = d->len = 0;
	return attach(d);
}

void ttydrv_typed(struct ttydrv *d, const uint8_t *p, size_t n)
{
	sys_write(d->h, p, n);
}
