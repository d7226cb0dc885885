/* SPDX-License-Identifier: MIT */
/*
 * ICMP echo for everybody: a datagram socket of IPPROTO_ICMP or IPPROTO_ICMPV6 may send echo requests
 * with its own identifier and gets the replies to these alone. Raw sockets of ICMPv6 have a filter.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/inet_chksum.h"
#include "lwip/prot/icmp.h"
#include "lwip/prot/icmp6.h"
#include "netd.h"

#define FILTER		1		/* ICMP6_FILTER of netinet/icmp6.h, which lwIP's headers forbid */

struct echo { uint8_t type, code; uint16_t sum, id, seq; };

int echo_check(struct sock *s, struct pbuf *p)
{
	int v6 = s->domain == AF_INET6;
	struct echo e;

	if (s->kind != K_RAW || s->type != SOCK_DGRAM)
		return 0;
	if (pbuf_copy_partial(p, &e, sizeof(e), 0) != sizeof(e))
		return -EINVAL;
	if (e.type != (v6 ? ICMP6_TYPE_EREQ : ICMP_ECHO) || e.code)
		return -EINVAL;
	e.id = s->echo_id;
	e.sum = 0;
	pbuf_take(p, &e, sizeof(e));
	/* For IPv6 lwIP does it, with the addresses. */
	if (!v6) {
		e.sum = inet_chksum_pbuf(p);
		pbuf_take(p, &e, sizeof(e));
	}
	return 0;
}

int echo_wanted(const struct sock *s, const struct pbuf *p, int v6)
{
	struct echo e = { 0 };

	pbuf_copy_partial(p, &e, sizeof(e), 0);
	if (s->type == SOCK_DGRAM)
		return p->tot_len >= sizeof(e) && e.id == s->echo_id &&
		       e.type == (v6 ? ICMP6_TYPE_EREP : ICMP_ER);
	if (!v6 || s->protocol != IPPROTO_ICMPV6)
		return 1;
	return !(s->icmp6_block[e.type >> 5] & 1u << (e.type & 31));
}

int64_t echo_get_filter(struct sock *s, struct srv_req *r)
{
	if (s->kind != K_RAW || r->m.w[2] != FILTER)
		return -ENOPROTOOPT;
	return opts_put(r, s->icmp6_block, sizeof(s->icmp6_block));
}

int64_t echo_set_filter(struct sock *s, struct srv_req *r)
{
	if (s->kind != K_RAW || r->m.w[2] != FILTER)
		return -ENOPROTOOPT;
	return opts_take(r, s->icmp6_block, sizeof(s->icmp6_block));
}
