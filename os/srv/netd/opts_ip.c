/* SPDX-License-Identifier: MIT */
/* Socket options of IPv4 and IPv6. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/netif.h"
#include "netd.h"

#define MTU	1500

/* Options that only say what recvmsg is to tell. */
struct flag { int name; uint32_t bit; };

static const struct flag flags4[] = {
	{ IP_PKTINFO, WANT_PKTINFO }, { IP_RECVTTL, WANT_TTL }, { IP_RECVTOS, WANT_TOS }, { 0, 0 },
};
static const struct flag flags6[] = {
	{ IPV6_RECVPKTINFO, WANT_PKTINFO6 }, { IPV6_RECVHOPLIMIT, WANT_HOPS6 },
	{ IPV6_RECVTCLASS, WANT_TCLASS6 }, { 0, 0 },
};

static uint32_t flag_bit(const struct flag *f, uint64_t name)
{
	for (; f->bit; f++)
		if ((uint64_t)f->name == name)
			return f->bit;
	return 0;
}

static void set_flag(struct sock *s, uint32_t bit, int on)
{
	s->want = on ? s->want | bit : s->want & ~bit;
}

static u8_t *mcast_ttl(struct sock *s)
{
	return s->kind == K_UDP ? &s->udp->mcast_ttl : &s->raw->mcast_ttl;
}

static u8_t *mcast_index(struct sock *s)
{
	return s->kind == K_UDP ? &s->udp->mcast_ifindex : &s->raw->mcast_ifindex;
}

static int get_loop(struct sock *s)
{
	return s->kind == K_UDP ? udp_is_flag_set(s->udp, UDP_FLAGS_MULTICAST_LOOP) :
	       raw_is_flag_set(s->raw, RAW_FLAGS_MULTICAST_LOOP);
}

static int64_t set_loop(struct sock *s, int on)
{
	u8_t *flags = s->kind == K_UDP ? &s->udp->flags : &s->raw->flags;
	u8_t bit = s->kind == K_UDP ? UDP_FLAGS_MULTICAST_LOOP : RAW_FLAGS_MULTICAST_LOOP;

	*flags = on ? *flags | bit : *flags & (u8_t)~bit;
	return 0;
}

static int64_t set_byte(u8_t *to, int v, int least, int otherwise)
{
	if (v == -1)
		v = otherwise;
	if (v < least || v > 255)
		return -EINVAL;
	*to = (u8_t)v;
	return 0;
}

static int64_t put_mcast_addr(struct sock *s, struct srv_req *r)
{
	struct netif *n = *mcast_index(s) ? netif_get_by_index(*mcast_index(s)) : NULL;
	uint32_t v4 = n ? netif_ip4_addr(n)->addr : 0;

	return opts_put(r, &v4, sizeof(v4));
}

