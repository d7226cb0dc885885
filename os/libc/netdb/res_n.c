/* SPDX-License-Identifier: MIT */
/*
 * res_n.c: the resolver's interface with a state of the caller's. The configuration is read at each
 * question anyway, so the state only tells what it was; h_errno also goes there.
 */
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

int res_ninit(res_state s)
{
	struct resconf c;

	__resconf_read(&c);
	memset(s, 0, sizeof(*s));
	s->retrans = c.timeout;
	s->retry = c.attempts;
	s->options = RES_DEFAULT | RES_INIT;
	s->ndots = c.ndots;
	for (int i = 0; i < c.nns; i++)
		if (c.ns[i].sa.sa_family == AF_INET)
			s->nsaddr_list[s->nscount++] = c.ns[i].in;
	return 0;
}

void res_nclose(res_state s)
{
	s->options &= ~RES_INIT;
}

void res_close(void)
{
	res_nclose(__res_state());
}

static int result(res_state s, int n)
{
	s->res_h_errno = n < 0 ? h_errno : NETDB_SUCCESS;
	return n;
}

int res_nquery(res_state s, const char *name, int class, int type, unsigned char *a, int room)
{
	return result(s, res_query(name, class, type, a, room));
}

int res_nquerydomain(res_state s, const char *name, const char *domain, int class, int type, unsigned char *a,
	int room)
{
	return result(s, res_querydomain(name, domain, class, type, a, room));
}

int res_nsearch(res_state s, const char *name, int class, int type, unsigned char *a, int room)
{
	return result(s, res_search(name, class, type, a, room));
}

int res_nmkquery(res_state s, int op, const char *name, int class, int type, const unsigned char *data, int len,
	const unsigned char *newrr, unsigned char *buf, int room)
{
	(void)s;
	return res_mkquery(op, name, class, type, data, len, newrr, buf, room);
}

int res_nsend(res_state s, const unsigned char *q, int qlen, unsigned char *a, int room)
{
	(void)s;
	return res_send(q, qlen, a, room);
}
