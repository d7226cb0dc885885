/* SPDX-License-Identifier: MIT */
/* resconf.c: which name servers to ask and how. */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

/* "fe80::1%en0": the interface stands behind a link-local address. */
static void add_server(struct resconf *c, char *text)
{
	char *zone = strchr(text, '%');

	if (zone)
		*zone++ = 0;
	if (c->nns == 3)
		return;
	memset(&c->ns[c->nns], 0, sizeof(c->ns[0]));
	if (inet_pton(AF_INET, text, &c->ns[c->nns].in.sin_addr) == 1) {
		c->ns[c->nns].in.sin_family = AF_INET;
		c->ns[c->nns++].in.sin_port = htons(53);
	} else if (inet_pton(AF_INET6, text, &c->ns[c->nns].in6.sin6_addr) == 1) {
		c->ns[c->nns].in6.sin6_family = AF_INET6;
		c->ns[c->nns].in6.sin6_scope_id = zone ? if_nametoindex(zone) : 0;
		c->ns[c->nns++].in6.sin6_port = htons(53);
	}
}

static void option(struct resconf *c, const char *o)
{
	unsigned n;

	if (!strncmp(o, "ndots:", 6)) {
		n = strtoul(o + 6, 0, 10);
		c->ndots = n > 15 ? 15 : n;
	} else if (!strncmp(o, "attempts:", 9)) {
		n = strtoul(o + 9, 0, 10);
		c->attempts = n > 10 ? 10 : n ? n : 1;
	} else if (!strncmp(o, "timeout:", 8)) {
		n = strtoul(o + 8, 0, 10);
		c->timeout = n > 60 ? 60 : n ? n : 1;
	} else if (!strcmp(o, "no-edns0")) {
		c->edns = 0;
	}
}

static int line(char *l, void *arg)
{
	struct resconf *c = arg;
	char *key = __next_word(&l), *word;

	if (!key)
		return 0;
	if (!strcmp(key, "nameserver") && (word = __next_word(&l)))
		add_server(c, word);
	else if (!strcmp(key, "search") || !strcmp(key, "domain")) {
		c->search[0] = 0;
		while ((word = __next_word(&l))) {
			strlcat(c->search, word, sizeof(c->search));
			strlcat(c->search, " ", sizeof(c->search));
		}
	} else if (!strcmp(key, "options"))
		while ((word = __next_word(&l)))
			option(c, word);
	return 0;
}

void __resconf_read(struct resconf *c)
{
	char loopback[] = "127.0.0.1";

	*c = (struct resconf){ .ndots = 1, .attempts = 2, .timeout = 5, .edns = 1 };
	__each_line("/etc/resolv.conf", line, c);
	if (!c->nns)
		__each_line("/net/resolv.conf", line, c);	/* the network server's */
	if (!c->nns)
		add_server(c, loopback);
}
