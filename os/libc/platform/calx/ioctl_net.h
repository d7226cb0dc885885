/* SPDX-License-Identifier: MIT */
/* ioctl_net.h: requests about network interfaces. */
#ifndef CALX_IOCTL_NET_H
#define CALX_IOCTL_NET_H

#include "../../internal/hidden.h"

/* Whether __ioctl_net knows what to say to it. */
#define IS_IOCTL_NET(req) ((req) >= 0x8910 && (req) <= 0x8970 && (req) != 0x8953 && (req) != 0x8954 && (req) != 0x8955)
/* 0 or -errno; any socket will do for asking. */
hidden int __ioctl_net(unsigned req, void *arg);

#endif
