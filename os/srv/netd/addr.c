/* SPDX-License-Identifier: MIT */
/* Addresses and errors between POSIX and lwIP. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "netd.h"

static int in4(const struct sock *s, const struct sockaddr_in *sin, ip_addr_t *ip)
{
	(void)s;
	ip_addr_set_ip4_u32(ip, sin->sin_addr.s_addr);
	return 0;
}

static int in6(const struct sockaddr_in6 *sin, ip_addr_t *ip)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	const uint8_t *b = (const uint8_t *)&sin->sin6_addr;
	uint32_t w[4];

	if (!memcmp(b, mapped, 12)) {
		memcpy(w, b + 12, 4);
		ip_addr_set_ip4_u32(ip, w[0]);
		return 0;
	}
	memcpy(w, b, 16);
	IP_ADDR6(ip, w[0], w[1], w[2], w[3]);
	if (ip_addr_isany(ip))
		*ip = *IP_ANY_TYPE;
	return 0;
}

int addr_in(const struct sock *s, const void *buf, size_t n, ip_addr_t *ip, uint16_t *port)
{
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;

	if (n < sizeof(sin))
		return -EINVAL;
	memcpy(&sin, buf, sizeof(sin));
	*port = ntohs(sin.sin_port);
	if (sin.sin_family == AF_INET)
		return s->domain == AF_INET6 && s->v6only ? -EINVAL : in4(s, &sin, ip);
	if (sin.sin_family != AF_INET6 || s->domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (n < sizeof(sin6) - 4)
		return -EINVAL;
	memset(&sin6, 0, sizeof(sin6));
	memcpy(&sin6, buf, n < sizeof(sin6) ? n : sizeof(sin6));
	return in6(&sin6, ip);
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
	if (ip && IP_IS_V6(ip) && !IP_IS_ANY_TYPE_VAL(*ip)) {
		memcpy(&sin6.sin6_addr, ip_2_ip6(ip)->addr, 16);
	} else if (ip && IP_IS_V4(ip)) {
		uint32_t v4 = ip_addr_get_ip4_u32(ip);

		memset((uint8_t *)&sin6.sin6_addr + 10, 0xff, 2);
		memcpy((uint8_t *)&sin6.sin6_addr + 12, &v4, 4);
	}
	memcpy(buf, &sin6, sizeof(sin6));
	return sizeof(sin6);
}

int addr_errno(err_t e)
{
	static const int table[] = {
		[-ERR_MEM] = ENOMEM, [-ERR_BUF] = ENOBUFS, [-ERR_TIMEOUT] = ETIMEDOUT,
		[-ERR_RTE] = ENETUNREACH, [-ERR_INPROGRESS] = EINPROGRESS, [-ERR_VAL] = EINVAL,
		[-ERR_WOULDBLOCK] = EAGAIN, [-ERR_USE] = EADDRINUSE, [-ERR_ALREADY] = EALREADY,
		[-ERR_ISCONN] = EISCONN, [-ERR_CONN] = ENOTCONN, [-ERR_IF] = EIO,
		[-ERR_ABRT] = ECONNABORTED, [-ERR_RST] = ECONNRESET, [-ERR_CLSD] = ENOTCONN,
		[-ERR_ARG] = EINVAL,
	};

	if (e >= 0)
		return 0;
	return -e < (int)(sizeof(table) / sizeof(table[0])) ? -table[-e] : -EIO;
}
