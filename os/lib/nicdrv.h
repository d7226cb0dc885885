/* SPDX-License-Identifier: MIT */
/*
 * What drivers of network cards share: the frame rings with netd (abi/nic.h). The device reads and
 * writes frames where netd sees them. Indices and lengths from the shared memory are checked before
 * use: netd may be broken.
 */
#ifndef LIB_NICDRV_H
#define LIB_NICDRV_H

#include "../abi/nic.h"
#include "srv.h"

#define NIC_MTU		1500
#define NIC_MAX_FRAME	(NIC_MTU + 18)

struct nicdrv {
	struct srv *srv;
	handle_t dev;
	unsigned unit;			/* the device is "dev:nicN" */
	uint8_t mac[6];
	uint32_t head;			/* bytes before a frame that the device wants, at most NIC_FRAME_OFF */
	/* Gives the device a buffer for a frame / a frame; phys is that of the head. 0, or < 0: full. */
	int (*rx_post)(uint64_t phys, uint32_t len);
	int (*tx_post)(uint64_t phys, uint32_t len);
	/* 1: the oldest buffer was filled, *len bytes without the head (0: throw it away). */
	int (*rx_take)(uint32_t *len);
	int (*tx_done)(void);		/* 1: the oldest frame was sent */
	void (*rx_kick)(void);		/* after some rx_post, tx_post */
	void (*tx_kick)(void);
	/* The library's. */
	struct nic_shared *sh;
	uint8_t *mem;
	uint64_t phys;
	handle_t shared, file;
	uint32_t rx_posted, tx_posted;	/* slots given to the device, counting up */
};

/* Makes the rings and the file; the call handler of n->srv is set. 0 or -errno. */
int nic_init(struct nicdrv *n);

/* The device is ready: posts the first buffers and registers the card. 0 or -errno. */
int nic_start(struct nicdrv *n);

/* After an interrupt for received frames. */
void nic_received(struct nicdrv *n);

/* After an interrupt for sent frames, where the device has one. */
void nic_sent(struct nicdrv *n);

#endif
