/* SPDX-License-Identifier: MIT */
/* Options of sockets. Sizes of buffers are the system's; times to wait are not supported. */
#include <errno.h>
#include "unixd.h"

static int64_t put(struct srv_req *r, const void *v, size_t n)
{
	int64_t put = srv_put(r, v, n);

	if (put < 0)
		return put;
	r->m.w[1] = (uint64_t)put;
	return 0;
}

static int64_t put_int(struct srv_req *r, int v)
{
	return put(r, &v, sizeof(v));
}

static int64_t peer(struct srv_req *r, const struct sock *s)
{
	struct ucred c = { .pid = 0, .uid = (uid_t)-1, .gid = (gid_t)-1 };

	if (s->state == CONNECTED || s->to)
		c = (struct ucred){ (pid_t)s->other.pid, CRED_UID(s->other.cred), CRED_GID(s->other.cred) };
	return put(r, &c, sizeof(c));
}

int64_t opts_get(struct srv_req *r, struct sock *s)
{
	if (r->m.w[1] != SOL_SOCKET)
		return -EOPNOTSUPP;
	switch (r->m.w[2]) {
	case SO_TYPE:
		return put_int(r, s->type);
	case SO_DOMAIN:
		return put_int(r, AF_UNIX);
	case SO_ACCEPTCONN:
		return put_int(r, s->state == LISTENING);
	case SO_PASSCRED:
		return put_int(r, s->passcred);
	case SO_PEERCRED:
		return peer(r, s);
	case SO_SNDBUF:
	case SO_RCVBUF:
		return put_int(r, s->type == SOCK_DGRAM ? DATAGRAM_MAX : 65536);
	case SO_ERROR:
	case SO_PROTOCOL:
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		return put_int(r, 0);
	}
	return -ENOPROTOOPT;
}

int64_t opts_set(struct srv_req *r, struct sock *s)
{
	int v = 0;

	if (r->m.w[1] != SOL_SOCKET)
		return -ENOPROTOOPT;
	if (r->m.r[0].len < sizeof(v) || sys_msg_read(r->m.token, 0, 0, &v, sizeof(v)) != sizeof(v))
		return -EINVAL;
	switch (r->m.w[2]) {
	case SO_PASSCRED:
		s->passcred = v != 0;
		return 0;
	case SO_SNDBUF:
	case SO_RCVBUF:
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
	case SO_LINGER:
		return 0;
	}
	return -ENOPROTOOPT;
}
