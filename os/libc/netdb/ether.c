/* SPDX-License-Identifier: MIT */
/* ether.c: Ethernet addresses as text. */
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>

struct ether_addr *ether_aton_r(const char *s, struct ether_addr *a)
{
	char *end;

	for (int i = 0; i < 6; i++) {
		unsigned long v = strtoul(s, &end, 16);
		if (end == s || v > 255 || *end != (i < 5 ? ':' : 0))
			return 0;
		a->ether_addr_octet[i] = v;
		s = end + 1;
	}
	return a;
}

struct ether_addr *ether_aton(const char *s)
{
	static struct ether_addr a;

	return ether_aton_r(s, &a);
}

char *ether_ntoa_r(const struct ether_addr *a, char *buf)
{
	const unsigned char *o = a->ether_addr_octet;

	sprintf(buf, "%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
	return buf;
}

char *ether_ntoa(const struct ether_addr *a)
{
	static char buf[18];

	return ether_ntoa_r(a, buf);
}
