/* SPDX-License-Identifier: MIT */
/*
 * The screen console: terminal tty0 on a frame buffer, keys from "dev:kbd0". At first it shows the
 * kernel's log so far.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include "../../lib/ttydrv.h"
#include "fb.h"

#define MS		1000000ll
#define KBD_RETRY	(200 * MS)

static struct srv srv;
static struct screen screen;
static handle_t kbd = H_NONE;
static int64_t kbd_watch;
static struct srv_timer kbd_timer, frame_timer;

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

static void on_keys(void *arg, uint32_t events)
{
	struct input_event e[16];
	int64_t n = events & EV_IN ? sys_read(kbd, e, sizeof(e)) : 0;

	(void)arg;
	for (int64_t i = 0; i < n / (int64_t)sizeof(e[0]); i++)
		keys_event(&e[i]);
	if (n > 0) {
		term_render();
		return;
	}
	if (!(events & EV_HUP))
		return;
	/* The keyboard's driver was restarted. */
	srv_unwatch(&srv, kbd_watch);
	sys_handle_close(kbd);
	kbd = H_NONE;
	srv_timer_set(&srv, &kbd_timer, srv_now() + KBD_RETRY);
}

static void find_keyboard(void *arg)
{
	int64_t dev = srv_device("kbd0", 0), err = dev;

	(void)arg;
	if (dev >= 0) {
		err = srv_send((handle_t)dev, I_OPEN, NULL, 0, H_NONE, &kbd);
		sys_handle_close((handle_t)dev);
	}
	if (err < 0 || kbd == H_NONE) {
		srv_timer_set(&srv, &kbd_timer, srv_now() + KBD_RETRY);
		return;
	}
	sys_file_flags(kbd, O_NONBLOCK, O_NONBLOCK);
	kbd_watch = srv_watch(&srv, kbd, EV_IN | EV_HUP, 0, on_keys, NULL);
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

int main(void)
{
	handle_t dev = srv_extra("dev");
	int err;

	srv.call = call;
	if (dev == H_NONE || srv_init(&srv))
		srv_die("no device");
	err = display_open(dev, &screen);
	if (err == -ENODEV || err == -ENOENT)
		exit(0);		/* no screen */
	if (err || term_init(&screen, typed))
		srv_die("cannot use the display: error %d", -err);
	keys_init(typed);
	frame_timer.fn = frame;
	kbd_timer.fn = find_keyboard;
	show_log();
	tty.rows = (uint16_t)term_rows();
	tty.cols = (uint16_t)term_cols();
	if (ttydrv_init(&tty))
		srv_die("cannot attach");
	find_keyboard(NULL);
	srv_run(&srv);
	return 1;
}
