/* SPDX-License-Identifier: MIT */
/* lookup_address.c: from an address to a name. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

struct wanted {
	int family;
	const void *addr;
	char *buf;
	size_t len;
};

static int hosts_line(char *l, void *arg)
{
	struct wanted *w = arg;
	char *addr = __next_word(&l), *name = addr ? __next_word(&l) : 0;
	unsigned char a[16];

	if (!name || inet_pton(w->family, addr, a) != 1 || memcmp(a, w->addr, w->family == AF_INET ? 4 : 16))
		return 0;
	strlcpy(w->buf, name, w->len);
	return 1;
}

static void reverse_name(char *to, size_t len, int family, const unsigned char *a)
{
	size_t at = 0;

	if (family == AF_INET) {
		snprintf(to, len, "%d.%d.%d.%d.in-addr.arpa", a[3], a[2], a[1], a[0]);
		return;
	}
	for (int i = 15; i >= 0; i--)
		at += snprintf(to + at, len - at, "%x.%x.", a[i] & 15, a[i] >> 4);
	snprintf(to + at, len - at, "ip6.arpa");
}

void __lookup_address(char *buf, size_t len, int family, const void *addr)
{
	struct wanted w = { family, addr, buf, len };
	unsigned char a[DNS_MAX];
	const unsigned char *p, *end;
	char name[80];
	int n, answers;

	*buf = 0;
	if (__each_line("/etc/hosts", hosts_line, &w) == 1)
		return;
	reverse_name(name, sizeof(name), family, addr);
	n = res_query(name, C_IN, T_PTR, a, sizeof(a));
	if (n < 12)
		return;
	p = a + 12;
	end = a + n;
	answers = ns_get16(a + 6);
	n = dn_skipname(p, end);
	if (n < 0 || end - p < n + 4)
		return;
	p += n + 4;
	for (; answers-- > 0 && (n = dn_skipname(p, end)) >= 0 && end - p >= n + 10; ) {
		p += n;
		int type = ns_get16(p), size = ns_get16(p + 8);
		p += 10;
		if (end - p < size)
			return;
		if (type == T_PTR && dn_expand(a, end, p, buf, len) > 0)
			return;
		p += size;
	}
	*buf = 0;
}
