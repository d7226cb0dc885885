/* SPDX-License-Identifier: MIT */
/* Terminals of drivers: bytes go and come through a pair of which the driver holds the other end. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "ptyd.h"

static void detach(struct tty *t)
{
	if (t->drv == H_NONE)
		return;
	srv_unwatch(&ptyd, t->watch);
	sys_handle_close(t->drv);
	t->drv = H_NONE;
	t->out_blocked = 0;
}

void attach_drain(struct tty *t)
{
	const uint8_t *p;
	size_t n;

	if (t->is_pty)
		return;
	/* Nobody shows it: keep what fits, so that the beginning is seen later. */
	if (t->drv == H_NONE) {
		if (ld_out_space(&t->l) < 64)
			ld_flush(&t->l, 0, 1);
		return;
	}
	t->out_blocked = 0;
	while ((n = ld_peek(&t->l, &p))) {
		int64_t done = sys_write(t->drv, p, n);

		if (done <= 0) {
			t->out_blocked = done == -EAGAIN;
			return;
		}
		ld_skip(&t->l, (size_t)done);
	}
}

/* Raw input waits in the pair while the queue is full. */
static size_t input_space(const struct tty *t)
{
	return t->l.t.c_lflag & ICANON ? 512 : LD_IN - (t->l.in_head - t->l.in_tail);
}

void attach_watch(struct tty *t)
{
	uint32_t want = EV_HUP;

	if (t->drv == H_NONE)
		return;
	if (input_space(t))
		want |= EV_IN;
	if (t->out_blocked)
		want |= EV_OUT;
	if (want == t->wanted)
		return;
	t->wanted = want;
	srv_rewatch(&ptyd, t->watch, want, 0);
}

static void on_driver(void *arg, uint32_t events)
{
	struct tty *t = arg;
	uint8_t buf[512];

	if (events & EV_IN) {
		size_t space = input_space(t);
		size_t want = space < sizeof(buf) ? space : sizeof(buf);
		int64_t n = want ? sys_read(t->drv, buf, want) : 0;

		if (n > 0)
			ld_input(&t->l, buf, (size_t)n);
		else if (n == 0 && space)
			events |= EV_HUP;
	}
	if ((events & EV_HUP) && !(events & EV_IN))
		detach(t);
	tty_update(t);
}

static void set_size(struct tty *t, uint64_t w)
{
	struct winsize ws = { .ws_row = (uint16_t)w, .ws_col = (uint16_t)(w >> 16) };

	if (ws.ws_row && ws.ws_col)
		tty_resize(t, &ws);
}

int64_t attach_driver(struct srv_req *r, const char *name)
{
	struct tty *t = tty_by_name(name);
	handle_t h;

	if (!t && r->m.w[0] == T_ATTACH && !strchr(name, '/') && strlen(name) < sizeof(t->name))
		t = tty_new(name);
	if (!t || t->is_pty)
		return -ENXIO;
	set_size(t, r->m.w[1]);
	if (r->m.w[0] == T_RESIZE)
		return 0;
	h = srv_take(r, 0);
	if (h == H_NONE)
		return -EINVAL;
	detach(t);
	t->drv = h;
	sys_file_flags(h, O_NONBLOCK, O_NONBLOCK);
	t->wanted = EV_IN | EV_HUP;
	t->watch = srv_watch(&ptyd, h, t->wanted, 0, on_driver, t);
	if (t->watch < 0)
		return t->watch;
	tty_update(t);
	return 0;
}
