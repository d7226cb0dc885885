/* SPDX-License-Identifier: MIT */
/* protocols.c: the protocols above IP, by heart; networks have no data base. */
#include <netdb.h>
#include <stddef.h>
#include <string.h>

static const struct { const char *name; int number; } table[] = {
	{ "ip", 0 }, { "icmp", 1 }, { "igmp", 2 }, { "ipencap", 4 }, { "tcp", 6 }, { "egp", 8 }, { "udp", 17 },
	{ "ipv6", 41 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 }, { "ipv6-icmp", 58 }, { "ospf", 89 },
	{ "sctp", 132 }, { "udplite", 136 },
};
#define COUNT (sizeof(table) / sizeof(*table))

static size_t next;

static struct protoent *entry(size_t i)
{
	static char *none[1];
	static struct protoent pe;

	if (i >= COUNT)
		return 0;
	pe = (struct protoent){ (char *)table[i].name, none, table[i].number };
	return &pe;
}

void setprotoent(int stay)
{
	(void)stay;
	next = 0;
}

void endprotoent(void)
{
	next = 0;
}

struct protoent *getprotoent(void)
{
	return entry(next < COUNT ? next++ : COUNT);
}

struct protoent *getprotobyname(const char *name)
{
	size_t i = 0;

	while (i < COUNT && strcmp(table[i].name, name))
		i++;
	return entry(i);
}

struct protoent *getprotobynumber(int number)
{
	size_t i = 0;

	while (i < COUNT && table[i].number != number)
		i++;
	return entry(i);
}

void setnetent(int stay)
{
	(void)stay;
}

void endnetent(void)
{
}

struct netent *getnetent(void)
{
	return 0;
}

struct netent *getnetbyname(const char *name)
{
	(void)name;
	return 0;
}

struct netent *getnetbyaddr(uint32_t net, int type)
{
	(void)net;
	(void)type;
	return 0;
}
