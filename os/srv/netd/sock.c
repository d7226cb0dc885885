/* SPDX-License-Identifier: MIT */
/* Sockets: the table, held requests, readiness, the operations common to all kinds. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "netd.h"

#define MAX_SOCKS	4096

static struct sock *socks;
static uint64_t next_id = 16;
static unsigned count;

struct sock *sock_find(uint64_t id)
{
	struct sock *s;

	for (s = socks; s && s->id != id; s = s->next)
		;
	return s;
}

static int set_kind(struct sock *s)
{
	switch (s->type) {
	case SOCK_STREAM:
		if (s->protocol && s->protocol != IPPROTO_TCP)
			return -EPROTONOSUPPORT;
		s->kind = K_TCP;
		return tcp_sock_init(s);
	case SOCK_DGRAM:
		/* ICMP over datagrams is what an unprivileged ping uses. */
		s->kind = s->protocol == IPPROTO_ICMP || s->protocol == IPPROTO_ICMPV6 ? K_RAW : K_UDP;
		if (s->kind == K_UDP && s->protocol && s->protocol != IPPROTO_UDP)
			return -EPROTONOSUPPORT;
		return dgram_init(s);
	case SOCK_RAW:
		s->kind = K_RAW;
		return dgram_init(s);
	}
	return -ESOCKTNOSUPPORT;
}

struct sock *sock_new(int domain, int type, int protocol)
{
	struct sock *s = count < MAX_SOCKS ? calloc(1, sizeof(*s)) : NULL;
	int64_t h;

	if (!s)
		return NULL;
	s->id = next_id++;
	s->domain = domain;
	s->type = type;
	s->protocol = protocol;
	s->accepts_end = &s->accepts;
	s->dgrams_end = &s->dgrams;
	h = srv_file(&netd, s->id, O_RDWR, 0, 0);
	if (h < 0) {
		free(s);
		return NULL;
	}
	s->h = (handle_t)h;
	s->next = socks;
	socks = s;
	count++;
	return s;
}

handle_t sock_client(struct sock *s)
{
	int64_t h = sys_handle_dup(s->h, H_HIGH, 0);

	return h < 0 ? H_NONE : (handle_t)h;
}

void sock_free(struct sock *s)
{
	struct sock **p;

	for (struct pend *q = s->pends, *next; q; q = next) {
		next = q->next;
		srv_timer_set(&netd, &q->timer, 0);
		if (!q->gone)
			srv_reply(q->token, -EIO);
		free(q);
	}
	s->pends = NULL;
	if (s->kind == K_TCP)
		tcp_sock_free(s);
	else
		dgram_free(s);
	for (p = &socks; *p != s; p = &(*p)->next)
		;
	*p = s->next;
	sys_handle_close(s->h);
	count--;
	free(s);
}

uint32_t sock_readiness(const struct sock *s)
{
	uint32_t ev = s->error ? EV_ERR : 0;

	if (s->kind != K_TCP)
		return ev | (s->dgrams ? EV_IN : 0) | EV_OUT;
	if (s->in || s->eof || s->accepts || s->error)
		ev |= EV_IN;
	if (s->eof)
		ev |= EV_RDHUP;
	if (s->state == TS_CLOSED || s->state == TS_NEW || (s->eof && s->wr_shut))
		ev |= EV_HUP | EV_OUT;
	if (s->state == TS_CONNECTED && s->tcp && (tcp_sndbuf(s->tcp) > TCP_MSS || s->wr_shut))
		ev |= EV_OUT;
	return ev;
}

static void push(struct sock *s)
{
	uint32_t ready = sock_readiness(s);

	if (ready == s->ready)
		return;
	sys_file_ready(s->h, s->ready & ~ready, ready & ~s->ready);
	s->ready = ready;
}

static void answer(struct pend *p, const struct answer *a)
{
	struct msg m = { .h[0] = a->h, .nh = a->h != H_NONE, .hflags = a->h != H_NONE ? MSG_MOVE : 0 };

	memcpy(m.w, a->w, sizeof(m.w));
	p->gone = 1;
	srv_timer_set(&netd, &p->timer, 0);
	/* A client that died meanwhile is no error, but then the handle is still ours. */
	if (sys_reply(p->token, &m) < 0 && a->h != H_NONE)
		sys_handle_close(a->h);
}

void sock_update(struct sock *s)
{
	struct pend **pp, *p;

	for (p = s->pends; p; p = p->next) {
		struct answer a = { .h = H_NONE };

		if (p->gone)
			continue;
		a.w[0] = (uint64_t)p->try(p, &a);
		if ((int64_t)a.w[0] != -EAGAIN)
			answer(p, &a);
	}
	for (pp = &s->pends; (p = *pp); ) {
		if (!p->gone) {
			pp = &p->next;
			continue;
		}
		*pp = p->next;
		free(p);
	}
	push(s);
}

