/* SPDX-License-Identifier: MIT */
/* frame.h: the machine's part of signal delivery. */
#ifndef KERNEL_FRAME_SIG_H
#define KERNEL_FRAME_SIG_H

#include "abi/proc.h"

struct tframe;

/*
 * Saves the user registers in a frame on the user's stack (or the alternate one) and makes tf enter
 * sig_entry with rsp = the frame, 16-byte aligned, and no return address. mask: to be restored.
 * 0 or -EFAULT, tf unchanged.
 */
int frame_push(struct tframe *tf, const struct abi_siginfo *info, const struct abi_sigact *act,
	       uint64_t mask);

/* Loads the registers of a frame; *mask: as saved. 0, or -EFAULT, -EINVAL: unusable. */
int frame_load(struct tframe *tf, uint64_t frame, uint64_t *mask);

#endif
