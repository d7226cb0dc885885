/* SPDX-License-Identifier: MIT */
/* Sockets: the table, the operations common to all kinds. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "netd.h"

#define MAX_SOCKS	16384
#define HASH		1024		/* ids count up: the low bits spread well */

static struct sock *table[HASH];
static uint64_t next_id = 16;
static unsigned count;

struct sock *sock_find(uint64_t id)
{
	struct sock *s;

	for (s = table[id % HASH]; s && s->id != id; s = s->next)
		;
	return s;
}

void sock_each(void (*fn)(struct sock *s, void *arg), void *arg)
{
	for (unsigned i = 0; i < HASH; i++)
		for (struct sock *s = table[i]; s; s = s->next)
			fn(s, arg);
}

static int set_kind(struct sock *s)
{
	int icmp = s->domain == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;

	switch (s->type) {
	case SOCK_STREAM:
		if (s->protocol && s->protocol != IPPROTO_TCP)
			return -EPROTONOSUPPORT;
		s->kind = K_TCP;
		return tcp_sock_init(s);
	case SOCK_DGRAM:
		s->kind = s->protocol == icmp ? K_RAW : K_UDP;
		if (s->kind == K_UDP && s->protocol && s->protocol != IPPROTO_UDP && !sock_is_lite(s))
			return -EPROTONOSUPPORT;
		return dgram_init(s);
	case SOCK_RAW:
		if (s->protocol <= 0 || s->protocol > 255)
			return -EPROTONOSUPPORT;
		s->kind = K_RAW;
		return dgram_init(s);
	}
	return -ESOCKTNOSUPPORT;
}

struct sock *sock_new(int domain, int type, int protocol)
{
	struct sock *s = count < MAX_SOCKS ? netd_calloc(1, sizeof(*s)) : NULL;
	int64_t h;

	if (!s)
		return NULL;
	s->id = next_id++;
	s->domain = domain;
	s->type = type;
	s->protocol = protocol;
	s->accepts_end = &s->accepts;
	s->dgrams_end = &s->dgrams;
	s->rcvbuf = type == SOCK_STREAM ? TCP_WND : DGRAM_BUFFER;
	s->sndbuf = type == SOCK_STREAM ? TCP_SND_BUF : DGRAM_BUFFER;
	s->keep_idle = 7200;
	s->keep_intvl = 75;
	s->keep_cnt = 9;
	h = srv_file(&netd, s->id, O_RDWR, 0, 0);
	if (h < 0) {
		netd_free(s);
		return NULL;
	}
	s->h = (handle_t)h;
	s->next = table[s->id % HASH];
	table[s->id % HASH] = s;
	count++;
	return s;
}

handle_t sock_client(struct sock *s)
{
	int64_t h = sys_handle_dup(s->h, H_HIGH, 0);

	return h < 0 ? H_NONE : (handle_t)h;
}

static void free_pcb(struct sock *s)
{
	mcast_drop(s);
	if (s->kind == K_TCP)
		tcp_sock_free(s);
	else
		dgram_free(s);
}

static void unlink_sock(struct sock *s)
{
	struct sock **p;

	for (p = &table[s->id % HASH]; *p != s; p = &(*p)->next)
		;
	*p = s->next;
	sock_untouch(s);
	count--;
}

void sock_free(struct sock *s)
{
	sock_drop_pends(s);
	free_pcb(s);
	unlink_sock(s);
	sys_handle_close(s->h);
	netd_free(s);
}

static void address(struct sock *s, void *arg)
{
	(void)arg;
	if (s->deferred)
		tcp_begin_connect(s);
	if (s->late)
		dgram_send_late(s);
	if (s->pends)
		sock_touch(s);
}

void sock_address(void)
{
	sock_each(address, NULL);
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
		return count < MAX_SOCKS ? -ENOBUFS : -ENFILE;
	s->uid = CRED_UID(r->m.cred);
	err = set_kind(s);
	if (err) {
		unlink_sock(s);
		sys_handle_close(s->h);
		netd_free(s);
		return err;
	}
	if (r->m.w[2] & SOCK_NONBLOCK)
		sys_file_flags(s->h, O_NONBLOCK, O_NONBLOCK);
	sock_push(s);
	srv_give(r, sock_client(s));
	return 0;
}

/* The address of bind or connect: its family, or -errno. */
static int get_addr(struct sock *s, struct srv_req *r, ip_addr_t *ip, uint16_t *port)
{
	union { uint16_t family; uint8_t b[128]; } buf;
	uint64_t n = r->m.r[0].len;
	int64_t got;

	if (n < sizeof(buf.family) || n > sizeof(buf))
		return -EINVAL;
	got = sys_msg_read(r->m.token, 0, 0, &buf, n);
	if (got < 0)
		return (int)got;
	if (buf.family == AF_UNSPEC)
		return AF_UNSPEC;
	got = addr_in(s, &buf, (size_t)got, ip, port);
	return got < 0 ? (int)got : s->domain;
}