void sock_update_all(void)
{
	for (struct sock *s = socks; s; s = s->next)
		if (s->pends)
			sock_update(s);
}

static void expire(void *arg)
{
	struct pend *p = arg;
	struct answer a = { .w[0] = p->done ? p->done : (uint64_t)-EAGAIN, .h = H_NONE };
	struct sock *s = p->s;

	answer(p, &a);
	sock_update(s);
}

static int64_t hold(struct sock *s, struct srv_req *r, const struct pend *init)
{
	struct pend *p = malloc(sizeof(*p)), **pp;
	int64_t timeout = init->writer ? s->snd_timeout : s->rcv_timeout;

	if (!p)
		return -ENOMEM;
	*p = *init;
	p->token = r->m.token;
	p->timer = (struct srv_timer){ .fn = expire, .arg = p };
	p->next = NULL;
	for (pp = &s->pends; *pp; pp = &(*pp)->next)
		;
	*pp = p;
	if (timeout)
		srv_timer_set(&netd, &p->timer, srv_now() + timeout);
	return SRV_HELD;
}

/* Tries at once; holds a request that must wait, unless it must not. */
int64_t sock_start(struct sock *s, struct srv_req *r, struct pend *p, int nonblock)
{
	struct answer a = { .h = H_NONE };
	int64_t res;

	p->s = s;
	p->token = r->m.token;
	res = p->try(p, &a);
	if (res == -EAGAIN) {
		if (!nonblock) {
			push(s);
			return hold(s, r, p);
		}
		if (p->done)
			res = (int64_t)p->done;
	}
	if (a.h != H_NONE)
		srv_give(r, a.h);
	memcpy(r->m.w, a.w, sizeof(a.w));
	push(s);
	return res;
}

void sock_cancel(uint64_t token)
{
	for (struct sock *s = socks; s; s = s->next) {
		for (struct pend *p = s->pends; p; p = p->next) {
			struct answer a = { .w[0] = p->done ? p->done : (uint64_t)-EINTR, .h = H_NONE };

			if (p->token != token || p->gone)
				continue;
			answer(p, &a);
			sock_update(s);
			return;
		}
	}
}

int64_t sock_open(struct srv_req *r)
{
	int domain = (int)r->m.w[1], type = (int)r->m.w[2] & 0xf, err;
	struct sock *s;

	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (type == SOCK_RAW && CRED_UID(r->m.cred))
		return -EPERM;
	s = sock_new(domain, type, (int)r->m.w[3]);
	if (!s)
		return -ENFILE;
	err = set_kind(s);
	if (err) {
		s->kind = K_UDP;	/* nothing of TCP to free */
		sock_free(s);
		return err;
	}
	if (r->m.w[2] & SOCK_NONBLOCK)
		sys_file_flags(s->h, O_NONBLOCK, O_NONBLOCK);
	push(s);
	srv_give(r, sock_client(s));
	return 0;
}

static int get_addr(struct sock *s, struct srv_req *r, ip_addr_t *ip, uint16_t *port)
{
	uint8_t buf[128];
	uint64_t n = r->m.r[0].len;
	int64_t got;

	if (n > sizeof(buf))
		return -EINVAL;
	got = sys_msg_read(r->m.token, 0, 0, buf, n);
	return got < 0 ? (int)got : addr_in(s, buf, (size_t)got, ip, port);
}

static int64_t do_bind(struct sock *s, struct srv_req *r)
{
	ip_addr_t ip;
	uint16_t port;
	int err = get_addr(s, r, &ip, &port);

	if (err)
		return err;
	if (s->kind == K_RAW)
		return addr_errno(raw_bind(s->raw, &ip));
	if (port && port < 1024 && CRED_UID(r->m.cred))
		return -EACCES;
	if (s->kind == K_UDP)
		return addr_errno(udp_bind(s->udp, &ip, port));
	if (!s->tcp || s->state != TS_NEW)
		return -EINVAL;
	return addr_errno(tcp_bind(s->tcp, &ip, port));
}

static int64_t do_connect(struct sock *s, struct srv_req *r)
{
	struct pend p = { .writer = 1 };
	int err = get_addr(s, r, &p.addr, &p.port);

	if (err)
		return err;
	if (s->kind != K_TCP)
		return dgram_connect(s, &p.addr, p.port);
	return tcp_do_connect(s, r, &p, r->m.fflags & O_NONBLOCK);
}

static int64_t do_accept(struct sock *s, struct srv_req *r)
{
	struct pend p = { .try = tcp_try_accept, .range = r->m.r[1].len,
			  .accept_flags = (int)r->m.w[2] };

	if (s->kind != K_TCP)
		return -EOPNOTSUPP;
	if (s->state != TS_LISTEN)
		return -EINVAL;
	return sock_start(s, r, &p, r->m.fflags & O_NONBLOCK);
}

