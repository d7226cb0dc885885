/* SPDX-License-Identifier: MIT */
/* interfaces.c: network interfaces, by the text that the network server gives. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "calx.h"

struct parser {
	struct plat_if *list;
	int n, max, fresh;	/* fresh: the last entry has no address yet */
};

static struct plat_if *last(struct parser *p)
{
	return p->n ? &p->list[p->n - 1] : 0;
}

static void begin(struct parser *p, const char *name)
{
	struct plat_if *was = last(p);
	unsigned index = was ? was->index + 1 : 1;

	if (p->n == p->max)
		return;
	p->list[p->n] = (struct plat_if){ .index = index };
	strlcpy(p->list[p->n++].name, name, sizeof(was->name));
	p->fresh = 1;
}

static void address(struct parser *p, int family, const char *text)
{
	struct plat_if *i = last(p);

	if (!p->fresh) {
		if (p->n == p->max)
			return;
		p->list[p->n] = *i;
		i = &p->list[p->n++];
	}
	p->fresh = 0;
	i->family = family;
	memset(i->addr, 0, sizeof(i->addr));
	memset(i->mask, 0, sizeof(i->mask));
	inet_pton(family, text, i->addr);
	if (family == AF_INET6)
		memset(i->mask, 0xff, IN6_IS_ADDR_LOOPBACK(i->addr) ? 16 : 8);
	else if (i->addr[0] == 127)
		i->flags = (i->flags & ~IFF_BROADCAST) | IFF_LOOPBACK;
}

static void line(struct parser *p, const char *key, const char *value)
{
	struct plat_if *i = last(p);

	if (!strcmp(key, "interface"))
		begin(p, value);
	else if (!i)
		return;
	else if (!strcmp(key, "state") && !strcmp(value, "up"))
		i->flags |= IFF_UP | IFF_RUNNING;
	else if (!strcmp(key, "index"))
		i->index = strtoul(value, 0, 10);
	else if (!strcmp(key, "mtu"))
		i->mtu = strtoul(value, 0, 10);
	else if (!strcmp(key, "mac")) {
		ether_aton_r(value, (struct ether_addr *)i->mac);
		i->flags |= IFF_BROADCAST | IFF_MULTICAST;
	} else if (!strcmp(key, "address"))
		address(p, AF_INET, value);
	else if (!strcmp(key, "address6"))
		address(p, AF_INET6, value);
	else if (!strcmp(key, "netmask") && i->family == AF_INET)
		inet_pton(AF_INET, value, i->mask);
}

int plat_interfaces(struct plat_if *list, int max)
{
	char buf[4096], *p, *end, *space;
	struct msg m = { .w = { S_CONFIG }, .r[1] = { (uint64_t)buf, sizeof(buf) - 1 } };
	struct parser parser = { list, 0, max, 0 };
	int slot;
	handle_t root = __path_server("/net", &slot);
	long n;

	if (root < 0)
		return -ENODEV;
	n = __calx_call(root, &m);
	if (n < 0)
		return n;
	buf[n < (long)sizeof(buf) ? n : (long)sizeof(buf) - 1] = 0;
	for (p = buf; (end = strchr(p, '\n')); p = end + 1) {
		*end = 0;
		space = strchr(p, ' ');
		if (space) {
			*space = 0;
			line(&parser, p, space + 1);
		}
	}
	return parser.n;
}
