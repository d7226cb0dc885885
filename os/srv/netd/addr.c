/* SPDX-License-Identifier: MIT */
/* Addresses, routes and errors between POSIX and lwIP. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/netif.h"
#include "netd.h"

void addr_from6(const struct in6_addr *a, uint32_t scope, ip_addr_t *ip)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	uint32_t w[4];

	memcpy(w, a, 16);
	if (!memcmp(a, mapped, 12)) {
		ip_addr_set_ip4_u32(ip, w[3]);
		return;
	}
	IP_ADDR6(ip, w[0], w[1], w[2], w[3]);
	/* Without a scope lwIP finds the card that a link-local address belongs to. */
	if (scope && scope < 256 && ip6_addr_has_scope(ip_2_ip6(ip), IP6_UNKNOWN))
		ip6_addr_set_zone(ip_2_ip6(ip), (u8_t)scope);
	else if (ip6_addr_has_scope(ip_2_ip6(ip), IP6_UNKNOWN) && netif_default)
		ip6_addr_assign_zone(ip_2_ip6(ip), IP6_UNKNOWN, netif_default);
}

void addr_to6(const ip_addr_t *ip, struct in6_addr *a)
{
	memset(a, 0, sizeof(*a));
	if (!ip || IP_IS_ANY_TYPE_VAL(*ip))
		return;
	if (IP_IS_V6(ip)) {
		memcpy(a, ip_2_ip6(ip)->addr, 16);
		return;
	}
	memset((uint8_t *)a + 10, 0xff, 2);
	memcpy((uint8_t *)a + 12, &ip_2_ip4(ip)->addr, 4);
}

static int in6(const struct sock *s, const void *buf, size_t n, ip_addr_t *ip)
{
	struct sockaddr_in6 sin6;

	if (s->domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (n < sizeof(sin6) - 4)
		return -EINVAL;
	memset(&sin6, 0, sizeof(sin6));
	memcpy(&sin6, buf, n < sizeof(sin6) ? n : sizeof(sin6));
	addr_from6(&sin6.sin6_addr, sin6.sin6_scope_id, ip);
	if (IP_IS_V4(ip))
		return s->v6only ? -ENETUNREACH : 0;
	/* Both versions, where the socket may have both. */
	if (ip_addr_isany(ip) && !s->v6only && s->kind != K_RAW)
		*ip = *IP_ANY_TYPE;
	return 0;
}

int addr_in(const struct sock *s, const void *buf, size_t n, ip_addr_t *ip, uint16_t *port)
{
	struct sockaddr_in sin;

	if (n < sizeof(sin))
		return -EINVAL;
	memcpy(&sin, buf, sizeof(sin));
	*port = ntohs(sin.sin_port);
	if (sin.sin_family == AF_INET6)
		return in6(s, buf, n, ip);
	if (sin.sin_family != AF_INET || s->domain != AF_INET)
		return -EAFNOSUPPORT;
	ip_addr_set_ip4_u32(ip, sin.sin_addr.s_addr);
	return 0;
}

size_t addr_out(const struct sock *s, const ip_addr_t *ip, uint16_t port, void *buf)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (s->domain == AF_INET) {
		sin.sin_addr.s_addr = ip && IP_IS_V4(ip) ? ip_addr_get_ip4_u32(ip) : 0;
		memcpy(buf, &sin, sizeof(sin));
		return sizeof(sin);
	}
	addr_to6(ip, &sin6.sin6_addr);
	if (ip && IP_IS_V6(ip) && !IP_IS_ANY_TYPE_VAL(*ip))
		sin6.sin6_scope_id = ip6_addr_zone(ip_2_ip6(ip));
	memcpy(buf, &sin6, sizeof(sin6));
	return sizeof(sin6);
}

int addr_errno(err_t e)
{
	static const int table[] = {
		[-ERR_MEM] = ENOBUFS, [-ERR_BUF] = ENOBUFS, [-ERR_TIMEOUT] = ETIMEDOUT,
		[-ERR_RTE] = ENETUNREACH, [-ERR_INPROGRESS] = EINPROGRESS, [-ERR_VAL] = EINVAL,
		[-ERR_WOULDBLOCK] = EAGAIN, [-ERR_USE] = EADDRINUSE, [-ERR_ALREADY] = EALREADY,
		[-ERR_ISCONN] = EISCONN, [-ERR_CONN] = ENOTCONN, [-ERR_IF] = ENETDOWN,
		[-ERR_ABRT] = ETIMEDOUT, [-ERR_RST] = ECONNRESET, [-ERR_CLSD] = ENOTCONN,
		[-ERR_ARG] = EINVAL,
	};

	if (e >= 0)
		return 0;
	return -e < (int)(sizeof(table) / sizeof(table[0])) ? -table[-e] : -EIO;
}

/* A global address is out of reach for somebody who has none but link-local ones. */
static int reaches(const ip6_addr_t *from, const ip6_addr_t *to)
{
	if (ip6_addr_isloopback(to) || ip6_addr_islinklocal(to) || ip6_addr_ismulticast(to))
		return 1;
	return !ip6_addr_islinklocal(from) && !ip6_addr_isloopback(from);
}

int addr_source(const ip_addr_t *to, ip_addr_t *src)
{
	const ip_addr_t *any = IP_IS_V6(to) ? IP6_ADDR_ANY : IP4_ADDR_ANY, *ip;
	struct netif *netif = ip_route(any, to);

	ip = netif ? ip_netif_get_local_ip(netif, to) : NULL;
	if (!ip || ip_addr_isany(ip))
		return -ENETUNREACH;
	/* One of our own addresses is always within reach, by itself. */
	if (IP_IS_V6(to) && !ip_addr_eq(ip, to) && !reaches(ip_2_ip6(ip), ip_2_ip6(to)))
		return -ENETUNREACH;
	ip_addr_copy(*src, *ip);
	return 0;
}

/* A port for who does not ask for one: not to be guessed, above the registered ones. */
uint16_t addr_random_port(void)
{
	return (uint16_t)(49152 + netd_random() % (65535 - 49152));
}

static int is_of_card(const struct netif *n, const ip_addr_t *ip)
{
	if (IP_IS_V4(ip))
		return ip4_addr_eq(ip_2_ip4(ip), netif_ip4_addr(n)) || ip4_addr_isbroadcast(ip_2_ip4(ip), n);
	for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		if (ip6_addr_isvalid(netif_ip6_addr_state(n, i)) && ip6_addr_zoneless_eq(ip_2_ip6(ip), netif_ip6_addr(n, i)))
			return 1;
	return 0;
}

/* May a socket be bound to it: any, a group's, or one of our own. */
int addr_is_ours(const ip_addr_t *ip)
{
	struct netif *n;

	if (ip_addr_isany(ip) || ip_addr_ismulticast(ip) || (IP_IS_V4(ip) && ip4_addr_isloopback(ip_2_ip4(ip))))
		return 1;
	NETIF_FOREACH(n)
		if (is_of_card(n, ip))
			return 1;
	return 0;
}
