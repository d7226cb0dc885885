/* SPDX-License-Identifier: MIT */
/* How lwIP is built for netd: raw API in one event loop, memory from netd's own counting allocator. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS				1
#define SYS_LIGHTWEIGHT_PROT		0
#define LWIP_NETCONN			0
#define LWIP_SOCKET			0
#define LWIP_NETIF_API			0
#define LWIP_TIMERS			0	/* timers.c */
#define LWIP_STATS			0
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS	1
#define LWIP_DISABLE_TCP_SANITY_CHECKS	1	/* they think of 16-bit windows */

/* Memory: mem.c counts it. */
#define MEM_CUSTOM_ALLOCATOR		1
#define MEM_CUSTOM_MALLOC		netd_malloc
#define MEM_CUSTOM_CALLOC		netd_calloc
#define MEM_CUSTOM_FREE			netd_free
#define MEMP_MEM_MALLOC			1
#define MEM_ALIGNMENT			16
#define PBUF_POOL_BUFSIZE		1600
#define ETH_PAD_SIZE			0

/* Interfaces. Loopback carries 64 KB at once and needs no checksums. */
#define LWIP_HAVE_LOOPIF		1
#define LWIP_NETIF_LOOPBACK		1
#define LWIP_LOOPIF_MULTICAST		1
#define LWIP_NETIF_STATUS_CALLBACK	1
#define LWIP_NETIF_HOSTNAME		1
#define LWIP_SINGLE_NETIF		0
#define LWIP_CHECKSUM_CTRL_PER_NETIF	1
#define LWIP_CHKSUM			netd_chksum
#define MEMCPY(to, from, n)		netd_copy(to, from, n)

/* IP. */
#define LWIP_IPV4			1
#define LWIP_IPV6			1
#define LWIP_ARP			1
#define ARP_TABLE_SIZE			64
#define ARP_QUEUEING			1
#define ARP_QUEUE_LEN			32
#define LWIP_ICMP			1
#define LWIP_IGMP			1
#define LWIP_RAW			1
#define IP_REASS_MAX_PBUFS		512
#define IP_SOF_BROADCAST		1
#define IP_SOF_BROADCAST_RECV		0	/* receiving needs no option */
#define IPV6_FRAG_COPYHEADER		1
#define LWIP_IPV6_NUM_ADDRESSES		8
#define LWIP_IPV6_AUTOCONFIG		1
#define LWIP_ND6_NUM_NEIGHBORS		64
#define LWIP_ND6_NUM_DESTINATIONS	64
#define LWIP_ND6_QUEUEING		1
#define LWIP_MULTICAST_TX_OPTIONS	1

/* Configuration. Name servers go to servers.c, not to lwIP's resolver, which is not built. */
#define LWIP_DHCP			1
#define LWIP_DHCP_DOES_ACD_CHECK	0
#define LWIP_DHCP_MAX_DNS_SERVERS	3
#define LWIP_IPV6_DHCP6			1
#define LWIP_IPV6_DHCP6_STATELESS	1
#define LWIP_DHCP6_MAX_DNS_SERVERS	3
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS	3
#define LWIP_DNS			1
#define DNS_MAX_SERVERS			6

/* UDP and TCP. */
#define LWIP_UDP			1
#define LWIP_UDPLITE			1	/* lite.c */
#define SO_REUSE			1
#define SO_REUSE_RXTOALL		1
#define LWIP_TCP			1
#define TCP_MSS				32768	/* the card's MTU makes it less: this is loopback's */
#define TCP_OVERSIZE			1460
#define LWIP_WND_SCALE			1
#define TCP_RCV_SCALE			3
#define TCP_WND				(256 * 1024)
/* In tcp_recved. Also a peer without scaled windows must not stall; over loopback half of the window is left. */
#define TCP_WND_UPDATE_THRESHOLD	(pcb->mss == TCP_MSS ? TCP_WND / 2 : 16 * 1024)
#define TCP_SND_BUF			(256 * 1024)
#define TCP_SND_QUEUELEN		2048
#define TCP_SNDLOWAT			(32 * 1024)
#define TCP_QUEUE_OOSEQ			1
#define TCP_LISTEN_BACKLOG		1
#define LWIP_TCP_KEEPALIVE		1
#define LWIP_TCP_SACK_OUT		1
#define LWIP_TCP_TIMESTAMPS		0
#define LWIP_TCP_RTO_TIME		1000
#define TCP_MSL				15000UL	/* so TIME-WAIT lasts 30 seconds */

#define LWIP_HOOK_FILENAME		"hooks.h"

#endif
