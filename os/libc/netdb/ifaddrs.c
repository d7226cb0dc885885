/* SPDX-License-Identifier: MIT */
/* ifaddrs.c: network interfaces by name and number, and their addresses. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "../internal/plat.h"
#include "../internal/ret.h"

#define MAX 64

unsigned if_nametoindex(const char *name)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX);

	for (int i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return list[i].index;
	errno = n < 0 ? -n : ENODEV;
	return 0;
}

char *if_indextoname(unsigned index, char *name)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX);

	for (int i = 0; i < n; i++)
		if (list[i].index == index)
			return strcpy(name, list[i].name);
	errno = n < 0 ? -n : ENXIO;
	return 0;
}

/* One block: the array, then the names. */
struct if_nameindex *if_nameindex(void)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX), count = 0;
	struct if_nameindex *out;
	char *names;

	if (n < 0) {
		errno = -n;
		return 0;
	}
	out = malloc((n + 1) * (sizeof(*out) + IF_NAMESIZE));
	if (!out)
		return 0;
	names = (char *)(out + n + 1);
	for (int i = 0; i < n; i++) {
		if (count && out[count - 1].if_index == list[i].index)
			continue;
		out[count].if_index = list[i].index;
		out[count++].if_name = strcpy(names, list[i].name);
		names += IF_NAMESIZE;
	}
	out[count] = (struct if_nameindex){ 0, 0 };
	return out;
}

void if_freenameindex(struct if_nameindex *list)
{
	free(list);
}

struct node {
	struct ifaddrs ifa;
	char name[IF_NAMESIZE];
	struct sockaddr_storage addr, mask, broad;
};

static struct sockaddr *fill(struct sockaddr_storage *ss, int family, const void *bytes)
{
	ss->ss_family = family;
	if (family == AF_INET)
		memcpy(&((struct sockaddr_in *)ss)->sin_addr, bytes, 4);
	else
		memcpy(&((struct sockaddr_in6 *)ss)->sin6_addr, bytes, 16);
	return (struct sockaddr *)ss;
}

static void describe(struct node *n, const struct plat_if *p)
{
	unsigned char broad[4];

	strcpy(n->name, p->name);
	n->ifa.ifa_name = n->name;
	n->ifa.ifa_flags = p->flags;
	if (!p->family)
		return;
	n->ifa.ifa_addr = fill(&n->addr, p->family, p->addr);
	n->ifa.ifa_netmask = fill(&n->mask, p->family, p->mask);
	if (p->family == AF_INET && p->flags & IFF_BROADCAST) {
		for (int i = 0; i < 4; i++)
			broad[i] = p->addr[i] | (unsigned char)~p->mask[i];
		n->ifa.ifa_broadaddr = fill(&n->broad, AF_INET, broad);
	}
	if (p->family == AF_INET6 && p->addr[0] == 0xfe && (p->addr[1] & 0xc0) == 0x80)
		((struct sockaddr_in6 *)&n->addr)->sin6_scope_id = p->index;
}

int getifaddrs(struct ifaddrs **out)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX);
	struct node *nodes;

	if (n < 0)
		return __ret(n);
	*out = 0;
	if (!n)
		return 0;
	nodes = calloc(n, sizeof(*nodes));
	if (!nodes)
		return -1;
	for (int i = 0; i < n; i++) {
		describe(&nodes[i], &list[i]);
		if (i)
			nodes[i - 1].ifa.ifa_next = &nodes[i].ifa;
	}
	*out = &nodes[0].ifa;
	return 0;
}

void freeifaddrs(struct ifaddrs *list)
{
	free(list);
}
