/* SPDX-License-Identifier: MIT */
/* lookup_name.c: from a name to addresses: numbers, /etc/hosts, DNS. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <net/if.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "resolver.h"

struct search {
	const char *name;
	int family;
	struct address *out;
	int n;
	char *canon;
	int known;		/* the name exists, though perhaps not with this family */
};

static void add(struct search *s, int family, const void *addr)
{
	if (s->n == ADDRESSES || (s->family != AF_UNSPEC && s->family != family))
		return;
	s->out[s->n] = (struct address){ .family = family };
	memcpy(s->out[s->n++].addr, addr, family == AF_INET ? 4 : 16);
}

static int numeric(struct search *s)
{
	struct in_addr a4;
	struct in6_addr a6;
	char text[64], *zone;

	if (inet_aton(s->name, &a4) > 0) {
		s->known = 1;
		add(s, AF_INET, &a4);
		return 1;
	}
	strlcpy(text, s->name, sizeof(text));
	zone = strchr(text, '%');
	if (zone)
		*zone++ = 0;
	if (inet_pton(AF_INET6, text, &a6) != 1)
		return 0;
	s->known = 1;
	add(s, AF_INET6, &a6);
	if (zone && s->n)
		s->out[0].scope = if_nametoindex(zone) ? if_nametoindex(zone) : strtoul(zone, 0, 10);
	return 1;
}

static int hosts_line(char *l, void *arg)
{
	struct search *s = arg;
	char *addr = __next_word(&l), *first = 0, *word;
	unsigned char a[16];
	int family, hit = 0;

	if (!addr)
		return 0;
	while ((word = __next_word(&l))) {
		if (!first)
			first = word;
		hit |= !strcasecmp(word, s->name);
	}
	if (!hit)
		return 0;
	family = inet_pton(AF_INET, addr, a) == 1 ? AF_INET : inet_pton(AF_INET6, addr, a) == 1 ? AF_INET6 : 0;
	if (!family)
		return 0;
	s->known = 1;
	if (!s->n)
		strlcpy(s->canon, first, 256);
	add(s, family, a);
	return 0;
}

/* "localhost" and names below it are this host, without asking anybody. */
static int is_localhost(const char *name)
{
	size_t n = strlen(name);

	return !strcasecmp(name, "localhost") || !strcasecmp(name, "localhost.")
		|| (n > 10 && !strcasecmp(name + n - 10, ".localhost"));
}

static void localhost(struct search *s)
{
	static const unsigned char v4[4] = { 127, 0, 0, 1 };

	s->known = 1;
	add(s, AF_INET, v4);
	add(s, AF_INET6, &in6addr_loopback);
}

/* Collects the addresses of one answer. */
static void parse(struct search *s, const unsigned char *a, int len)
{
	const unsigned char *p = a + 12, *end = a + len;
	int questions, answers, n;

	if (len < 12)
		return;
	questions = ns_get16(a + 4);
	answers = ns_get16(a + 6);
	while (questions-- > 0) {
		n = dn_skipname(p, end);
		if (n < 0 || end - p < n + 4)
			return;
		p += n + 4;
	}
	while (answers-- > 0) {
		n = dn_skipname(p, end);
		if (n < 0 || end - p < n + 10)
			return;
		p += n;
		int type = ns_get16(p), size = ns_get16(p + 8);
		p += 10;
		if (end - p < size)
			return;
		if (type == T_A && size == 4)
			add(s, AF_INET, p);
		else if (type == T_AAAA && size == 16)
			add(s, AF_INET6, p);
		else if (type == T_CNAME)
			dn_expand(a, end, p, s->canon, 256);
		p += size;
	}
}

/* Both families in one go. 0, or EAI_*. */
static int ask(struct search *s, const struct resconf *c, const char *name)
{
	static const struct { int family, type; } kinds[2] = { { AF_INET, T_A }, { AF_INET6, T_AAAA } };
	unsigned char q[2][300], *a = malloc(2 * DNS_MAX), *abuf[2] = { a, a + DNS_MAX };
	const unsigned char *qbuf[2] = { q[0], q[1] };
	int qlen[2], alen[2], n = 0, err = 0;

	if (!a)
		return EAI_MEMORY;
	for (int i = 0; i < 2; i++) {
		if (s->family != AF_UNSPEC && s->family != kinds[i].family)
			continue;
		qlen[n] = res_mkquery(0, name, C_IN, kinds[i].type, 0, 0, 0, q[n], sizeof(q[n]));
		if (qlen[n] < 0)
			err = EAI_NONAME;
		else
			n++;
	}
	if (n == 2 && q[0][0] == q[1][0] && q[0][1] == q[1][1])
		q[1][1] ^= 1;
	if (!err && __res_ask(c, n, qbuf, qlen, abuf, alen, DNS_MAX) < 0)
		err = EAI_AGAIN;
	if (!err)
		strlcpy(s->canon, name, 256);
	for (int i = 0; !err && i < n; i++) {
		int code = alen[i] ? abuf[i][3] & 15 : 2;
		if (code == 0) {
			s->known = 1;
			parse(s, abuf[i], alen[i]);
		} else if (code != 3 && !s->n) {
			err = i == n - 1 ? code == 2 ? EAI_AGAIN : EAI_FAIL : 0;
		}
	}
	free(a);
	return s->n ? 0 : err;
}

