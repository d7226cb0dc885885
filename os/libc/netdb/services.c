/* SPDX-License-Identifier: MIT */
/* services.c: /etc/services, with a few well known ones where the file is missing. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "resolver.h"

static const struct { const char *name; int port; } known[] = {
	{ "echo", 7 }, { "discard", 9 }, { "daytime", 13 }, { "ftp-data", 20 }, { "ftp", 21 }, { "ssh", 22 },
	{ "telnet", 23 }, { "smtp", 25 }, { "time", 37 }, { "domain", 53 }, { "tftp", 69 }, { "gopher", 70 },
	{ "finger", 79 }, { "http", 80 }, { "pop3", 110 }, { "ntp", 123 }, { "imap2", 143 }, { "snmp", 161 },
	{ "irc", 194 }, { "ldap", 389 }, { "https", 443 }, { "submission", 587 }, { "ldaps", 636 },
	{ "rsync", 873 }, { "imaps", 993 }, { "pop3s", 995 }, { "mysql", 3306 }, { "postgresql", 5432 },
	{ "http-alt", 8080 }, { "git", 9418 },
};

/* A service entry and the strings it points to. */
struct store {
	struct servent se;
	char text[512];
	char *aliases[16];
};

struct wanted {
	const char *name, *proto;
	int port;		/* host order, -1: by name */
	struct store *st;
};

static int parse(char *l, struct store *st)
{
	char *name, *port, *slash, *word;
	size_t n = 0;

	strlcpy(st->text, l, sizeof(st->text));
	l = st->text;
	name = __next_word(&l);
	port = name ? __next_word(&l) : 0;
	slash = port ? strchr(port, '/') : 0;
	if (!slash)
		return 0;
	*slash = 0;
	while (n < 15 && (word = __next_word(&l)))
		st->aliases[n++] = word;
	st->aliases[n] = 0;
	st->se = (struct servent){ name, st->aliases, htons(strtoul(port, 0, 10)), slash + 1 };
	return 1;
}

static int line(char *l, void *arg)
{
	struct wanted *w = arg;
	struct servent *se = &w->st->se;
	int hit;

	if (!parse(l, w->st) || (w->proto && strcmp(se->s_proto, w->proto)))
		return 0;
	hit = w->port >= 0 ? se->s_port == htons(w->port) : !strcmp(se->s_name, w->name);
	for (char **a = se->s_aliases; w->port < 0 && *a; a++)
		hit |= !strcmp(*a, w->name);
	return hit;
}

static int find(struct wanted *w)
{
	if (__each_line("/etc/services", line, w) == 1)
		return 1;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (w->port >= 0 ? known[i].port == w->port : !strcmp(known[i].name, w->name)) {
			w->st->aliases[0] = 0;
			w->st->se = (struct servent){ strcpy(w->st->text, known[i].name), w->st->aliases,
				htons(known[i].port), (char *)(w->proto ? w->proto : "tcp") };
			return 1;
		}
	return 0;
}

int __lookup_service(const char *name, const char *proto, int flags)
{
	struct store st;
	struct wanted w = { name, proto, -1, &st };
	char *end;
	unsigned long port;

	if (!name)
		return 0;
	if (!*name)
		return EAI_SERVICE;
	port = strtoul(name, &end, 10);
	if (!*end)
		return port <= 65535 ? (int)port : EAI_SERVICE;
	if (flags & AI_NUMERICSERV)
		return EAI_NONAME;
	return find(&w) ? ntohs(st.se.s_port) : EAI_SERVICE;
}

static int give(struct wanted *w, struct servent *se, char *buf, size_t len, struct servent **result)
{
	struct store *st;

	buf += -(size_t)buf & 15;
	*result = 0;
	if (len < sizeof(*st) + 16)
		return ERANGE;
	st = w->st = (struct store *)buf;
	if (!find(w))
		return ENOENT;
	*se = st->se;
	*result = se;
	return 0;
}

int getservbyname_r(const char *name, const char *proto, struct servent *se, char *buf, size_t len,
	struct servent **result)
{
	struct wanted w = { .name = name, .proto = proto, .port = -1 };

	return give(&w, se, buf, len, result);
}

int getservbyport_r(int port, const char *proto, struct servent *se, char *buf, size_t len,
	struct servent **result)
{
	struct wanted w = { .proto = proto, .port = ntohs(port) };

	return give(&w, se, buf, len, result);
}

static struct store own;
static FILE *services;

struct servent *getservbyname(const char *name, const char *proto)
{
	struct wanted w = { name, proto, -1, &own };

	return find(&w) ? &own.se : 0;
}

struct servent *getservbyport(int port, const char *proto)
{
	struct wanted w = { 0, proto, ntohs(port), &own };

	return find(&w) ? &own.se : 0;
}

void setservent(int stay)
{
	(void)stay;
	if (services)
		rewind(services);
}

void endservent(void)
{
	if (services)
		fclose(services);
	services = 0;
}

struct servent *getservent(void)
{
	char buf[512];

	if (!services && !(services = fopen("/etc/services", "re")))
		return 0;
	while (fgets(buf, sizeof(buf), services)) {
		buf[strcspn(buf, "#\n")] = 0;
		if (parse(buf, &own))
			return &own.se;
	}
	return 0;
}
