/* SPDX-License-Identifier: MIT */
/* netinet/if_ether.h: ARP on Ethernet. */
#ifndef _NETINET_IF_ETHER_H
#define _NETINET_IF_ETHER_H

#include <features.h>
#include <bits/alltypes.h>
#include <net/ethernet.h>

#endif
