/* SPDX-License-Identifier: MIT */
/*
 * Disks: SCSI commands by the bulk-only transport, one at a time. Command and data are given to the
 * controller together, the request for the status when the data is done (QEMU 7 loses one that is
 * there earlier). After any error both endpoints are emptied and the device is told to begin again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "xhci.h"

#define MOST		(64u << 10)	/* bytes a TRB can have */
#define BULK_RESET	0xff
#define TRIES		5
#define CBW_SIZE	31
#define CSW_SIZE	13
#define CSW_AT		64		/* in the device's buffer, behind the command */
#define DATA_AT		128
enum { TEST_UNIT_READY = 0, REQUEST_SENSE = 3, READ_CAPACITY = 0x25, READ10 = 0x28, WRITE10 = 0x2a,
       SYNCHRONIZE = 0x35 };

struct storage {
	struct usb *u;
	struct blkdrv blk;
	struct blk_io *io;		/* at the device, or NULL: our own command */
	uint32_t tag;
	uint64_t data_trb, status_trb;	/* whose events end these parts; 0: not given */
	volatile int ended;		/* 1 well, 2 failed, 3 transport error */
};

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static uint32_t big32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void ask_status(struct storage *s)
{
	struct usb *u = s->u;

	s->status_trb = ring_put(&u->in.ring, u->buf_phys + CSW_AT, CSW_SIZE, TRB_TYPE(TRB_NORMAL) | TRB_IOC);
	host_doorbell(u->slot, u->in.id);
}

static void begin(struct storage *s, const uint8_t *cdb, unsigned n, int in, uint64_t phys, uint32_t len)
{
	struct usb *u = s->u;
	uint8_t *c = u->buf;

	memset(c, 0, DATA_AT);
	put32(c, 0x43425355);
	put32(c + 4, ++s->tag);
	put32(c + 8, len);
	c[12] = in ? 0x80 : 0;
	c[14] = (uint8_t)n;
	memcpy(c + 15, cdb, n);
	s->ended = 0;
	s->data_trb = s->status_trb = 0;
	ring_put(&u->out.ring, u->buf_phys, CBW_SIZE, TRB_TYPE(TRB_NORMAL));
	if (len)
		s->data_trb = ring_put(in ? &u->in.ring : &u->out.ring, phys, len,
				       TRB_TYPE(TRB_NORMAL) | TRB_IOC | TRB_SHORT);
	host_doorbell(u->slot, u->out.id);
	if (!len)
		ask_status(s);
	else if (in)
		host_doorbell(u->slot, u->in.id);
}

static int recover(struct storage *s)
{
	int err = device_control(s->u, 0x21, BULK_RESET, 0, s->u->interface, 0);

	if (!err)
		err = device_unhalt(s->u, &s->u->in);
	return err ? err : device_unhalt(s->u, &s->u->out);
}

/* Is the status that of our command, and a good one? */
static int judge(const struct storage *s)
{
	const uint8_t *w = s->u->buf + CSW_AT;

	if (memcmp(w, "USBS", 4) || memcmp(w + 4, &s->tag, 4) || w[12] > 1)
		return 3;
	return w[12] ? 2 : 1;
}

/* Runs outside the handling of events, for recover waits for some. */
static void finish(struct storage *s)
{
	struct blk_io *io = s->io;
	int how = s->ended;

	if (!io || !how)
		return;
	s->io = NULL;
	if (how == 3 && recover(s)) {
		blk_gone(&s->blk);
		return;
	}
	blk_done(&s->blk, io, how == 1 ? 0 : -EIO);
}

static void done(struct usb *u, unsigned ep, uint64_t trb, unsigned code, uint32_t left)
{
	struct storage *s = u->driver;

	(void)ep;
	(void)left;
	if (s->ended)
		return;
	if (code != CODE_SUCCESS && code != CODE_SHORT)
		s->ended = 3;
	else if (trb == s->data_trb)
		ask_status(s);
	else if (trb == s->status_trb)
		s->ended = judge(s);
}

void storage_finish(void)
{
	for (unsigned i = 1; i <= MAX_SLOTS; i++)
		if (usb_devices[i].slot && usb_devices[i].done == done)
			finish(usb_devices[i].driver);
}

/* A command of our own with its data behind DATA_AT: 0 or -errno. */
static int command(struct storage *s, uint8_t op, unsigned n, uint32_t len, uint8_t arg)
{
	uint8_t cdb[16] = { op };
	int how;

	cdb[4] = arg;
	begin(s, cdb, n, 1, s->u->buf_phys + DATA_AT, len);
	how = host_wait(&s->ended);
	if (how == 1)
		return 0;
	if (how != 2 && recover(s))
		return -ENODEV;
	return how < 0 ? how : -EIO;
}

static int submit(struct blkdrv *b, struct blk_io *io)
{
	struct storage *s = b->arg;
	uint32_t lba = (uint32_t)(io->pos / b->sector), count = io->len / b->sector;
	uint8_t cdb[10] = {
		io->op == B_READ ? READ10 : io->op == B_WRITE ? WRITE10 : SYNCHRONIZE, 0,
		(uint8_t)(lba >> 24), (uint8_t)(lba >> 16), (uint8_t)(lba >> 8), (uint8_t)lba, 0,
		(uint8_t)(count >> 8), (uint8_t)count,
	};

	if (s->u->gone)
		return -EIO;
	s->io = io;
	begin(s, cdb, sizeof(cdb), io->op == B_READ, io->phys, io->len);
	return 0;
}

static int reset(struct blkdrv *b)
{
	struct storage *s = b->arg;

	s->io = NULL;
	return s->u->gone ? -ENODEV : recover(s);
}

static void removed(struct usb *u)
{
	struct storage *s = u->driver;

	s->io = NULL;
	blk_gone(&s->blk);
	u->done = NULL;
}

static int capacity(struct storage *s)
{
	const uint8_t *p = s->u->buf + DATA_AT;
	int err = -EIO;

	/* The first commands report what happened before: that it was switched on. */
	for (int i = 0; i < TRIES && err; i++) {
		err = command(s, TEST_UNIT_READY, 6, 0, 0);
		if (err == -EIO)
			command(s, REQUEST_SENSE, 6, 18, 18);
		else if (err)
			return err;
	}
	if (!err)
		err = command(s, READ_CAPACITY, 10, 8, 0);
	if (err)
		return err;
	s->blk.sector = big32(p + 4);
	s->blk.size = ((uint64_t)big32(p) + 1) * s->blk.sector;
	return (s->blk.sector == 512 || s->blk.sector == 4096) && big32(p) != UINT32_MAX ? 0 : -ENOTSUP;
}

/* Stays when its device goes, for its names do. */
int storage_attach(struct usb *u)
{
	struct storage *s = calloc(1, sizeof(*s));
	int err;

	if (!s || !u->out.id)
		return -ENOMEM;
	s->u = u;
	u->driver = s;
	u->done = done;
	err = capacity(s);
	if (err)
		return err;
	s->blk = (struct blkdrv){
		.srv = &xhci_srv, .dev = xhci_pci.dev, .size = s->blk.size, .sector = s->blk.sector,
		.depth = 1, .slot_max = MOST, .submit = submit, .reset = reset, .arg = s,
	};
	snprintf(s->blk.name, sizeof(s->blk.name), "usb%u", MAX_PORTS * xhci_unit + u->port);
	u->removed = removed;
	return blk_add(&s->blk);
}
