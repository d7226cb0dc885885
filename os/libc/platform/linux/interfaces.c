/* SPDX-License-Identifier: MIT */
/* interfaces.c: network interfaces, on Linux by ioctl: IPv4 only, as that interface is. */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "sys.h"

#define ROOM 64

static void query(int fd, struct ifreq *r, struct plat_if *p)
{
	struct ifreq q = *r;

	memcpy(p->addr, &((struct sockaddr_in *)&r->ifr_addr)->sin_addr, 4);
	if (plat_ioctl(fd, SIOCGIFNETMASK, &q) >= 0)
		memcpy(p->mask, &((struct sockaddr_in *)&q.ifr_addr)->sin_addr, 4);
	if (plat_ioctl(fd, SIOCGIFFLAGS, &q) >= 0)
		p->flags = (unsigned short)q.ifr_flags;
	if (plat_ioctl(fd, SIOCGIFHWADDR, &q) >= 0)
		memcpy(p->mac, q.ifr_hwaddr.sa_data, 6);
	if (plat_ioctl(fd, SIOCGIFINDEX, &q) >= 0)
		p->index = q.ifr_ifindex;
}

int plat_interfaces(struct plat_if *list, int max)
{
	struct ifreq reqs[ROOM];
	struct ifconf conf = { .ifc_len = sizeof(reqs), .ifc_req = reqs };
	int fd = plat_socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), n, err;

	if (fd < 0)
		return fd;
	err = plat_ioctl(fd, SIOCGIFCONF, &conf);
	n = err < 0 ? 0 : conf.ifc_len / (int)sizeof(*reqs);
	if (n > max)
		n = max;
	for (int i = 0; i < n; i++) {
		memset(&list[i], 0, sizeof(list[i]));
		strlcpy(list[i].name, reqs[i].ifr_name, sizeof(list[i].name));
		list[i].family = AF_INET;
		query(fd, &reqs[i], &list[i]);
	}
	plat_close(fd);
	return err < 0 ? err : n;
}
