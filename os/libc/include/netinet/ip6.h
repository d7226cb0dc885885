/* SPDX-License-Identifier: MIT */
/* netinet/ip6.h: the IPv6 header. */
#ifndef _NETINET_IP6_H
#define _NETINET_IP6_H

#include <features.h>
#include <bits/alltypes.h>
#include <stdint.h>
#include <netinet/in.h>

__BEGIN_DECLS

struct ip6_hdr {
	union {
		struct {
			uint32_t ip6_un1_flow;
			uint16_t ip6_un1_plen;
			uint8_t ip6_un1_nxt;
			uint8_t ip6_un1_hlim;
		} ip6_un1;
		uint8_t ip6_un2_vfc;
	} ip6_ctlun;
	struct in6_addr ip6_src;
	struct in6_addr ip6_dst;
};

__END_DECLS

#endif
