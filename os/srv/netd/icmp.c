/* SPDX-License-Identifier: MIT */
/*
 * What ICMP says about packets of ours: lwIP does not tell its users. Errors come before lwIP as hooks;
 * the packet inside names the socket: a connected UDP socket gets the error, a connection that is
 * being made fails. An established one is not harmed by anybody who can send a packet.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "hooks.h"
#include "lwip/prot/icmp.h"
#include "lwip/prot/icmp6.h"
#include "netd.h"

/* Codes of ICMP's "unreachable" that lwIP has no names for. */
enum { NET_UNKNOWN = 6, HOST_UNKNOWN = 7, NET_FORBIDDEN = 9, NET_SERVICE = 11 };

/* fatal: for datagram sockets too. */
struct meaning { int error, fatal; };

struct about {
	uint8_t proto;
	ip_addr_t local, remote;	/* of the packet that we sent */
	uint16_t lport, rport;
	struct meaning m;
};

static struct meaning meaning4(uint8_t type, uint8_t code)
{
	if (type != ICMP_DUR)
		return (struct meaning){ 0, 0 };
	switch (code) {
	case ICMP_DUR_PROTO:
		return (struct meaning){ ENOPROTOOPT, 1 };
	case ICMP_DUR_PORT:
		return (struct meaning){ ECONNREFUSED, 1 };
	case ICMP_DUR_FRAG:
		return (struct meaning){ 0, 0 };
	case ICMP_DUR_NET:
	case NET_SERVICE:
	case NET_UNKNOWN:
	case NET_FORBIDDEN:
		return (struct meaning){ ENETUNREACH, code == NET_UNKNOWN };
	}
	return (struct meaning){ EHOSTUNREACH, code >= HOST_UNKNOWN };
}

static struct meaning meaning6(uint8_t type, uint8_t code)
{
	if (type == ICMP6_TYPE_PP)
		return (struct meaning){ EPROTO, 1 };
	if (type != ICMP6_TYPE_DUR)
		return (struct meaning){ 0, 0 };
	switch (code) {
	case ICMP6_DUR_PORT:
		return (struct meaning){ ECONNREFUSED, 1 };
	case ICMP6_DUR_PROHIBITED:
		return (struct meaning){ EACCES, 1 };
	case ICMP6_DUR_NO_ROUTE:
		return (struct meaning){ ENETUNREACH, 0 };
	}
	return (struct meaning){ EHOSTUNREACH, 0 };
}

static void tell(struct sock *s, void *arg)
{
	const struct about *a = arg;

	if (s->kind == K_UDP && a->proto == (sock_is_lite(s) ? IPPROTO_UDPLITE : IPPROTO_UDP) && s->connected && a->m.fatal &&
	    s->udp->local_port == a->lport && s->udp->remote_port == a->rport &&
	    ip_addr_eq(&s->udp->remote_ip, &a->remote)) {
		s->error = a->m.error;
		sock_touch(s);
	}
	if (s->kind == K_TCP && a->proto == IPPROTO_TCP && s->state == TS_CONNECTING && s->tcp && !s->deferred &&
	    s->tcp->local_port == a->lport && s->tcp->remote_port == a->rport &&
	    ip_addr_eq(&s->tcp->remote_ip, &a->remote))
		tcp_failed(s, a->m.error);
}

/* The ports stand first in the headers of TCP and both kinds of UDP. */
static void ports(struct about *a, const struct pbuf *p, uint16_t at)
{
	uint16_t both[2];

	if ((a->proto != IPPROTO_UDP && a->proto != IPPROTO_UDPLITE && a->proto != IPPROTO_TCP) ||
	    pbuf_copy_partial(p, both, sizeof(both), at) != sizeof(both))
		return;
	a->lport = ntohs(both[0]);
	a->rport = ntohs(both[1]);
	sock_each(tell, a);
}

int icmp_look4(struct pbuf *p)
{
	uint8_t first, outer[20], icmp[8], inner[20];
	uint16_t at;
	uint32_t v4;
	struct about a;

	if (pbuf_copy_partial(p, outer, sizeof(outer), 0) != sizeof(outer))
		return 0;
	if ((outer[6] & 0x3f) | outer[7])
		timers_fragment();
	if (outer[9] != IPPROTO_ICMP)
		return 0;
	first = outer[0];
	at = (uint16_t)((first & 15) * 4);
	if (pbuf_copy_partial(p, icmp, 8, at) != 8 || pbuf_copy_partial(p, inner, 20, (u16_t)(at + 8)) != 20)
		return 0;
	a.m = meaning4(icmp[0], icmp[1]);
	if (!a.m.error)
		return 0;
	a.proto = inner[9];
	memcpy(&v4, inner + 12, 4);
	ip_addr_set_ip4_u32(&a.local, v4);
	memcpy(&v4, inner + 16, 4);
	ip_addr_set_ip4_u32(&a.remote, v4);
	ports(&a, p, (uint16_t)(at + 8 + (inner[0] & 15) * 4));
	return 0;
}

/* Is there a fragment header behind the first `kind` of header at 40? */
static int in_pieces(struct pbuf *p, uint8_t kind)
{
	uint32_t at = 40;

	while (kind == IPPROTO_HOPOPTS || kind == IPPROTO_ROUTING || kind == IPPROTO_DSTOPTS) {
		if (at + 8 > p->tot_len)
			return 0;
		kind = pbuf_get_at(p, (u16_t)at);
		at += (pbuf_get_at(p, (u16_t)(at + 1)) + 1u) * 8;
	}
	return kind == IPPROTO_FRAGMENT;
}

int icmp_look6(struct pbuf *p)
{
	uint8_t outer[40], icmp[8], inner[40];
	struct in6_addr to;
	struct about a;

	if (pbuf_copy_partial(p, outer, 40, 0) != 40)
		return 0;
	if (outer[6] != IPPROTO_TCP && outer[6] != IPPROTO_UDP && in_pieces(p, outer[6]))
		timers_fragment();
	if (outer[6] != IPPROTO_ICMPV6)
		return 0;
	if (pbuf_copy_partial(p, icmp, 8, 40) != 8 || pbuf_copy_partial(p, inner, 40, 48) != 40)
		return 0;
	a.m = meaning6(icmp[0], icmp[1]);
	if (!a.m.error)
		return 0;
	a.proto = inner[6];
	memcpy(&to, inner + 24, 16);
	addr_from6(&to, 0, &a.remote);
	ports(&a, p, 88);
	return 0;
}
