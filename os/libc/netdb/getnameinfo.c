/* SPDX-License-Identifier: MIT */
/* getnameinfo.c: getnameinfo. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

static int host(const struct sockaddr *sa, char *to, socklen_t len, int flags)
{
	const void *addr = sa->sa_family == AF_INET ? (const void *)&((struct sockaddr_in *)sa)->sin_addr
		: &((struct sockaddr_in6 *)sa)->sin6_addr;
	char buf[256] = "", zone[IF_NAMESIZE + 1];
	unsigned scope = sa->sa_family == AF_INET6 ? ((struct sockaddr_in6 *)sa)->sin6_scope_id : 0;

	if (!(flags & NI_NUMERICHOST))
		__lookup_address(buf, sizeof(buf), sa->sa_family, addr);
	if (!*buf) {
		if (flags & NI_NAMEREQD)
			return EAI_NONAME;
		inet_ntop(sa->sa_family, addr, buf, sizeof(buf));
		if (scope) {
			strlcat(buf, "%", sizeof(buf));
			if (flags & NI_NUMERICSCOPE || !if_indextoname(scope, zone))
				snprintf(zone, sizeof(zone), "%u", scope);
			strlcat(buf, zone, sizeof(buf));
		}
	}
	return strlcpy(to, buf, len) >= len ? EAI_OVERFLOW : 0;
}

static int service(const struct sockaddr *sa, char *to, socklen_t len, int flags)
{
	int port = ntohs(((struct sockaddr_in *)sa)->sin_port);
	struct servent se, *found = 0;
	char buf[1024], number[8];

	if (!(flags & NI_NUMERICSERV))
		getservbyport_r(htons(port), flags & NI_DGRAM ? "udp" : "tcp", &se, buf, sizeof(buf), &found);
	snprintf(number, sizeof(number), "%d", port);
	return strlcpy(to, found ? found->s_name : number, len) >= len ? EAI_OVERFLOW : 0;
}

int getnameinfo(const struct sockaddr *restrict sa, socklen_t slen, char *restrict node, socklen_t nlen,
	char *restrict serv, socklen_t vlen, int flags)
{
	int err = 0;

	if (slen < sizeof(sa->sa_family) || (sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return EAI_FAMILY;
	if (slen < (sa->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6)))
		return EAI_FAMILY;
	if ((!node || !nlen) && (!serv || !vlen))
		return EAI_NONAME;
	if (node && nlen)
		err = host(sa, node, nlen, flags);
	if (!err && serv && vlen)
		err = service(sa, serv, vlen, flags);
	return err;
}
