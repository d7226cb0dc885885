/* SPDX-License-Identifier: MIT */
/*
 * Network cards: a driver registers "dev:nic0"; netd calls it and shares memory with it. The mem
 * holds one struct nic_shared and after it the frame slots. Each ring has one producer and one
 * consumer; indices count up without end, slot = index % NIC_SLOTS. A producer writes the slot,
 * then its index (release); a consumer reads the index (acquire), then the slot.
 *
 *   rx: driver produces filled frames, netd consumes and so gives the slot back.
 *   tx: netd produces frames, the driver consumes when they are sent.
 *
 * Doorbells: the driver sets EV_IN on the nic's file when rx goes from empty to not empty and
 * rx_sleep is set; netd calls NIC_KICK after producing when tx_sleep is set.
 */
#ifndef ABI_NIC_H
#define ABI_NIC_H

#include "types.h"

enum nic_op {
	NIC_OPEN = 0xc0,	/* -> h[0] the shared mem, h[1] file with readiness; w1 MAC address (byte 0 lowest), w2 MTU, w3 NIC_* flags */
	NIC_KICK,		/* tx has frames; also: clears EV_IN after rx was drained */
};
#define NIC_LINK_UP	1

#define NIC_SLOTS	256
#define NIC_SLOT_SIZE	2048	/* bytes a slot: header room for the driver, then the frame */
#define NIC_FRAME_OFF	64	/* where the frame starts in a slot */

struct nic_ring {
	uint32_t head;		/* producer's index */
	uint32_t pad1[15];
	uint32_t tail;		/* consumer's index */
	uint32_t sleep;		/* consumer: ring my bell when head moves */
	uint32_t pad2[14];
	uint32_t len[NIC_SLOTS];	/* bytes of the frame in each slot */
};

struct nic_shared {
	struct nic_ring rx, tx;
};

#define NIC_RX_OFF	8192u	/* bytes from the start of the mem to the first rx slot */
#define NIC_TX_OFF	(NIC_RX_OFF + NIC_SLOTS * NIC_SLOT_SIZE)
#define NIC_MEM_SIZE	(NIC_TX_OFF + NIC_SLOTS * NIC_SLOT_SIZE)

#endif
