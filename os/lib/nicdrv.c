/* SPDX-License-Identifier: MIT */
/* Network cards: the driver's end of the frame rings; see nicdrv.h. One card a process. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "nicdrv.h"
#include "pci.h"

static struct nicdrv *card;

static uint32_t load(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/* Gives the slots that netd has consumed back to the device. */
static void post_rx(struct nicdrv *n)
{
	uint32_t tail = load(&n->sh->rx.tail), added = 0;

	if (n->sh->rx.head - tail > NIC_SLOTS)
		return;
	while (n->rx_posted - tail < NIC_SLOTS) {
		uint64_t at = NIC_RX_OFF + (uint64_t)(n->rx_posted % NIC_SLOTS) * NIC_SLOT_SIZE;

		if (n->rx_post(n->phys + at + NIC_FRAME_OFF - n->head,
			       NIC_SLOT_SIZE - NIC_FRAME_OFF + n->head) < 0)
			break;
		n->rx_posted++;
		added = 1;
	}
	if (added)
		n->rx_kick();
}

/* The device fills slots in the order they were posted. */
static void take_rx(struct nicdrv *n)
{
	uint32_t head = n->sh->rx.head, len;

	while (head != n->rx_posted && n->rx_take(&len)) {
		n->sh->rx.len[head % NIC_SLOTS] = len <= NIC_SLOT_SIZE - NIC_FRAME_OFF ? len : 0;
		store(&n->sh->rx.head, ++head);
	}
	sys_file_ready(n->file, 0, head != load(&n->sh->rx.tail) ? EV_IN : 0);
}

static void post_tx(struct nicdrv *n)
{
	uint32_t head = load(&n->sh->tx.head), added = 0;

	while (n->sh->tx.tail != n->tx_posted && n->tx_done())
		store(&n->sh->tx.tail, n->sh->tx.tail + 1);
	if (head - n->tx_posted > NIC_SLOTS)
		return;
	while (n->tx_posted != head) {
		uint32_t slot = n->tx_posted % NIC_SLOTS, len = load(&n->sh->tx.len[slot]);
		uint64_t at = NIC_TX_OFF + (uint64_t)slot * NIC_SLOT_SIZE + NIC_FRAME_OFF - n->head;

		memset(n->mem + at, 0, n->head);
		if (n->tx_post(n->phys + at, n->head + (len < NIC_MAX_FRAME ? len : NIC_MAX_FRAME)) < 0)
			break;
		n->tx_posted++;
		added = 1;
	}
	if (added)
		n->tx_kick();
}

void nic_received(struct nicdrv *n)
{
	take_rx(n);
	post_rx(n);
}

void nic_sent(struct nicdrv *n)
{
	post_tx(n);
}

static int64_t open_nic(struct nicdrv *n, struct srv_req *r)
{
	int64_t a = sys_handle_dup(n->shared, H_HIGH, 0), b = sys_handle_dup(n->file, H_HIGH, 0);

	if (a < 0 || b < 0)
		return -EMFILE;
	srv_give(r, (handle_t)a);
	srv_give(r, (handle_t)b);
	r->m.w[1] = 0;
	for (unsigned i = 0; i < 6; i++)
		r->m.w[1] |= (uint64_t)n->mac[i] << (8 * i);
	r->m.w[2] = NIC_MTU;
	r->m.w[3] = NIC_LINK_UP;
	return 0;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	if (CRED_UID(r->m.cred))
		return -EPERM;
	switch (r->m.w[0]) {
	case NIC_OPEN:
		return open_nic(card, r);
	case NIC_KICK:
		post_tx(card);
		sys_file_ready(card->file, EV_IN, 0);
		nic_received(card);
		return 0;
	}
	return -ENOSYS;
}

int nic_init(struct nicdrv *n)
{
	int64_t h;

	_Static_assert(sizeof(struct nic_shared) <= NIC_RX_OFF, "rings overlap the slots");
	card = n;
	n->srv->call = call;
	n->mem = pci_dma(n->dev, NIC_MEM_SIZE, &n->phys, &n->shared);
	if (!n->mem)
		return -ENOMEM;
	n->sh = (struct nic_shared *)n->mem;
	n->sh->rx.sleep = n->sh->tx.sleep = 1;
	h = srv_file(n->srv, 1, 02, 0, 0);
	if (h < 0)
		return (int)h;
	n->file = (handle_t)h;
	return 0;
}

int nic_start(struct nicdrv *n)
{
	char name[24];

	post_rx(n);
	snprintf(name, sizeof(name), "dev:nic%u", n->unit);
	return (int)srv_register(name, n->file);
}
