/* SPDX-License-Identifier: MIT */
/* Where lwIP calls netd: see the files named. */
#ifndef HOOKS_H
#define HOOKS_H

#include "lwip/ip_addr.h"

struct pbuf;
struct netif;

/* isn.c */
uint32_t isn_new(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport);
/* icmp.c: looks only; the packet goes on. */
int icmp_look4(struct pbuf *p);
int icmp_look6(struct pbuf *p);
/* servers.c: the domain that DHCP offers. */
void servers_dhcp_option(uint8_t option, uint8_t len, struct pbuf *p, uint16_t at);

#define LWIP_HOOK_TCP_ISN(l, lp, r, rp)		isn_new(l, lp, r, rp)
#define LWIP_HOOK_IP4_INPUT(p, netif)		icmp_look4(p)
#define LWIP_HOOK_IP6_INPUT(p, netif)		icmp_look6(p)
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, type, option, len, p, at) \
	do { (void)(msg); servers_dhcp_option(option, len, p, at); } while (0)

#endif
