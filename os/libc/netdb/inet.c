/* SPDX-License-Identifier: MIT */
/* inet.c: IPv4 addresses as numbers and the old text forms; byte orders. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef htonl
#undef htons
#undef ntohl
#undef ntohs

uint32_t htonl(uint32_t n)
{
	return __builtin_bswap32(n);
}

uint16_t htons(uint16_t n)
{
	return __builtin_bswap16(n);
}

uint32_t ntohl(uint32_t n)
{
	return __builtin_bswap32(n);
}

uint16_t ntohs(uint16_t n)
{
	return __builtin_bswap16(n);
}

/* One to four parts; the last fills what is left. Decimal, octal or hexadecimal each. */
int inet_aton(const char *s, struct in_addr *to)
{
	static const unsigned long last_max[] = { 0xffffffff, 0xffffff, 0xffff, 0xff };
	unsigned long part[4];
	uint32_t addr = 0;
	char *end;
	int n = 0;

	for (;; s = end + 1) {
		if (*s < '0' || *s > '9')
			return 0;
		part[n++] = strtoul(s, &end, 0);
		if (*end != '.')
			break;
		if (n == 4)
			return 0;
	}
	if (*end && *end != ' ' && (*end < '\t' || *end > '\r'))
		return 0;
	if (part[n - 1] > last_max[n - 1])
		return 0;
	for (int i = 0; i < n - 1; i++) {
		if (part[i] > 255)
			return 0;
		addr |= part[i] << (24 - 8 * i);
	}
	to->s_addr = htonl(addr | part[n - 1]);
	return 1;
}

in_addr_t inet_addr(const char *s)
{
	struct in_addr a;

	return inet_aton(s, &a) ? a.s_addr : INADDR_NONE;
}

in_addr_t inet_network(const char *s)
{
	return ntohl(inet_addr(s));
}

char *inet_ntoa(struct in_addr in)
{
	static char buf[16];
	unsigned char *a = (void *)&in;

	snprintf(buf, sizeof(buf), "%d.%d.%d.%d", a[0], a[1], a[2], a[3]);
	return buf;
}

struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host)
{
	if (net < 256)
		host |= net << 24;
	else if (net < 65536)
		host |= net << 16;
	else
		host |= net << 8;
	return (struct in_addr){ htonl(host) };
}

static int class_shift(uint32_t h)
{
	return h >> 24 < 128 ? 24 : h >> 24 < 192 ? 16 : 8;
}

in_addr_t inet_lnaof(struct in_addr in)
{
	uint32_t h = ntohl(in.s_addr);

	return h & ((1u << class_shift(h)) - 1);
}

in_addr_t inet_netof(struct in_addr in)
{
	uint32_t h = ntohl(in.s_addr);

	return h >> class_shift(h);
}
