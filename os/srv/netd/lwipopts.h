/* SPDX-License-Identifier: MIT */
/* How lwIP is built for netd: raw API in one event loop, memory from malloc. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS				1
#define SYS_LIGHTWEIGHT_PROT		0
#define LWIP_NETCONN			0
#define LWIP_SOCKET			0
#define MEM_LIBC_MALLOC			1
#define MEMP_MEM_MALLOC			1
#define MEM_ALIGNMENT			16
#define LWIP_IPV4			1
#define LWIP_IPV6			1
#define LWIP_IPV6_DHCP6			0
#define IPV6_FRAG_COPYHEADER		1
#define LWIP_IPV6_AUTOCONFIG		1
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS	1
#define LWIP_ARP			1
#define LWIP_ICMP			1
#define LWIP_RAW			1
#define LWIP_UDP			1
#define LWIP_TCP			1
#define LWIP_DHCP			1
#define LWIP_DNS			1
#define DNS_MAX_SERVERS			3
#define LWIP_DHCP_MAX_DNS_SERVERS	3
#define LWIP_DHCP_DOES_ACD_CHECK	0
#define LWIP_HAVE_LOOPIF		1
#define LWIP_NETIF_LOOPBACK		1
#define LWIP_NETIF_STATUS_CALLBACK	1
#define LWIP_NETIF_HOSTNAME		1
#define LWIP_SINGLE_NETIF		0
#define TCP_MSS				1460
#define LWIP_WND_SCALE			1
#define TCP_RCV_SCALE			3
#define TCP_WND				(256 * 1024)
#define TCP_SND_BUF			(128 * 1024)
#define TCP_SND_QUEUELEN		1024
#define TCP_SNDLOWAT			(32 * 1024)
#define TCP_QUEUE_OOSEQ			1
#define TCP_LISTEN_BACKLOG		1
#define LWIP_TCP_KEEPALIVE		1
#define LWIP_TCP_SACK_OUT		1
#define LWIP_TCP_TIMESTAMPS		0
#define SO_REUSE			1
#define IP_SOF_BROADCAST		1
#define IP_SOF_BROADCAST_RECV		1
#define LWIP_MULTICAST_TX_OPTIONS	1
#define LWIP_IGMP			1
#define PBUF_POOL_BUFSIZE		1600
#define ETH_PAD_SIZE			0
#define LWIP_STATS			0
#define LWIP_NETIF_API			0
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS	1

#endif
