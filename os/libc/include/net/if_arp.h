/* SPDX-License-Identifier: MIT */
/* net/if_arp.h: kinds of network hardware. */
#ifndef _NET_IF_ARP_H
#define _NET_IF_ARP_H

#include <features.h>
#include <bits/alltypes.h>

__BEGIN_DECLS

#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772
#define ARPOP_REQUEST 1
#define ARPOP_REPLY 2

__END_DECLS

#endif
