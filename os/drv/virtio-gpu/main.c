/* SPDX-License-Identifier: MIT */
/*
 * Driver of virtio display adapters, two dimensions: sets a mode on the first output and serves its
 * pixels as "dev:gpu0" (abi/gpu.h). The pixels are DMA memory that the user draws in; G_FLUSH
 * sends what changed to the device. While a flush is on its way further ones are gathered.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../abi/gpu.h"
#include "../../lib/srv.h"
#include "../../lib/virtio.h"

#define WIDTH		1024
#define HEIGHT		768
#define BYTES		(WIDTH * HEIGHT * 4)
#define RESOURCE	1
#define FORMAT_BGRX	2
#define ANSWER_MS	5000
#define OK_FIRST	0x1100u
#define OK_LAST		0x11ffu

enum {
	CREATE_2D = 0x101, SET_SCANOUT = 0x103, FLUSH = 0x104, TRANSFER = 0x105, ATTACH = 0x106,
};

struct head { uint32_t type, flags; uint64_t fence; uint32_t context, pad; };
struct rect { uint32_t x, y, w, h; };
struct create { struct head head; uint32_t id, format, width, height; };
struct attach { struct head head; uint32_t id, n; uint64_t addr; uint32_t len, pad; };
struct scanout { struct head head; struct rect r; uint32_t output, id; };
struct transfer { struct head head; struct rect r; uint64_t off; uint32_t id, pad; };
struct flush { struct head head; struct rect r; uint32_t id, pad; };

static struct srv srv;
static struct virtio vio;
static struct virtq q;
static uint8_t *page;			/* two commands of 256 bytes, then their answers */
static uint64_t page_phys, phys;
static handle_t pixels;
static int busy;			/* commands at the device */
static struct rect dirty;		/* to be sent when these are done; w 0: nothing */

/* Command `at` (0 or 1) with its answer. */
static void put(int at, const void *cmd, uint32_t n)
{
	struct virtio_buf b[2] = {
		{ page_phys + (uint64_t)at * 256, n, 0 },
		{ page_phys + 512 + (uint64_t)at * 256, sizeof(struct head), 1 },
	};

	memcpy(page + at * 256, cmd, n);
	if (virtq_add(&q, b, 2) >= 0)
		busy++;
}

static int answer(int at)
{
	uint32_t type = ((volatile struct head *)(page + 512 + at * 256))->type;

	return type >= OK_FIRST && type <= OK_LAST ? 0 : -EIO;
}

/* A command, waited for: only before the device serves anybody. */
static int command(const void *cmd, uint32_t n)
{
	int64_t end = srv_now() + ANSWER_MS * 1000000ll;
	uint32_t len;

	put(0, cmd, n);
	virtq_kick(&q);
	while (virtq_done(&q, &len) < 0) {
		if (srv_now() > end)
			return -ETIMEDOUT;
		sys_sleep(srv_now() + 20000);
	}
	busy = 0;
	return answer(0);
}

static int set_mode(void)
{
	struct create c = { { .type = CREATE_2D }, RESOURCE, FORMAT_BGRX, WIDTH, HEIGHT };
	struct attach a = { { .type = ATTACH }, RESOURCE, 1, phys, BYTES, 0 };
	struct scanout s = { { .type = SET_SCANOUT }, { 0, 0, WIDTH, HEIGHT }, 0, RESOURCE };
	int err = command(&c, sizeof(c));

	if (!err)
		err = command(&a, sizeof(a));
	return err ? err : command(&s, sizeof(s));
}

static void send_dirty(void)
{
	struct transfer t = { { .type = TRANSFER }, dirty,
			      ((uint64_t)dirty.y * WIDTH + dirty.x) * 4, RESOURCE, 0 };
	struct flush f = { { .type = FLUSH }, dirty, RESOURCE, 0 };

	if (busy || !dirty.w)
		return;
	dirty.w = 0;
	put(0, &t, sizeof(t));
	put(1, &f, sizeof(f));
	virtq_kick(&q);
}

static void on_irq(void *arg, uint32_t events)
{
	uint32_t len;

	(void)arg;
	(void)events;
	sys_irq_ack(q.irq);
	while (virtq_done(&q, &len) >= 0)
		busy--;
	send_dirty();
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The rectangle around both. */
static void add_dirty(struct rect r)
{
	uint32_t right = r.x + r.w, bottom = r.y + r.h;

	if (dirty.w) {
		right = right > dirty.x + dirty.w ? right : dirty.x + dirty.w;
		bottom = bottom > dirty.y + dirty.h ? bottom : dirty.y + dirty.h;
		r.x = least(r.x, dirty.x);
		r.y = least(r.y, dirty.y);
	}
	dirty = (struct rect){ r.x, r.y, right - r.x, bottom - r.y };
}

static int64_t flush(const struct srv_req *r)
{
	uint64_t x = r->m.w[1], y = r->m.w[2], w = r->m.w[3], h = r->m.w[4];

	if (x > WIDTH || w > WIDTH - x || y > HEIGHT || h > HEIGHT - y)
		return -EINVAL;
	if (w && h)
		add_dirty((struct rect){ (uint32_t)x, (uint32_t)y, (uint32_t)w, (uint32_t)h });
	send_dirty();
	return 0;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	int64_t h;

	(void)s;
	if (CRED_UID(r->m.cred))
		return -EPERM;
	if (r->m.w[0] == G_FLUSH)
		return flush(r);
	if (r->m.w[0] != G_OPEN)
		return -ENOSYS;
	h = sys_handle_dup(pixels, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	r->m.w[1] = r->m.w[3] = WIDTH;
	r->m.w[2] = HEIGHT;
	return 0;
}

int main(int argc, char **argv)
{
	char name[24];
	int64_t h;
	int err;

	srv.call = call;
	pci_open_arg(argc, argv, &vio.pci);
	err = srv_init(&srv);
	if (!err)
		err = virtio_open(&vio, 0);
	if (!err)
		err = virtio_queue(&vio, &q, 0, 16);
	page = pci_dma(vio.pci.dev, ABI_PAGE, &page_phys, NULL);
	if (err || !page || !pci_dma(vio.pci.dev, BYTES, &phys, &pixels))
		srv_die("error %d", err ? -err : ENOMEM);
	virtio_ready(&vio);
	err = set_mode();
	if (err)
		srv_die("no mode: error %d", -err);
	if (srv_watch(&srv, q.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	h = srv_file(&srv, 1, 02, 0, 0);
	snprintf(name, sizeof(name), "dev:gpu%.4s", argc > 2 ? argv[2] : "0");
	if (h < 0 || srv_register(name, (handle_t)h) < 0)
		srv_die("not registered");
	srv_run(&srv);
	return 1;
}
