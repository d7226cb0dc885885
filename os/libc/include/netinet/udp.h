/* SPDX-License-Identifier: MIT */
/* netinet/udp.h: UDP. */
#ifndef _NETINET_UDP_H
#define _NETINET_UDP_H

#include <features.h>
#include <stdint.h>

__BEGIN_DECLS

struct udphdr {
	__extension__ union {
		__extension__ struct {
			uint16_t uh_sport;
			uint16_t uh_dport;
			uint16_t uh_ulen;
			uint16_t uh_sum;
		};
		__extension__ struct {
			uint16_t source;
			uint16_t dest;
			uint16_t len;
			uint16_t check;
		};
	};
};

#define SOL_UDP 17
#define UDP_CORK 1

__END_DECLS

#endif
