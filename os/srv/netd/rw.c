/* SPDX-License-Identifier: MIT */
/* Requests to read and write: what is asked for, then one of the kinds tries it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include "netd.h"

#define CONTROL_MAX	4096

static int nonblock(const struct srv_req *r, uint32_t flags)
{
	return (r->m.fflags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}

/* Rooms of S_RECV. */
static int recv_head(struct srv_req *r, struct pend *p)
{
	p->flags = (uint32_t)r->m.w[1];
	p->ctl = r->m.w[3];
	p->ctl_len = r->m.w[2];
	p->off = p->ctl + p->ctl_len;
	if (p->ctl > CONTROL_MAX || p->ctl_len > CONTROL_MAX || p->off > r->m.r[1].len)
		return -EINVAL;
	p->n = r->m.r[1].len - p->off;
	/* There are no urgent data: what comes as such is read in its place. */
	return p->flags & MSG_OOB ? -EINVAL : 0;
}

int64_t sock_read(struct sock *s, struct srv_req *r, int msg)
{
	struct pend p = { .msg = msg, .n = r->m.w[1], .range = r->m.r[1].len };
	int err = msg ? recv_head(r, &p) : 0;

	if (err)
		return err;
	/* A later piece of one readv does not wait. */
	if (!msg && r->m.w[3] == 1)
		p.flags = MSG_DONTWAIT;
	p.nonblock = nonblock(r, p.flags);
	p.try = s->kind == K_TCP ? tcp_try_read : dgram_try_read;
	return sock_start(s, r, &p);
}

/* Address and control data of S_SEND. */
static int send_head(struct sock *s, struct srv_req *r, struct pend *p)
{
	uint64_t alen = r->m.w[2];
	int err;

	p->flags = (uint32_t)r->m.w[1];
	p->ctl_len = r->m.w[3];
	p->off = p->ctl_len;
	if (alen > INLINE_ADDR || p->ctl_len > CONTROL_MAX || p->off > r->m.r[0].len)
		return -EINVAL;
	p->n = r->m.r[0].len - p->off;
	if (p->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (alen && s->kind != K_TCP) {
		err = addr_in(s, &r->m.w[4], alen, &p->addr, &p->port);
		if (err)
			return err;
		p->has_addr = 1;
	}
	p->token = r->m.token;
	p->s = s;
	return p->ctl_len ? cmsg_in(p) : 0;
}

int64_t sock_write(struct sock *s, struct srv_req *r, int msg)
{
	struct pend p = { .writer = 1, .msg = msg, .n = r->m.w[1], .ttl = -1 };
	int err;

	ip_addr_set_any(0, &p.src);
	err = msg ? send_head(s, r, &p) : 0;
	if (err)
		return err;
	p.nonblock = nonblock(r, p.flags);
	p.try = s->kind == K_TCP ? tcp_try_write : dgram_try_write;
	return sock_start(s, r, &p);
}
