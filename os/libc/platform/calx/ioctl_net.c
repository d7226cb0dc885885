/* SPDX-License-Identifier: MIT */
/* ioctl_net.c: the requests of ioctl about network interfaces (SIOCGIF*). They can be read, not set. */
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include "calx.h"
#include "ioctl_net.h"

#define MAX 64

static void put_addr(struct sockaddr *sa, const void *v4)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	memcpy(&in.sin_addr, v4, 4);
	memcpy(sa, &in, sizeof(in));
}

/* Those with an IPv4 address; without a buffer only how much they take. */
static int list_all(struct ifconf *c)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX), at = 0;

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		struct ifreq r = { .ifr_flags = 0 };

		if (list[i].family != AF_INET)
			continue;
		if (c->ifc_buf && at + (int)sizeof(r) > c->ifc_len)
			break;
		strlcpy(r.ifr_name, list[i].name, IFNAMSIZ);
		put_addr(&r.ifr_addr, list[i].addr);
		if (c->ifc_buf)
			memcpy(c->ifc_buf + at, &r, sizeof(r));
		at += sizeof(r);
	}
	c->ifc_len = at;
	return 0;
}

static int answer(unsigned req, struct ifreq *r, const struct plat_if *p)
{
	unsigned char broad[4];

	if (p->family != AF_INET && (req == SIOCGIFADDR || req == SIOCGIFNETMASK || req == SIOCGIFBRDADDR))
		return -EADDRNOTAVAIL;
	switch (req) {
	case SIOCGIFNAME:
		strlcpy(r->ifr_name, p->name, IFNAMSIZ);
		return 0;
	case SIOCGIFFLAGS:
		r->ifr_flags = p->flags;
		return 0;
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
		put_addr(&r->ifr_addr, p->addr);
		return 0;
	case SIOCGIFNETMASK:
		put_addr(&r->ifr_addr, p->mask);
		return 0;
	case SIOCGIFBRDADDR:
		for (int i = 0; i < 4; i++)
			broad[i] = p->addr[i] | (unsigned char)~p->mask[i];
		put_addr(&r->ifr_addr, broad);
		return 0;
	case SIOCGIFHWADDR:
		memset(&r->ifr_hwaddr, 0, sizeof(r->ifr_hwaddr));
		r->ifr_hwaddr.sa_family = p->flags & IFF_LOOPBACK ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
		memcpy(r->ifr_hwaddr.sa_data, p->mac, 6);
		return 0;
	case SIOCGIFMTU:
		r->ifr_mtu = p->mtu;
		return 0;
	case SIOCGIFMETRIC:
		r->ifr_metric = 0;
		return 0;
	case SIOCGIFINDEX:
		r->ifr_ifindex = p->index;
		return 0;
	}
	return -EOPNOTSUPP;
}

/* The first entry of an interface has its IPv4 address, if it has one. */
static int one(unsigned req, struct ifreq *r)
{
	struct plat_if list[MAX];
	int n = plat_interfaces(list, MAX);

	for (int i = 0; i < n; i++)
		if (req == SIOCGIFNAME ? list[i].index == (unsigned)r->ifr_ifindex :
				!strncmp(list[i].name, r->ifr_name, IFNAMSIZ))
			return answer(req, r, &list[i]);
	return n < 0 ? n : -ENODEV;
}

int __ioctl_net(unsigned req, void *arg)
{
	if (req == SIOCGIFCONF)
		return list_all(arg);
	return one(req, arg);
}