static int64_t do_bind(struct sock *s, struct srv_req *r)
{
	ip_addr_t ip;
	uint16_t port;
	int err = get_addr(s, r, &ip, &port);
	int64_t res;

	if (err <= 0)
		return err ? err : -EAFNOSUPPORT;
	if (s->kind != K_RAW && port && port < 1024 && CRED_UID(r->m.cred))
		return -EACCES;
	if (s->bound)
		return -EINVAL;
	if (!addr_is_ours(&ip))
		return -EADDRNOTAVAIL;
	res = s->kind == K_TCP ? tcp_do_bind(s, &ip, port) : dgram_do_bind(s, &ip, port);
	s->bound = !res;
	return res;
}

static int64_t do_connect(struct sock *s, struct srv_req *r)
{
	struct pend p = { .writer = 1, .nonblock = (r->m.fflags & O_NONBLOCK) != 0 };
	int err = get_addr(s, r, &p.addr, &p.port);

	if (err < 0)
		return err;
	if (err == AF_UNSPEC && s->kind == K_TCP)
		return -EAFNOSUPPORT;
	if (err == AF_UNSPEC) {
		dgram_disconnect(s);
		return 0;
	}
	/* "Any" means this host. */
	if (ip_addr_isany(&p.addr))
		ip_addr_set_loopback(s->domain == AF_INET6, &p.addr);
	if (s->kind != K_TCP)
		return dgram_connect(s, &p.addr, p.port);
	return tcp_do_connect(s, r, &p);
}

static int64_t do_accept(struct sock *s, struct srv_req *r)
{
	struct pend p = { .try = tcp_try_accept, .range = r->m.r[1].len,
			  .accept_flags = (int)r->m.w[2], .nonblock = (r->m.fflags & O_NONBLOCK) != 0 };

	if (s->kind != K_TCP)
		return -EOPNOTSUPP;
	if (s->state != TS_LISTEN)
		return -EINVAL;
	return sock_start(s, r, &p);
}

static int own_name(struct sock *s, int peer, const ip_addr_t **ip, uint16_t *port)
{
	switch (s->kind) {
	case K_TCP:
		if (peer && (s->state != TS_CONNECTED || !s->tcp))
			return -ENOTCONN;
		*ip = !s->tcp ? &s->bound_ip : peer ? &s->tcp->remote_ip : &s->tcp->local_ip;
		*port = !s->tcp ? 0 : peer ? s->tcp->remote_port : s->tcp->local_port;
		return 0;
	case K_UDP:
		*ip = peer ? &s->udp->remote_ip : &s->udp->local_ip;
		*port = peer ? s->udp->remote_port : s->udp->local_port;
		break;
	default:
		*ip = peer ? &s->raw->remote_ip : &s->raw->local_ip;
		*port = s->type == SOCK_DGRAM && !peer ? ntohs(s->echo_id) : 0;
	}
	return peer && !s->connected ? -ENOTCONN : 0;
}

static int64_t do_name(struct sock *s, struct srv_req *r)
{
	uint8_t buf[128];
	const ip_addr_t *ip;
	uint16_t port = 0;
	int err = own_name(s, r->m.w[1] == 1, &ip, &port);

	if (err)
		return err;
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

	switch (r->m.w[1]) {
	case FIONREAD:
		n = s->kind == K_TCP ? (int)s->in : s->dgrams ? s->dgrams->p->tot_len : 0;
		break;
	case SIOCOUTQ:
		n = s->kind == K_TCP && s->tcp && s->state == TS_CONNECTED ?
		    (int)tcp_unacked(s->tcp) : 0;
		break;
	default:
		return -ENOTTY;
	}
	srv_put(r, &n, sizeof(n));
	return 0;
}

static int64_t do_shutdown(struct sock *s, int how)
{
	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (s->kind == K_TCP)
		return tcp_do_shutdown(s, how);
	if (!s->connected)
		return -ENOTCONN;
	s->rd_shut |= how != SHUT_WR;
	s->wr_shut |= how != SHUT_RD;
	sock_touch(s);
	return 0;
}

int64_t sock_call(struct sock *s, struct srv_req *r)
{
	switch (r->m.w[0]) {
	case F_READ:
		return sock_read(s, r, 0);
	case F_WRITE:
		return sock_write(s, r, 0);
	case S_RECV:
		return sock_read(s, r, 1);
	case S_SEND:
		return sock_write(s, r, 1);
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
		return do_shutdown(s, (int)r->m.w[1]);
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
