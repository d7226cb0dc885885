/* SPDX-License-Identifier: MIT */
/*
 * Driver of the PS/2 keyboard (ports 0x60 and 0x64, line 1): registers "dev:kbd0" and streams key
 * events (abi/input.h) to who opened it last. The controller translates to scan code set 1.
 */
#include <errno.h>
#include <fcntl.h>
#include "../../abi/input.h"
#include "../../lib/srv.h"

#define DATA		0x60
#define STATUS		0x64
#define OUT_FULL	1
#define IN_FULL		2
#define FROM_MOUSE	0x20
#define LINE		1

static struct srv srv;
static handle_t dev, irq, reader = H_NONE;
static int extended;			/* the last byte was 0xe0 */
static uint8_t down[256 / 8];		/* keys that are down: an up-less press is a repeat */

/* Set 1 codes after 0xe0 to Linux's key codes; the plain ones are the same numbers up to 0x58. */
static const struct { uint8_t scan, key; } ext[] = {
	{ 0x1c, 96 }, { 0x1d, 97 }, { 0x35, 98 }, { 0x37, 99 }, { 0x38, 100 }, { 0x47, 102 },
	{ 0x48, 103 }, { 0x49, 104 }, { 0x4b, 105 }, { 0x4d, 106 }, { 0x4f, 107 }, { 0x50, 108 },
	{ 0x51, 109 }, { 0x52, 110 }, { 0x53, 111 }, { 0x5b, 125 }, { 0x5c, 126 }, { 0x5d, 127 },
};

static uint8_t in(uint16_t port)
{
	return (uint8_t)sys_dev_io(dev, DEV_IN8, port, 0);
}

static void out(uint16_t port, uint8_t v)
{
	for (int i = 0; i < 10000 && (in(STATUS) & IN_FULL); i++)
		;
	sys_dev_io(dev, DEV_OUT8, port, v);
}

static uint16_t key_of(uint8_t scan, int e0)
{
	if (!e0)
		return scan <= 0x58 ? scan : 0;
	for (unsigned i = 0; i < sizeof(ext) / sizeof(ext[0]); i++)
		if (ext[i].scan == scan)
			return ext[i].key;
	return 0;
}

static void send(uint16_t key, int up)
{
	struct input_event e = { INPUT_KEY, key, up ? 0 : 1 };
	uint8_t bit = (uint8_t)(1 << key % 8);

	if (!up && (down[key / 8] & bit))
		e.value = 2;
	if (up)
		down[key / 8] &= (uint8_t)~bit;
	else
		down[key / 8] |= bit;
	/* Nobody there, or a reader that is too slow: the event is lost. */
	if (reader != H_NONE)
		sys_write(reader, &e, sizeof(e));
}

static void scan(uint8_t byte)
{
	uint16_t key;

	if (byte == 0xe0) {
		extended = 1;
		return;
	}
	key = key_of(byte & 0x7f, extended);
	extended = 0;
	if (key)
		send(key, byte & 0x80);
}

static void drain(void)
{
	uint8_t status;

	while ((status = in(STATUS)) & OUT_FULL) {
		uint8_t byte = in(DATA);

		if (!(status & FROM_MOUSE))
			scan(byte);
	}
}

static void on_irq(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	drain();
	sys_irq_ack(irq);
}

static int64_t open_stream(struct srv_req *r)
{
	handle_t h[2];
	int64_t err = sys_pair(h, O_CLOEXEC | O_NONBLOCK);

	if (err < 0)
		return err;
	if (reader != H_NONE)
		sys_handle_close(reader);
	reader = h[0];
	srv_give(r, h[1]);
	return 0;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	return r->m.w[0] == I_OPEN ? open_stream(r) : -ENOSYS;
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
	if (srv_watch(&srv, irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	out(STATUS, 0xae);			/* keyboard on */
	out(STATUS, 0x60);			/* command byte: interrupt 1, translation */
	out(DATA, 0x61);
	out(DATA, 0xf4);			/* scanning on */
	drain();
	h = srv_file(&srv, 1, 02, 0, 0);
	if (h < 0 || srv_register("dev:kbd0", (handle_t)h) < 0)
		srv_die("not registered");
	srv_run(&srv);
	return 1;
}
