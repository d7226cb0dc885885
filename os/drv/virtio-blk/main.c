/* SPDX-License-Identifier: MIT */
/*
 * Driver of virtio block devices: registers "dev:blk0" and answers B_* (abi/file.h). Requests are
 * copied through slots of DMA memory; what does not find a slot waits in order. Devices blk1 and so
 * on are served by further processes of it: "virtio-blk N".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/srv.h"
#include "../../lib/virtio.h"

#define SECTOR		512
#define NSLOTS		32
#define SLOT_SIZE	(128u << 10)
#define F_RO		(1ull << 5)
#define F_FLUSH		(1ull << 9)
#define QUEUE_MAX	128

enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4 };

struct header { uint32_t type, reserved; uint64_t sector; };

/* A slot: its header and status lie in one DMA page, its data in another area. */
struct slot {
	struct slot *next;		/* free list */
	struct job *job;
	uint32_t len;			/* bytes of this piece */
	uint64_t off;			/* its place in the job's range */
	unsigned i;
};

/* A call being worked on: cut into pieces of SLOT_SIZE. */
struct job {
	struct job *next;		/* waiting for slots */
	uint64_t token, pos, len, issued, done;
	uint32_t type;
	int error, pieces;		/* pieces at the device */
};

static struct srv srv;
static struct virtio vio;
static struct virtq q;
static struct slot slots[NSLOTS], *free_slots, *by_head[QUEUE_MAX];
static struct job *first, **last = &first;
static uint8_t *data;
static struct header *headers;
static volatile uint8_t *status;
static uint64_t data_phys, head_phys, capacity;

static void end_job(struct job *j)
{
	srv_reply(j->token, j->error ? j->error : (int64_t)j->len);
	free(j);
}

static int submit(struct job *j, struct slot *s)
{
	uint64_t status_phys = head_phys + NSLOTS * sizeof(struct header) + s->i;
	struct virtio_buf b[3] = {
		{ head_phys + s->i * sizeof(struct header), sizeof(struct header), 0 },
		{ data_phys + (uint64_t)s->i * SLOT_SIZE, s->len, j->type == T_IN },
		{ status_phys, 1, 1 },
	};
	int head;

	headers[s->i] = (struct header){ j->type, 0, (j->pos + s->off) / SECTOR };
	status[s->i] = 0xff;
	if (!s->len)
		b[1] = b[2];
	head = virtq_add(&q, b, s->len ? 3 : 2);
	if (head < 0)
		return head;
	by_head[head] = s;
	return 0;
}

/* Issues the next piece of j; false when there is no room at the device. */
static int issue(struct job *j)
{
	struct slot *s = free_slots;
	uint64_t left = j->len - j->issued;

	if (!s)
		return 0;
	s->job = j;
	s->off = j->issued;
	s->len = left < SLOT_SIZE ? (uint32_t)left : SLOT_SIZE;
	if (j->type == T_OUT &&
	    sys_msg_read(j->token, 0, s->off, data + (size_t)s->i * SLOT_SIZE, s->len) != s->len) {
		j->error = -EFAULT;
		j->issued = j->len;
		return 1;
	}
	if (submit(j, s))
		return 0;
	free_slots = s->next;
	j->issued += s->len;
	j->pieces++;
	return 1;
}

/* Moves waiting jobs to the device. */
static void pump(void)
{
	int kicked = 0;

	while (first) {
		struct job *j = first;

		if (!issue(j))
			break;
		kicked = 1;
		if (j->issued < j->len)
			continue;
		first = j->next;
		if (!first)
			last = &first;
		if (!j->pieces)
			end_job(j);
	}
	if (kicked)
		virtq_kick(&q);
}

static void piece_done(struct slot *s)
{
	struct job *j = s->job;

	if (status[s->i])
		j->error = status[s->i] == 2 ? -ENOTSUP : -EIO;
	else if (j->type == T_IN && s->len &&
		 sys_msg_write(j->token, 1, s->off, data + (size_t)s->i * SLOT_SIZE, s->len) < 0)
		j->error = -EFAULT;
	s->next = free_slots;
	free_slots = s;
	j->pieces--;
	if (!j->pieces && j->issued == j->len)
		end_job(j);
}

static void on_irq(void *arg, uint32_t events)
{
	uint32_t len;
	int head;

	(void)arg;
	(void)events;
	sys_irq_ack(q.irq);
	while ((head = virtq_done(&q, &len)) >= 0)
		if (head < QUEUE_MAX && by_head[head])
			piece_done(by_head[head]);
	pump();
}

static int64_t start(struct srv_req *r, uint32_t type)
{
	uint64_t pos = r->m.w[1], len = type == T_FLUSH ? 0 : r->m.w[2];
	struct job *j;

	if (type != T_FLUSH) {
		if (pos % SECTOR || len % SECTOR || pos > capacity || len > capacity - pos)
			return -EINVAL;
		if (r->m.r[type == T_IN].len < len)
			return -EFAULT;
		if (!len)
			return 0;
	} else if (!(vio.features & F_FLUSH)) {
		return 0;
	}
	if (type == T_OUT && (vio.features & F_RO))
		return -EROFS;
	j = calloc(1, sizeof(*j));
	if (!j)
		return -ENOMEM;
	j->token = r->m.token;
	j->type = type;
	j->pos = type == T_FLUSH ? 0 : pos;
	j->len = len;
	*last = j;
	last = &j->next;
	pump();
	return SRV_HELD;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	switch (r->m.w[0]) {
	case B_INFO:
		r->m.w[1] = capacity;
		r->m.w[2] = SECTOR;
		r->m.w[3] = vio.features & F_RO ? BLK_READONLY : 0;
		return 0;
	case B_READ:
		return start(r, T_IN);
	case B_WRITE:
		return start(r, T_OUT);
	case B_FLUSH:
		return start(r, T_FLUSH);
	}
	return -ENOSYS;
}

static void setup(handle_t dev, unsigned n)
{
	int err = virtio_open(&vio, dev, 2, n, F_RO | F_FLUSH);
	uint8_t *page;

	if (err == -ENODEV)
		exit(0);		/* no such disk: nothing to drive */
	if (!err)
		err = virtio_queue(&vio, &q, 0, QUEUE_MAX);
	if (err)
		srv_die("device %u: error %d", n, -err);
	data = virtio_dma(dev, (uint64_t)NSLOTS * SLOT_SIZE, &data_phys, NULL);
	page = virtio_dma(dev, ABI_PAGE, &head_phys, NULL);
	if (!data || !page)
		srv_die("no memory for DMA");
	headers = (struct header *)page;
	status = page + NSLOTS * sizeof(struct header);
	for (unsigned i = 0; i < NSLOTS; i++) {
		slots[i].i = i;
		slots[i].next = free_slots;
		free_slots = &slots[i];
	}
	capacity = *(volatile uint64_t *)vio.device * SECTOR;
	virtio_ready(&vio);
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
	handle_t dev = srv_extra("dev");
	char name[24];
	int64_t h;

	srv.call = call;
	if (dev == H_NONE || srv_init(&srv))
		srv_die("no device");
	setup(dev, n);
	if (srv_watch(&srv, q.irq, EV_IN, 0, on_irq, NULL) < 0)
		srv_die("cannot watch the interrupt");
	h = srv_file(&srv, 1, 02, 0, 0);
	snprintf(name, sizeof(name), "dev:blk%u", n);
	if (h < 0 || srv_register(name, (handle_t)h) < 0)
		srv_die("not registered");
	srv_log("%s: %llu MiB", name + 4, (unsigned long long)(capacity >> 20));
	srv_run(&srv);
	return 1;
}
