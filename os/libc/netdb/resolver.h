/* SPDX-License-Identifier: MIT */
/* resolver.h: between the files of netdb/. */
#ifndef NETDB_RESOLVER_H
#define NETDB_RESOLVER_H

#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include "../internal/hidden.h"

/* /etc/resolv.conf, or what the network server says. */
struct resconf {
	union { struct sockaddr sa; struct sockaddr_in in; struct sockaddr_in6 in6; } ns[3];
	int nns;
	unsigned ndots, attempts, timeout;	/* timeout in seconds */
	int edns;
	char search[256];			/* words apart by spaces */
};
hidden void __resconf_read(struct resconf *c);

#define DNS_MAX 4800		/* bytes of the longest answer that is taken */

/*
 * Sends the queries q[0..n) at once and waits for all answers: their lengths in alen (0: none).
 * -1 when no server answered anything.
 */
hidden int __res_ask(const struct resconf *c, int n, const unsigned char *const q[], const int qlen[],
	unsigned char *const a[], int alen[], int room);

/* An address found for a name; addr is 4 or 16 bytes. */
struct address {
	int family;
	unsigned scope;
	unsigned char addr[16];
};
#define ADDRESSES 48

/*
 * Looks name up: number, hosts file, DNS. family AF_UNSPEC means both; flags are AI_*. The count, or
 * an EAI_ error. canon (256 bytes) gets the canonical name.
 */
hidden int __lookup_name(struct address out[ADDRESSES], char *canon, const char *name, int family, int flags);

/* A service by name or number: its port in host order, or an EAI_ error. proto is 0, "tcp" or "udp". */
hidden int __lookup_service(const char *name, const char *proto, int flags);

/* Name of an address by the hosts file and DNS, "" when it has none. */
hidden void __lookup_address(char *buf, size_t len, int family, const void *addr);

/* Calls fn for each line of a file with comments cut off, until it does not return 0. */
hidden int __each_line(const char *path, int (*fn)(char *line, void *arg), void *arg);
/* The next word of *line, NULL at its end. */
hidden char *__next_word(char **line);

#endif
