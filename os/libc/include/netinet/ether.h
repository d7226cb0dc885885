/* SPDX-License-Identifier: MIT */
/* netinet/ether.h: Ethernet addresses as text. */
#ifndef _NETINET_ETHER_H
#define _NETINET_ETHER_H

#include <features.h>
#include <net/ethernet.h>

__BEGIN_DECLS

char *ether_ntoa(const struct ether_addr *);
struct ether_addr *ether_aton(const char *);
char *ether_ntoa_r(const struct ether_addr *, char *);
struct ether_addr *ether_aton_r(const char *, struct ether_addr *);

__END_DECLS

#endif
