/* SPDX-License-Identifier: MIT */
/* netinet/ip_icmp.h: ICMP. */
#ifndef _NETINET_IP_ICMP_H
#define _NETINET_IP_ICMP_H

#include <features.h>
#include <stdint.h>
#include <netinet/in.h>
#include <netinet/ip.h>

__BEGIN_DECLS

struct icmphdr {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	union {
		struct { uint16_t id; uint16_t sequence; } echo;
		uint32_t gateway;
		struct { uint16_t __unused; uint16_t mtu; } frag;
	} un;
};
struct icmp {
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint16_t icmp_cksum;
	union {
		unsigned char ih_pptr;
		struct in_addr ih_gwaddr;
		struct { uint16_t icd_id; uint16_t icd_seq; } ih_idseq;
		uint32_t ih_void;
	} icmp_hun;
	union {
		struct { uint32_t its_otime, its_rtime, its_ttime; } id_ts;
		struct { struct ip idi_ip; } id_ip;
		uint32_t id_mask;
		uint8_t id_data[1];
	} icmp_dun;
};

#define icmp_pptr icmp_hun.ih_pptr
#define icmp_gwaddr icmp_hun.ih_gwaddr
#define icmp_void icmp_hun.ih_void
#define icmp_otime icmp_dun.id_ts.its_otime
#define icmp_rtime icmp_dun.id_ts.its_rtime
#define icmp_ttime icmp_dun.id_ts.its_ttime
#define icmp_mask icmp_dun.id_mask
#define icmp_id icmp_hun.ih_idseq.icd_id
#define icmp_seq icmp_hun.ih_idseq.icd_seq
#define icmp_data icmp_dun.id_data
#define icmp_ip icmp_dun.id_ip.idi_ip
#define ICMP_ECHOREPLY 0
#define ICMP_DEST_UNREACH 3
#define ICMP_UNREACH 3
#define ICMP_SOURCE_QUENCH 4
#define ICMP_REDIRECT 5
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETERPROB 12
#define ICMP_TIMXCEED ICMP_TIME_EXCEEDED
#define ICMP_PARAMPROB ICMP_PARAMETERPROB
#define ICMP_SOURCEQUENCH ICMP_SOURCE_QUENCH
#define ICMP_TIMESTAMP 13
#define ICMP_TSTAMP ICMP_TIMESTAMP
#define ICMP_TIMESTAMPREPLY 14
#define ICMP_TSTAMPREPLY ICMP_TIMESTAMPREPLY
#define ICMP_INFO_REQUEST 15
#define ICMP_IREQ ICMP_INFO_REQUEST
#define ICMP_INFO_REPLY 16
#define ICMP_IREQREPLY ICMP_INFO_REPLY
#define ICMP_ADDRESS 17
#define ICMP_MASKREQ ICMP_ADDRESS
#define ICMP_ADDRESSREPLY 18
#define ICMP_MASKREPLY ICMP_ADDRESSREPLY
#define ICMP_MAXTYPE 18
#define NR_ICMP_TYPES 18
#define ICMP_NET_UNREACH 0
#define ICMP_HOST_UNREACH 1
#define ICMP_PROT_UNREACH 2
#define ICMP_PORT_UNREACH 3
#define ICMP_FRAG_NEEDED 4
#define ICMP_SR_FAILED 5
#define ICMP_NET_UNKNOWN 6
#define ICMP_HOST_UNKNOWN 7
#define ICMP_HOST_ISOLATED 8
#define ICMP_NET_ANO 9
#define ICMP_HOST_ANO 10
#define ICMP_NET_UNR_TOS 11
#define ICMP_HOST_UNR_TOS 12
#define ICMP_PKT_FILTERED 13
#define ICMP_PREC_VIOLATION 14
#define ICMP_PREC_CUTOFF 15
#define NR_ICMP_UNREACH 15
#define ICMP_UNREACH_NET ICMP_NET_UNREACH
#define ICMP_UNREACH_HOST ICMP_HOST_UNREACH
#define ICMP_UNREACH_PROTOCOL ICMP_PROT_UNREACH
#define ICMP_UNREACH_PORT ICMP_PORT_UNREACH
#define ICMP_UNREACH_NEEDFRAG ICMP_FRAG_NEEDED
#define ICMP_UNREACH_SRCFAIL ICMP_SR_FAILED
#define ICMP_REDIR_NET 0
#define ICMP_REDIR_HOST 1
#define ICMP_REDIR_NETTOS 2
#define ICMP_REDIR_HOSTTOS 3
#define ICMP_REDIRECT_NET ICMP_REDIR_NET
#define ICMP_REDIRECT_HOST ICMP_REDIR_HOST
#define ICMP_EXC_TTL 0
#define ICMP_EXC_FRAGTIME 1
#define ICMP_TIMXCEED_INTRANS ICMP_EXC_TTL
#define ICMP_TIMXCEED_REASS ICMP_EXC_FRAGTIME
#define ICMP_MINLEN 8
#define ICMP_TSLEN 20
#define ICMP_MASKLEN 12
#define ICMP_ADVLENMIN 36
#define ICMP_INFOTYPE(t) ((t) == ICMP_ECHOREPLY || (t) == ICMP_ECHO || \
	((t) >= ICMP_TIMESTAMP && (t) <= ICMP_ADDRESSREPLY))

__END_DECLS

#endif
