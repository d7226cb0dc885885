/* SPDX-License-Identifier: MIT */
/* Multicast groups of sockets: lwIP counts the members of a group on an interface, we remember whose they are. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/igmp.h"
#include "lwip/mld6.h"
#include "lwip/netif.h"
#include "netd.h"

#define GROUPS_MAX	64		/* of one socket */

static err_t change(const struct group *g, int join)
{
	struct netif *n = netif_get_by_index(g->ifindex);

	if (!n)
		return ERR_RTE;
	timers_look();
	if (IP_IS_V4(&g->ip))
		return (join ? igmp_joingroup_netif : igmp_leavegroup_netif)(n, ip_2_ip4(&g->ip));
	return (join ? mld6_joingroup_netif : mld6_leavegroup_netif)(n, ip_2_ip6(&g->ip));
}

static struct group **find(struct sock *s, const struct group *g)
{
	struct group **p;

	for (p = &s->groups; *p; p = &(*p)->next)
		if (ip_addr_eq(&(*p)->ip, &g->ip) && (!g->ifindex || (*p)->ifindex == g->ifindex))
			break;
	return p;
}

static int64_t leave(struct sock *s, const struct group *g)
{
	struct group **p = find(s, g), *old = *p;

	if (!old)
		return -EADDRNOTAVAIL;
	change(old, 0);
	*p = old->next;
	netd_free(old);
	return 0;
}

/* Group 224.0.0.1 needs no joining: lwIP refuses it, everybody is in it. */
static int64_t join(struct sock *s, struct group *g)
{
	struct group *new;
	unsigned n = 0;
	err_t err;

	if (!g->ifindex && netif_default)
		g->ifindex = netif_get_index(netif_default);
	if (*find(s, g))
		return -EADDRINUSE;
	for (struct group *q = s->groups; q; q = q->next)
		n++;
	new = n < GROUPS_MAX ? netd_malloc(sizeof(*new)) : NULL;
	if (!new)
		return -ENOBUFS;
	err = IP_IS_V4(&g->ip) && ip_addr_get_ip4_u32(&g->ip) == PP_HTONL(0xe0000001) ? ERR_OK : change(g, 1);
	if (err != ERR_OK) {
		netd_free(new);
		return err == ERR_RTE || err == ERR_VAL ? -ENODEV : addr_errno(err);
	}
	*new = *g;
	new->next = s->groups;
	s->groups = new;
	return 0;
}

void mcast_drop(struct sock *s)
{
	while (s->groups)
		leave(s, s->groups);
}

/* The card that has this address. */
static uint8_t index_of(uint32_t v4)
{
	struct netif *n;

	NETIF_FOREACH(n)
		if (v4 && netif_ip4_addr(n)->addr == v4)
			return netif_get_index(n);
	return 0;
}

static int group_v4(struct srv_req *r, struct group *g)
{
	struct ip_mreqn m = { .imr_ifindex = 0 };

	/* struct ip_mreq is the same without the index. */
	if (opts_take(r, &m, sizeof(struct ip_mreq)) || (r->m.r[0].len >= sizeof(m) && opts_take(r, &m, sizeof(m))))
		return -EINVAL;
	ip_addr_set_ip4_u32(&g->ip, m.imr_multiaddr.s_addr);
	g->ifindex = (uint8_t)(m.imr_ifindex ? m.imr_ifindex : index_of(m.imr_address.s_addr));
	return 0;
}

static int group_v6(struct srv_req *r, struct group *g)
{
	struct ipv6_mreq m;

	if (opts_take(r, &m, sizeof(m)))
		return -EINVAL;
	if (m.ipv6mr_interface > 255)
		return -ENODEV;
	addr_from6(&m.ipv6mr_multiaddr, m.ipv6mr_interface, &g->ip);
	g->ifindex = (uint8_t)m.ipv6mr_interface;
	return 0;
}

static int group_any(struct sock *s, struct srv_req *r, struct group *g)
{
	struct group_req m;
	uint16_t port;

	if (opts_take(r, &m, sizeof(m)))
		return -EINVAL;
	if (m.gr_interface > 255)
		return -ENODEV;
	g->ifindex = (uint8_t)m.gr_interface;
	return addr_in(s, &m.gr_group, sizeof(m.gr_group), &g->ip, &port);
}

int64_t mcast_set(struct sock *s, struct srv_req *r)
{
	int level = (int)r->m.w[1], name = (int)r->m.w[2], err, joins;
	struct group g = { .ifindex = 0 };

	if (name == MCAST_JOIN_GROUP || name == MCAST_LEAVE_GROUP)
		err = group_any(s, r, &g);
	else if (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP))
		err = group_v4(r, &g);
	else if (level == IPPROTO_IPV6 && (name == IPV6_JOIN_GROUP || name == IPV6_LEAVE_GROUP))
		err = group_v6(r, &g);
	else
		return -ENOPROTOOPT;
	if (err)
		return err;
	if (s->kind == K_TCP || !ip_addr_ismulticast(&g.ip))
		return s->kind == K_TCP ? -EPROTO : -EINVAL;
	joins = name == MCAST_JOIN_GROUP || (level == IPPROTO_IP ? name == IP_ADD_MEMBERSHIP : name == IPV6_JOIN_GROUP);
	return joins ? join(s, &g) : leave(s, &g);
}