int64_t opts_get_ip(struct sock *s, struct srv_req *r)
{
	uint32_t bit = flag_bit(flags4, r->m.w[2]);
	int dgram = s->kind != K_TCP;

	if (bit)
		return opts_put_int(r, !!(s->want & bit));
	if (!opts_pcb(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IP_TTL:
		return opts_put_int(r, opts_pcb(s)->ttl);
	case IP_TOS:
		return opts_put_int(r, opts_pcb(s)->tos);
	case IP_OPTIONS:
		r->m.w[1] = 0;
		return 0;
	case IP_MTU_DISCOVER:
		return opts_put_int(r, IP_PMTUDISC_DONT);
	case IP_MTU:
		return opts_put_int(r, MTU);
	case IP_HDRINCL:
		return s->kind == K_RAW ? opts_put_int(r, raw_is_flag_set(s->raw, RAW_FLAGS_HDRINCL)) : -ENOPROTOOPT;
	case IP_MULTICAST_TTL:
		return dgram ? opts_put_int(r, *mcast_ttl(s)) : -ENOPROTOOPT;
	case IP_MULTICAST_LOOP:
		return dgram ? opts_put_int(r, get_loop(s)) : -ENOPROTOOPT;
	case IP_MULTICAST_IF:
		return dgram ? put_mcast_addr(s, r) : -ENOPROTOOPT;
	}
	return -ENOPROTOOPT;
}

/* struct in_addr, ip_mreq or ip_mreqn. */
static int64_t set_mcast_if(struct sock *s, struct srv_req *r)
{
	struct ip_mreqn m = { .imr_ifindex = 0 };
	struct netif *n;

	if (r->m.r[0].len < sizeof(struct ip_mreq) ? opts_take(r, &m.imr_address, 4) :
	    opts_take(r, &m, r->m.r[0].len < sizeof(m) ? sizeof(struct ip_mreq) : sizeof(m)))
		return -EINVAL;
	NETIF_FOREACH(n)
		if (!m.imr_ifindex && m.imr_address.s_addr && netif_ip4_addr(n)->addr == m.imr_address.s_addr)
			m.imr_ifindex = netif_get_index(n);
	if (m.imr_address.s_addr && !m.imr_ifindex)
		return -EADDRNOTAVAIL;
	*mcast_index(s) = (u8_t)m.imr_ifindex;
	return 0;
}

static int64_t set_ip_dgram(struct sock *s, struct srv_req *r, int v)
{
	switch (r->m.w[2]) {
	case IP_MULTICAST_TTL:
		return set_byte(mcast_ttl(s), v, 0, 1);
	case IP_MULTICAST_LOOP:
		return set_loop(s, v);
	case IP_MULTICAST_IF:
		return set_mcast_if(s, r);
	case IP_HDRINCL:
		if (s->kind != K_RAW || s->type != SOCK_RAW)
			return -ENOPROTOOPT;
		if (v)
			raw_set_flags(s->raw, RAW_FLAGS_HDRINCL);
		else
			raw_clear_flags(s->raw, RAW_FLAGS_HDRINCL);
		return 0;
	}
	return -ENOPROTOOPT;
}

int64_t opts_set_ip(struct sock *s, struct srv_req *r, int v)
{
	uint32_t bit = flag_bit(flags4, r->m.w[2]);
	int64_t res = mcast_set(s, r);

	if (res != -ENOPROTOOPT)
		return res;
	if (bit) {
		set_flag(s, bit, v);
		return 0;
	}
	if (!opts_pcb(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IP_TTL:
		return set_byte(&opts_pcb(s)->ttl, v, 1, 64);
	case IP_TOS:
		return set_byte(&opts_pcb(s)->tos, v, 0, 0);
	case IP_OPTIONS:
		return r->m.r[0].len ? -ENOPROTOOPT : 0;
	case IP_MTU_DISCOVER:		/* packets of ours may always be taken apart on their way */
		return v == IP_PMTUDISC_DO || v == IP_PMTUDISC_PROBE ? -ENOPROTOOPT : 0;
	case IP_MULTICAST_ALL:
		return v ? 0 : -ENOPROTOOPT;
	}
	return s->kind == K_TCP ? -ENOPROTOOPT : set_ip_dgram(s, r, v);
}

int64_t opts_get_ip6(struct sock *s, struct srv_req *r)
{
	uint32_t bit = flag_bit(flags6, r->m.w[2]);
	int dgram = s->kind != K_TCP;

	if (s->domain != AF_INET6)
		return -ENOPROTOOPT;
	if (bit)
		return opts_put_int(r, !!(s->want & bit));
	if (r->m.w[2] == IPV6_V6ONLY)
		return opts_put_int(r, s->v6only);
	if (!opts_pcb(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IPV6_UNICAST_HOPS:
		return opts_put_int(r, opts_pcb(s)->ttl);
	case IPV6_TCLASS:
		return opts_put_int(r, opts_pcb(s)->tos);
	case IPV6_MTU:
		return opts_put_int(r, MTU);
	case IPV6_MULTICAST_HOPS:
		return dgram ? opts_put_int(r, *mcast_ttl(s)) : -ENOPROTOOPT;
	case IPV6_MULTICAST_LOOP:
		return dgram ? opts_put_int(r, get_loop(s)) : -ENOPROTOOPT;
	case IPV6_MULTICAST_IF:
		return dgram ? opts_put_int(r, *mcast_index(s)) : -ENOPROTOOPT;
	case IPV6_CHECKSUM:
		if (s->kind != K_RAW)
			return -ENOPROTOOPT;
		return opts_put_int(r, s->raw->chksum_reqd ? s->raw->chksum_offset : -1);
	}
	return -ENOPROTOOPT;
}

static int64_t set_ip6_dgram(struct sock *s, struct srv_req *r, int v)
{
	switch (r->m.w[2]) {
	case IPV6_MULTICAST_HOPS:
		return set_byte(mcast_ttl(s), v, 0, 1);
	case IPV6_MULTICAST_LOOP:
		return set_loop(s, v);
	case IPV6_MULTICAST_IF:
		if (v < 0 || v > 255 || (v && !netif_get_by_index((u8_t)v)))
			return -ENODEV;
		*mcast_index(s) = (u8_t)v;
		return 0;
	case IPV6_CHECKSUM:
		if (s->kind != K_RAW || s->protocol == IPPROTO_ICMPV6 || v > 65535 || (v > 0 && v & 1))
			return -EINVAL;
		s->raw->chksum_reqd = v >= 0;
		s->raw->chksum_offset = (u16_t)(v < 0 ? 0 : v);
		return 0;
	}
	return -ENOPROTOOPT;
}

int64_t opts_set_ip6(struct sock *s, struct srv_req *r, int v)
{
	uint32_t bit = flag_bit(flags6, r->m.w[2]);
	int64_t res;

	if (s->domain != AF_INET6)
		return -ENOPROTOOPT;
	res = mcast_set(s, r);
	if (res != -ENOPROTOOPT)
		return res;
	if (bit) {
		set_flag(s, bit, v);
		return 0;
	}
	if (r->m.w[2] == IPV6_V6ONLY) {
		if (s->bound || s->connected || (s->kind == K_TCP && s->state != TS_NEW))
			return -EINVAL;
		s->v6only = v != 0;
		return 0;
	}
	if (!opts_pcb(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IPV6_UNICAST_HOPS:
		return set_byte(&opts_pcb(s)->ttl, v, 0, 64);
	case IPV6_TCLASS:
		return set_byte(&opts_pcb(s)->tos, v, 0, 0);
	case IPV6_MTU_DISCOVER:
	case IPV6_DONTFRAG:
		return v == IPV6_PMTUDISC_DO || v == IPV6_PMTUDISC_PROBE ? -ENOPROTOOPT : 0;
	}
	return s->kind == K_TCP ? -ENOPROTOOPT : set_ip6_dgram(s, r, v);
}
