/* SPDX-License-Identifier: MIT */
/* netinet/icmp6.h: ICMP for IPv6. */
#ifndef _NETINET_ICMP6_H
#define _NETINET_ICMP6_H

#include <features.h>
#include <bits/alltypes.h>
#include <stdint.h>
#include <netinet/in.h>

__BEGIN_DECLS

#define ICMP6_FILTER 1
struct icmp6_filter { uint32_t icmp6_filt[8]; };
struct icmp6_hdr {
	uint8_t icmp6_type;
	uint8_t icmp6_code;
	uint16_t icmp6_cksum;
	union {
		uint32_t icmp6_un_data32[1];
		uint16_t icmp6_un_data16[2];
		uint8_t icmp6_un_data8[4];
	} icmp6_dataun;
};
#define icmp6_id icmp6_dataun.icmp6_un_data16[0]
#define icmp6_seq icmp6_dataun.icmp6_un_data16[1]
#define ICMP6_DST_UNREACH 1
#define ICMP6_PACKET_TOO_BIG 2
#define ICMP6_TIME_EXCEEDED 3
#define ICMP6_PARAM_PROB 4
#define ICMP6_ECHO_REQUEST 128
#define ICMP6_ECHO_REPLY 129
#define ICMP6_FILTER_SETPASS(t, f) ((f)->icmp6_filt[(t) >> 5] &= ~(1U << ((t) & 31)))
#define ICMP6_FILTER_SETBLOCKALL(f) __builtin_memset((f), 0xff, sizeof(struct icmp6_filter))

__END_DECLS

#endif
