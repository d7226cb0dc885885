/* SPDX-License-Identifier: MIT */
/*
 * The screen console: terminal tty0 on a frame buffer, keys from all keyboards. At first it shows the
 * kernel's log so far.
 */
#include <errno.h>
#include <stdlib.h>
#include "../../lib/ttydrv.h"
#include "fb.h"

#define MS		1000000ll

static struct srv srv;
static struct screen screen;
static struct srv_timer frame_timer;

static size_t show(struct ttydrv *d, const uint8_t *p, size_t n)
{
	(void)d;
	term_write(p, n);
	/* Output in a row is drawn at most every 10 ms; the timer draws what is left. */
	if (!frame_timer.deadline)
		srv_timer_set(&srv, &frame_timer, srv_now() + 10 * MS);
	return n;
}

static struct ttydrv tty = { .srv = &srv, .name = "tty0", .show = show };

static void typed(const char *p, size_t n)
{
	ttydrv_typed(&tty, (const uint8_t *)p, n);
}

static void frame(void *arg)
{
	(void)arg;
	term_render();
}

static void show_log(void)
{
	char buf[1024];
	uint64_t off = 0;
	int64_t n;

	while ((n = sys_log_read(off, buf, sizeof(buf))) > 0) {
		for (int64_t i = 0; i < n; i++) {
			if (buf[i] == '\n')
				term_write((const uint8_t *)"\r", 1);
			term_write((const uint8_t *)buf + i, 1);
		}
		off += (uint64_t)n;
	}
	term_render();
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	(void)r;
	return -ENOSYS;
}

int main(int argc, char **argv)
{
	handle_t dev = srv_extra("dev");
	int err;

	srv.call = call;
	if (argc < 2 || srv_init(&srv))
		srv_die("usage: fb ADDRESS|loader|gpu");
	err = display_open(dev, argv[1], &screen);
	if (err == -ENODEV || err == -ENOENT)
		exit(0);		/* no screen */
	if (err || term_init(&screen, typed))
		srv_die("cannot use the display: error %d", -err);
	keys_init(typed);
	frame_timer.fn = frame;
	show_log();
	tty.rows = (uint16_t)term_rows();
	tty.cols = (uint16_t)term_cols();
	if (ttydrv_init(&tty))
		srv_die("cannot attach");
	keyboards_init(&srv);
	srv_run(&srv);
	return 1;
}