static int64_t do_read(struct sock *s, struct srv_req *r, int msg)
{
	struct pend p = { .msg = msg, .range = r->m.r[1].len };

	p.try = s->kind == K_TCP ? tcp_try_read : dgram_try_read;
	p.n = r->m.w[1];
	if (msg) {
		p.flags = (uint32_t)r->m.w[1];
		p.ctl = r->m.w[3];
		p.ctl_len = r->m.w[2];
		p.off = p.ctl + p.ctl_len;
		if (p.ctl > 4096 || p.ctl_len > 4096 || p.off > r->m.r[1].len)
			return -EINVAL;
		p.n = r->m.r[1].len - p.off;
	} else if (r->m.w[3] == 1) {
		p.flags = MSG_DONTWAIT;		/* a later piece of one readv */
	}
	return sock_start(s, r, &p, (r->m.fflags & O_NONBLOCK) || (p.flags & MSG_DONTWAIT));
}

/* Address and control data of S_SEND. */
static int send_head(struct sock *s, struct srv_req *r, struct pend *p)
{
	uint64_t alen = r->m.w[2];

	p->flags = (uint32_t)r->m.w[1];
	p->ctl_len = r->m.w[3];
	p->off = p->ctl_len;
	if (alen > INLINE_ADDR || p->ctl_len > 4096 || p->off > r->m.r[0].len)
		return -EINVAL;
	p->n = r->m.r[0].len - p->off;
	p->has_addr = alen != 0;
	return alen ? addr_in(s, &r->m.w[4], alen, &p->addr, &p->port) : 0;
}

static int64_t do_write(struct sock *s, struct srv_req *r, int msg)
{
	struct pend p = { .writer = 1, .msg = msg, .n = r->m.w[1] };
	int err = msg ? send_head(s, r, &p) : 0;

	if (err)
		return err;
	p.try = s->kind == K_TCP ? tcp_try_write : dgram_try_write;
	return sock_start(s, r, &p, (r->m.fflags & O_NONBLOCK) || (p.flags & MSG_DONTWAIT));
}

static int64_t do_name(struct sock *s, struct srv_req *r)
{
	uint8_t buf[128];
	const ip_addr_t *ip;
	uint16_t port = 0;
	int peer = r->m.w[1] == 1;

	if (s->kind == K_TCP) {
		if (!s->tcp || (peer && s->state != TS_CONNECTED))
			return peer ? -ENOTCONN : -EINVAL;
		ip = peer ? &s->tcp->remote_ip : &s->tcp->local_ip;
		port = peer ? s->tcp->remote_port : s->tcp->local_port;
	} else {
		if (peer && !s->connected)
			return -ENOTCONN;
		ip = s->kind == K_UDP ? (peer ? &s->udp->remote_ip : &s->udp->local_ip) :
		     peer ? &s->raw->remote_ip : &s->raw->local_ip;
		if (s->kind == K_UDP)
			port = peer ? s->udp->remote_port : s->udp->local_port;
	}
	r->m.w[1] = addr_out(s, ip, port, buf);
	srv_put(r, buf, r->m.w[1]);
	return 0;
}

static int64_t do_stat(struct srv_req *r)
{
	struct stat st = { .st_mode = S_IFSOCK | 0777, .st_nlink = 1, .st_ino = r->m.id,
			   .st_blksize = 4096 };
	int64_t err = srv_put(r, &st, sizeof(st));

	return err < 0 ? err : 0;
}

static int64_t do_ioctl(struct sock *s, struct srv_req *r)
{
	int n = 0;

	if (r->m.w[1] != FIONREAD)
		return -ENOTTY;
	if (s->kind == K_TCP)
		n = (int)s->in;
	else if (s->dgrams)
		n = s->dgrams->p->tot_len;
	srv_put(r, &n, sizeof(n));
	return 0;
}

int64_t sock_call(struct sock *s, struct srv_req *r)
{
	switch (r->m.w[0]) {
	case F_READ:
		return do_read(s, r, 0);
	case F_WRITE:
		return do_write(s, r, 0);
	case S_RECV:
		return do_read(s, r, 1);
	case S_SEND:
		return do_write(s, r, 1);
	case S_BIND:
		return do_bind(s, r);
	case S_CONNECT:
		return do_connect(s, r);
	case S_LISTEN:
		return s->kind == K_TCP ? tcp_do_listen(s, (int)r->m.w[1]) : -EOPNOTSUPP;
	case S_ACCEPT:
		return do_accept(s, r);
	case S_NAME:
		return do_name(s, r);
	case S_GETOPT:
		return opts_get(s, r);
	case S_SETOPT:
		return opts_set(s, r);
	case S_SHUTDOWN:
		return s->kind == K_TCP ? tcp_do_shutdown(s, (int)r->m.w[1]) :
		       s->connected ? 0 : -ENOTCONN;
	case F_STAT:
		return do_stat(r);
	case F_IOCTL:
		return do_ioctl(s, r);
	case F_SEEK:
		return -ESPIPE;
	case F_SYNC:
		return -EINVAL;
	}
	return -ENOSYS;
}
