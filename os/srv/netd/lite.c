/* SPDX-License-Identifier: MIT */
/*
 * UDP-Lite (RFC 3828). lwIP looks in one list for the sockets of both protocols; here each has its own,
 * and the ports of one are not those of the other. The list in use is UDP's but within lite_use's callers.
 */
#include <errno.h>
#include "lwip/ip.h"
#include "lwip/prot/udp.h"
#include "netd.h"

/* The options' numbers, as Linux has them; libc's headers have no names for them. */
enum { SEND_COVERAGE = 10, RECV_COVERAGE = 11 };

void __wrap_udp_input(struct pbuf *p, struct netif *netif);
void __real_udp_input(struct pbuf *p, struct netif *netif);
void __wrap_udp_netif_ip_addr_changed(const ip_addr_t *from, const ip_addr_t *to);
void __real_udp_netif_ip_addr_changed(const ip_addr_t *from, const ip_addr_t *to);

static struct udp_pcb *other;		/* the list that is not in use */
static int in_use;			/* is UDP-Lite's? */
static uint16_t covered;		/* bytes that the checksum of the datagram at hand covers; 0: all */

int lite_use(int lite)
{
	struct udp_pcb *list = udp_pcbs;
	int was = in_use;

	if (lite != was) {
		udp_pcbs = other;
		other = list;
		in_use = lite;
	}
	return was;
}

/* lwIP's functions are called by these names (build.mk). */
void __wrap_udp_input(struct pbuf *p, struct netif *netif)
{
	int was = lite_use(ip_current_header_proto() == IP_PROTO_UDPLITE);

	covered = 0;
	if (in_use && p->len >= UDP_HLEN)
		covered = ntohs(((const struct udp_hdr *)p->payload)->len);
	if (covered == p->tot_len)
		covered = 0;
	__real_udp_input(p, netif);
	lite_use(was);
}

void __wrap_udp_netif_ip_addr_changed(const ip_addr_t *from, const ip_addr_t *to)
{
	int was = lite_use(0);

	__real_udp_netif_ip_addr_changed(from, to);
	lite_use(1);
	__real_udp_netif_ip_addr_changed(from, to);
	lite_use(was);
}

int lite_wanted(const struct sock *s)
{
	return !s->covered || !covered || (s->udp->chksum_len_rx && covered >= s->udp->chksum_len_rx);
}

int64_t lite_get(struct sock *s, struct srv_req *r)
{
	if (!sock_is_lite(s))
		return -ENOPROTOOPT;
	switch (r->m.w[2]) {
	case SEND_COVERAGE:
		return opts_put_int(r, s->udp->chksum_len_tx);
	case RECV_COVERAGE:
		return opts_put_int(r, s->udp->chksum_len_rx);
	}
	return -ENOPROTOOPT;
}

/* 0 is all of the datagram; less than the header cannot be. */
int64_t lite_set(struct sock *s, struct srv_req *r, int v)
{
	uint16_t n = v < 0 || v > 65535 ? 65535 : v && v < UDP_HLEN ? UDP_HLEN : (uint16_t)v;

	if (!sock_is_lite(s))
		return -ENOPROTOOPT;
	switch (r->m.w[2]) {
	case SEND_COVERAGE:
		s->udp->chksum_len_tx = n;
		return 0;
	case RECV_COVERAGE:
		s->udp->chksum_len_rx = n;
		s->covered = 1;
		return 0;
	}
	return -ENOPROTOOPT;
}