static int dns(struct search *s)
{
	struct resconf c;
	unsigned dots = 0;
	size_t len = strlen(s->name);
	char full[256], *list, *word;
	int err;

	if (len > 253 || !len)
		return EAI_NONAME;
	__resconf_read(&c);
	for (const char *p = s->name; *p; p++)
		dots += *p == '.';
	if (dots >= c.ndots || s->name[len - 1] == '.') {
		err = ask(s, &c, s->name);
		if (err || s->known)
			return err;
	}
	for (list = c.search; s->name[len - 1] != '.' && (word = __next_word(&list)); ) {
		if (len + strlen(word) + 2 > sizeof(full))
			continue;
		strcpy(full, s->name);
		strcat(full, ".");
		strcat(full, word);
		err = ask(s, &c, full);
		if (err || s->known)
			return err;
	}
	return dots >= c.ndots ? 0 : ask(s, &c, s->name);
}

/* How far an IPv6 address reaches (RFC 6724): 2 its link, 5 its site, 14 everywhere. */
static int scope(const unsigned char *a)
{
	if (a[0] == 0xff)
		return a[1] & 15;
	if ((a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || IN6_IS_ADDR_LOOPBACK(a))
		return 2;
	return a[0] == 0xfe && (a[1] & 0xc0) == 0xc0 ? 5 : 14;
}

/*
 * How good a way there is to such an address: 0 none, 1 by a source that reaches less far or farther,
 * 2 a fitting one. Connecting a datagram socket sends nothing, but chooses the source.
 */
static int reachable(const struct address *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(65535) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(65535), .sin6_scope_id = a->scope };
	int fd = socket(a->family, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;
	socklen_t len = sizeof(in6);

	if (fd < 0)
		return 0;
	memcpy(&in.sin_addr, a->addr, 4);
	memcpy(&in6.sin6_addr, a->addr, 16);
	r = a->family == AF_INET ? connect(fd, (void *)&in, sizeof(in)) : connect(fd, (void *)&in6, sizeof(in6));
	if (!r && a->family == AF_INET6)
		r = getsockname(fd, (void *)&in6, &len);
	close(fd);
	if (r)
		return 0;
	return a->family == AF_INET || scope(in6.sin6_addr.s6_addr) == scope(a->addr) ? 2 : 1;
}

/* Well reachable ones first; among these IPv6 before IPv4, as RFC 6724 has it. */
static void sort(struct address *out, int n)
{
	int key[ADDRESSES], v6 = -1, v4 = -1;

	for (int i = 0; i < n; i++) {
		int *known = out[i].family == AF_INET ? &v4 : &v6;
		if (*known < 0)
			*known = reachable(&out[i]);
		key[i] = 2 * (2 - *known) + (out[i].family == AF_INET);
	}
	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && key[k] < key[k - 1]; k--) {
			struct address t = out[k];
			int tk = key[k];
			out[k] = out[k - 1];
			key[k] = key[k - 1];
			out[k - 1] = t;
			key[k - 1] = tk;
		}
}

/* IPv4 addresses as IPv6 ones (AI_V4MAPPED). */
static void map_v4(struct address *out, int n)
{
	for (int i = 0; i < n; i++) {
		if (out[i].family != AF_INET)
			continue;
		memmove(out[i].addr + 12, out[i].addr, 4);
		memset(out[i].addr, 0, 10);
		memset(out[i].addr + 10, 0xff, 2);
		out[i].family = AF_INET6;
	}
}

static int wildcard(struct search *s, int flags)
{
	static const unsigned char any[16], v4[4] = { 127, 0, 0, 1 };

	add(s, AF_INET, flags & AI_PASSIVE ? any : v4);
	add(s, AF_INET6, flags & AI_PASSIVE ? (const void *)any : &in6addr_loopback);
	return s->n;
}

int __lookup_name(struct address out[ADDRESSES], char *canon, const char *name, int family, int flags)
{
	int mapped = family == AF_INET6 && flags & AI_V4MAPPED, err = 0;
	struct search s = { .name = name, .family = mapped ? AF_UNSPEC : family, .out = out, .canon = canon };

	*canon = 0;
	if (!name)
		return wildcard(&s, flags);
	strlcpy(canon, name, 256);
	if (!numeric(&s)) {
		if (flags & AI_NUMERICHOST)
			return EAI_NONAME;
		__each_line("/etc/hosts", hosts_line, &s);
		if (!s.n && is_localhost(name))
			localhost(&s);
		if (!s.n)
			err = dns(&s);
	}
	if (err)
		return err;
	if (!s.n)
		return s.known ? EAI_NODATA : EAI_NONAME;
	if (mapped) {
		int n6 = 0;
		for (int i = 0; i < s.n; i++)
			if (out[i].family == AF_INET6 && !(flags & AI_ALL))
				out[n6++] = out[i];
		if (n6)
			s.n = n6;
		map_v4(out, s.n);
	}
	if (s.n > 1)
		sort(out, s.n);
	return s.n;
}
