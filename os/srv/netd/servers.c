/* SPDX-License-Identifier: MIT */
/*
 * Name servers and the domain, as DHCP, DHCPv6 and router advertisements tell them: three of each IP
 * version beside each other. This stands for lwIP's dns.c, whose single list they would fight over.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "lwip/dns.h"
#include "netd.h"

#define EACH		3		/* servers of each version; v6 ones come after the v4 ones */
#define OPTION_DOMAIN	15

static ip_addr_t servers[2 * EACH];
static char domain[256];

void dns_init(void)
{
}

/* n counts from 0 for each source; without an address it is the place in the whole list. */
void dns_setserver(u8_t n, const ip_addr_t *ip)
{
	int at = !ip ? n : IP_IS_V6(ip) ? EACH + n % EACH : n % EACH;

	if (at >= 2 * EACH)
		return;
	if (ip)
		ip_addr_copy(servers[at], *ip);
	else
		ip_addr_set_zero(&servers[at]);
	tree_update();
}

const ip_addr_t *dns_getserver(u8_t n)
{
	return n < 2 * EACH ? &servers[n] : IP_ADDR_ANY;
}

/* The domain goes into a text file that others read: only letters, digits, '-', '.' and '_'. */
void servers_dhcp_option(uint8_t option, uint8_t len, struct pbuf *p, uint16_t at)
{
	char text[256];

	if (option != OPTION_DOMAIN || pbuf_copy_partial(p, text, len, at) != len)
		return;
	text[len] = '\0';
	for (char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return;
	strcpy(domain, text);
}

/* A line "KEY ADDRESS" for each server, from buf[n] on; the new n. */
size_t servers_print(const char *key, char *buf, size_t n, size_t size)
{
	char text[IPADDR_STRLEN_MAX];

	for (u8_t i = 0; i < 2 * EACH && n < size; i++) {
		const ip_addr_t *ip = &servers[i];

		if (ip_addr_isany(ip))
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s %s", key, ipaddr_ntoa_r(ip, text, sizeof(text)));
		if (n < size && IP_IS_V6(ip) && ip6_addr_has_zone(ip_2_ip6(ip)))
			n += (size_t)snprintf(buf + n, size - n, "%%%s",
					      nic_name(ip6_addr_zone(ip_2_ip6(ip))));
		if (n < size)
			n += (size_t)snprintf(buf + n, size - n, "\n");
	}
	return n;
}

const char *servers_domain(void)
{
	return domain;
}
