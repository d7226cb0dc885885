/* SPDX-License-Identifier: MIT */
/* res_query.c: the resolver's old interface. */
#include <arpa/nameser.h>
#include <errno.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "resolver.h"

static struct __res_state state;

struct __res_state *__res_state(void)
{
	return &state;
}

int res_init(void)
{
	return res_ninit(&state);
}

int res_mkquery(int op, const char *name, int class, int type, const unsigned char *data, int len,
	const unsigned char *newrr, unsigned char *buf, int room)
{
	uint16_t id;
	int n;

	(void)data, (void)len, (void)newrr;
	if (room < 12 + 5 || op < 0 || op > 15 || (unsigned)class > 65535 || (unsigned)type > 65535)
		return -1;
	n = dn_comp(name, buf + 12, room - 12 - 4, 0, 0);
	if (n < 0)
		return -1;
	memset(buf, 0, 12);
	getentropy(&id, sizeof(id));
	buf[0] = id >> 8;
	buf[1] = id;
	buf[2] = op << 3 | 1;
	buf[5] = 1;
	n += 12;
	buf[n++] = type >> 8;
	buf[n++] = type;
	buf[n++] = class >> 8;
	buf[n++] = class;
	return n;
}

int res_send(const unsigned char *q, int qlen, unsigned char *a, int room)
{
	struct resconf c;
	int alen;

	if (room < 512) {
		unsigned char tmp[DNS_MAX];
		int n = res_send(q, qlen, tmp, sizeof(tmp));
		if (n > 0)
			memcpy(a, tmp, n < room ? n : room);
		return n;
	}
	__resconf_read(&c);
	c.edns = 0;		/* the caller made the question */
	if (__res_ask(&c, 1, &q, &qlen, &a, &alen, room) < 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return alen;
}

int res_query(const char *name, int class, int type, unsigned char *a, int room)
{
	unsigned char q[300];
	int n = res_mkquery(0, name, class, type, 0, 0, 0, q, sizeof(q));

	if (n < 0) {
		h_errno = NO_RECOVERY;
		return -1;
	}
	n = res_send(q, n, a, room);
	if (n < 12) {
		h_errno = TRY_AGAIN;
		return -1;
	}
	switch (a[3] & 15) {
	case 0:
		if (a[6] || a[7])
			return n;
		h_errno = NO_DATA;
		return -1;
	case 3:
		h_errno = HOST_NOT_FOUND;
		return -1;
	case 2:
		h_errno = TRY_AGAIN;
		return -1;
	}
	h_errno = NO_RECOVERY;
	return -1;
}

int res_querydomain(const char *name, const char *domain, int class, int type, unsigned char *a, int room)
{
	char full[300];

	if (!domain || !*domain)
		return res_query(name, class, type, a, room);
	if (snprintf(full, sizeof(full), "%s.%s", name, domain) >= (int)sizeof(full)) {
		h_errno = NO_RECOVERY;
		return -1;
	}
	return res_query(full, class, type, a, room);
}

int res_search(const char *name, int class, int type, unsigned char *a, int room)
{
	struct resconf c;
	unsigned dots = 0;
	char *list, *word;
	size_t len = strlen(name);
	int n;

	__resconf_read(&c);
	for (const char *p = name; *p; p++)
		dots += *p == '.';
	if (dots >= c.ndots && (n = res_query(name, class, type, a, room)) >= 0)
		return n;
	if (len && name[len - 1] == '.')
		return -1;
	for (list = c.search; (word = __next_word(&list)); )
		if ((n = res_querydomain(name, word, class, type, a, room)) >= 0)
			return n;
	return dots < c.ndots ? res_query(name, class, type, a, room) : -1;
}
