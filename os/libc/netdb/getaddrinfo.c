/* SPDX-License-Identifier: MIT */
/* getaddrinfo.c: getaddrinfo, freeaddrinfo, gai_strerror. The list is one block of memory. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

#define FLAGS (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG | AI_NUMERICSERV)

struct node {
	struct addrinfo ai;
	union { struct sockaddr_in in; struct sockaddr_in6 in6; } sa;
};

/* Kinds of sockets that the hints let through. */
struct kind { int type, proto; };

static int kinds(const struct addrinfo *h, const char *service, struct kind out[3])
{
	static const struct kind all[] = {
		{ SOCK_STREAM, IPPROTO_TCP }, { SOCK_DGRAM, IPPROTO_UDP }, { SOCK_RAW, 0 },
	};
	int n = 0, type = h ? h->ai_socktype : 0, proto = h ? h->ai_protocol : 0;

	for (int i = 0; i < 3; i++) {
		if (type && type != all[i].type)
			continue;
		if (proto && all[i].proto && proto != all[i].proto)
			continue;
		if (all[i].type == SOCK_RAW && (service || (proto && !type)))
			continue;
		out[n] = all[i];
		if (all[i].type == SOCK_RAW)
			out[n].proto = proto;
		n++;
	}
	return n;
}

static int ports(const char *service, const struct kind *k, int n, int flags, int port[3])
{
	int err = EAI_SERVICE, ok = 0;

	for (int i = 0; i < n; i++) {
		const char *proto = k[i].type == SOCK_DGRAM ? "udp" : k[i].type == SOCK_STREAM ? "tcp" : 0;
		port[i] = __lookup_service(service, proto, flags);
		if (port[i] >= 0)
			ok = 1;
		else
			err = port[i];
	}
	return ok ? 0 : err;
}

static void fill(struct node *n, const struct address *a, const struct kind *k, int port)
{
	n->ai.ai_family = a->family;
	n->ai.ai_socktype = k->type;
	n->ai.ai_protocol = k->proto;
	n->ai.ai_addr = (struct sockaddr *)&n->sa;
	if (a->family == AF_INET) {
		n->ai.ai_addrlen = sizeof(n->sa.in);
		n->sa.in.sin_family = AF_INET;
		n->sa.in.sin_port = htons(port);
		memcpy(&n->sa.in.sin_addr, a->addr, 4);
	} else {
		n->ai.ai_addrlen = sizeof(n->sa.in6);
		n->sa.in6.sin6_family = AF_INET6;
		n->sa.in6.sin6_port = htons(port);
		n->sa.in6.sin6_scope_id = a->scope;
		memcpy(&n->sa.in6.sin6_addr, a->addr, 16);
	}
}

static int check(const char *name, const char *service, const struct addrinfo *h)
{
	if (!name && !service)
		return EAI_NONAME;
	if (!h)
		return 0;
	if (h->ai_flags & ~FLAGS)
		return EAI_BADFLAGS;
	if (h->ai_family != AF_UNSPEC && h->ai_family != AF_INET && h->ai_family != AF_INET6)
		return EAI_FAMILY;
	return h->ai_flags & AI_CANONNAME && !name ? EAI_BADFLAGS : 0;
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict h,
	struct addrinfo **restrict result)
{
	struct address addr[ADDRESSES];
	struct kind k[3];
	struct node *node;
	char canon[256];
	int flags = h ? h->ai_flags : AI_V4MAPPED | AI_ADDRCONFIG, err = check(name, service, h);
	int nk, na, port[3], n = 0;

	if (err)
		return err;
	nk = kinds(h, service, k);
	if (!nk)
		return h && h->ai_socktype ? EAI_SERVICE : EAI_SOCKTYPE;
	err = ports(service, k, nk, flags, port);
	if (err)
		return err;
	na = __lookup_name(addr, canon, name, h ? h->ai_family : AF_UNSPEC, flags);
	if (na < 0)
		return na;
	node = calloc(1, na * nk * sizeof(*node) + sizeof(canon));
	if (!node)
		return EAI_MEMORY;
	for (int i = 0; i < na; i++)
		for (int j = 0; j < nk; j++)
			if (port[j] >= 0) {
				fill(&node[n], &addr[i], &k[j], port[j]);
				if (n)
					node[n - 1].ai.ai_next = &node[n].ai;
				n++;
			}
	if (flags & AI_CANONNAME)
		node[0].ai.ai_canonname = strcpy((char *)(node + na * nk), canon);
	*result = &node[0].ai;
	return 0;
}

void freeaddrinfo(struct addrinfo *ai)
{
	free(ai);
}

const char *gai_strerror(int err)
{
	switch (err) {
	case 0: return "Success";
	case EAI_BADFLAGS: return "Invalid flags";
	case EAI_NONAME: return "Name or service not known";
	case EAI_AGAIN: return "Temporary failure in name resolution";
	case EAI_FAIL: return "Non-recoverable failure in name resolution";
	case EAI_NODATA: return "No address associated with hostname";
	case EAI_FAMILY: return "ai_family not supported";
	case EAI_SOCKTYPE: return "ai_socktype not supported";
	case EAI_SERVICE: return "Service not supported for this socket type";
	case EAI_MEMORY: return "Memory allocation failure";
	case EAI_SYSTEM: return "System error";
	case EAI_OVERFLOW: return "Argument buffer too small";
	}
	return "Unknown error";
}
