/* SPDX-License-Identifier: MIT */
/* net/ethernet.h: Ethernet frames. */
#ifndef _NET_ETHERNET_H
#define _NET_ETHERNET_H

#include <features.h>
#include <stdint.h>

__BEGIN_DECLS

#define ETH_ALEN 6
#define ETHER_ADDR_LEN 6
#define ETHER_HDR_LEN 14
#define ETHERMTU 1500
#define ETHER_TYPE_LEN 2
#define ETHER_CRC_LEN 4
#define ETHER_MIN_LEN 64
#define ETHER_MAX_LEN 1518
#define ETHERMIN 46
#define ETH_HLEN 14
#define ETH_ZLEN 60
#define ETH_DATA_LEN 1500
#define ETH_FRAME_LEN 1514
#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define ETH_P_IPV6 0x86dd
#define ETH_P_8021Q 0x8100
#define ETH_P_ALL 0x0003
#define ETHERTYPE_PUP 0x0200
#define ETHERTYPE_IP 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_REVARP 0x8035
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_LOOPBACK 0x9000
#define ETHERTYPE_VLAN 0x8100

struct ether_addr { uint8_t ether_addr_octet[6]; };
struct ether_header {
	uint8_t ether_dhost[6];
	uint8_t ether_shost[6];
	uint16_t ether_type;
};

__END_DECLS

#endif
