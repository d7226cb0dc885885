/* SPDX-License-Identifier: MIT */
/* Connections over lwIP's TCP: how they begin, what lwIP tells of them, how they end. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/priv/tcp_priv.h"
#include "netd.h"

#define BACKLOG_MAX	255		/* lwIP counts it in a byte */
#define TIME_WAIT_MAX	1024
#define ORPHANS_MAX	512		/* closed by their owners, not yet by the other side */

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	(void)pcb;
	(void)len;
	if (arg)
		sock_touch(arg);
	return ERR_OK;
}

/* What a connection dies of. One that never came about was refused. */
static int reason(const struct sock *s, err_t err)
{
	if (s->state == TS_CONNECTING && (err == ERR_RST || err == ERR_CLSD))
		return ECONNREFUSED;
	/* Both sides have said that they are done, and the last word was acknowledged. */
	if (err == ERR_CLSD)
		return 0;
	return -addr_errno(err);
}

/* The pcb is already gone. */
static void on_err(void *arg, err_t err)
{
	struct sock *s = arg;

	if (!s)
		return;
	s->tcp = NULL;
	s->error = reason(s, err);
	s->state = TS_CLOSED;
	s->eof = 1;
	sock_touch(s);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct sock *s = arg;

	(void)pcb;
	(void)err;
	if (s) {
		s->state = TS_CONNECTED;
		sock_touch(s);
	}
	return ERR_OK;
}

void tcp_set_callbacks(struct sock *s)
{
	tcp_arg(s->tcp, s);
	tcp_recv(s->tcp, tcp_on_recv);
	tcp_sent(s->tcp, on_sent);
	tcp_err(s->tcp, on_err);
}

/* lwIP's listeners have no such options: connections get them from the socket that accepts. */
void tcp_apply(struct sock *s)
{
	if (!s->tcp || s->state == TS_LISTEN)
		return;
	if (s->nodelay)
		tcp_nagle_disable(s->tcp);
	else
		tcp_nagle_enable(s->tcp);
	s->tcp->keep_idle = (u32_t)s->keep_idle * 1000;
	s->tcp->keep_intvl = (u32_t)s->keep_intvl * 1000;
	s->tcp->keep_cnt = (u32_t)s->keep_cnt;
}

int tcp_sock_init(struct sock *s)
{
	s->tcp = tcp_new_ip_type(s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
	if (!s->tcp)
		return -ENOBUFS;
	s->state = TS_NEW;
	tcp_set_callbacks(s);
	tcp_apply(s);
	share_apply(s);
	return 0;
}

static void forget(struct tcp_pcb *pcb)
{
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
}

static void close_pcb(struct sock *s)
{
	struct tcp_pcb *pcb = s->tcp;

	if (!pcb)
		return;
	s->tcp = NULL;
	if (s->state == TS_LISTEN) {
		tcp_arg(pcb, NULL);
		tcp_accept(pcb, NULL);
		tcp_close(pcb);
		return;
	}
	forget(pcb);
	/* SO_LINGER of 0 seconds asks for a reset. */
	if ((s->linger && !s->linger_time && s->state == TS_CONNECTED) || tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
}

static void drop_accepts(struct sock *s)
{
	for (struct sock *c = s->accepts, *next; c; c = next) {
		next = c->accepts;
		c->accepts = NULL;
		sock_free(c);
	}
	s->accepts = NULL;
	s->accepts_end = &s->accepts;
}

void tcp_sock_free(struct sock *s)
{
	drop_accepts(s);
	for (struct dgram *d = s->dgrams, *next; d; d = next) {
		next = d->next;
		pbuf_free(d->p);
		netd_free(d);
	}
	s->dgrams = NULL;
	close_pcb(s);
}

void tcp_failed(struct sock *s, int e)
{
	struct tcp_pcb *pcb = s->tcp;

	s->tcp = NULL;
	s->deferred = 0;
	s->error = e;
	s->state = TS_CLOSED;
	s->eof = 1;
	if (pcb) {
		forget(pcb);
		tcp_abort(pcb);
	}
	sock_touch(s);
}

/* A free local port that cannot be guessed; lwIP counts up when these all are taken. */
static void choose_port(struct tcp_pcb *pcb)
{
	ip_addr_t ip = pcb->local_ip;

	for (int i = 0; i < 16 && !pcb->local_port; i++)
		if (tcp_bind(pcb, &ip, addr_random_port()) == ERR_OK)
			return;
}

/* Starts the connection to s->peer, or leaves that to sock_address when there is no address yet. */
void tcp_begin_connect(struct sock *s)
{
	ip_addr_t src;
	err_t err;

	s->deferred = nic_wait(&s->peer);
	if (s->deferred || !s->tcp)
		return;
	if (addr_source(&s->peer, &src) < 0) {
		tcp_failed(s, ENETUNREACH);
		return;
	}
	choose_port(s->tcp);
	err = tcp_connect(s->tcp, &s->peer, s->peer_port, on_connected);
	if (err != ERR_OK)
		tcp_failed(s, err == ERR_USE ? EADDRNOTAVAIL : -addr_errno(err));
}

static int64_t try_connect(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	int e = s->error ? s->error : ECONNABORTED;

	(void)a;
	if (s->state == TS_CONNECTED)
		return 0;
	if (s->state != TS_CLOSED)
		return -EAGAIN;
	s->error = 0;
	return -e;
}

/* After a failed attempt the socket may try again. */
static int renew(struct sock *s)
{
	int err = tcp_sock_init(s);

	if (!err) {
		s->eof = 0;
		s->bound = 0;
	}
	return err;
}

int64_t tcp_do_connect(struct sock *s, struct srv_req *r, struct pend *p)
{
	int64_t res;

	if (s->state == TS_CONNECTED)
		return -EISCONN;
	if (s->state == TS_CONNECTING)
		return -EALREADY;
	if (s->state == TS_LISTEN || ip_addr_ismulticast(&p->addr))
		return s->state == TS_LISTEN ? -EISCONN : -ENETUNREACH;
	if (!p->port)
		return -ECONNREFUSED;
	if (s->state == TS_CLOSED && s->error) {
		int e = s->error;

		s->error = 0;
		return -e;
	}
	if (!s->tcp && renew(s))
		return -ENOBUFS;
	s->peer = p->addr;
	s->peer_port = p->port;
	s->state = TS_CONNECTING;
	tcp_begin_connect(s);
	p->try = try_connect;
	res = sock_start(s, r, p);
	return res == -EAGAIN ? -EINPROGRESS : res;
}

int64_t tcp_do_bind(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	int64_t err = -EADDRINUSE;

	if (!s->tcp || s->state != TS_NEW)
		return -EINVAL;
	for (int i = 0; i < (port ? 1 : 17) && err == -EADDRINUSE; i++) {
		uint16_t try = port ? port : addr_random_port();

		err = share_check(s, ip, try, !port);
		if (!err)
			err = addr_errno(tcp_bind(s->tcp, ip, try));
	}
	s->bound_ip = *ip;
	return err;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct sock *s = arg, *c;

	if (err != ERR_OK || !pcb || !s)
		return ERR_VAL;
	/* It counts in the queue of who gets it. */
	s = share_pick(s, &pcb->remote_ip, pcb->remote_port);
	pcb->listener = (struct tcp_pcb_listen *)s->tcp;
	c = sock_new(s->domain, s->type, s->protocol);
	if (!c)
		return ERR_MEM;
	c->kind = K_TCP;
	c->tcp = pcb;
	c->state = TS_CONNECTED;
	c->listener = s;
	c->uid = s->uid;
	c->reuse = s->reuse;
	c->reuseport = s->reuseport;
	c->keepalive = s->keepalive;
	c->nodelay = s->nodelay;
	c->keep_idle = s->keep_idle;
	c->keep_intvl = s->keep_intvl;
	c->keep_cnt = s->keep_cnt;
	c->linger = s->linger;
	c->linger_time = s->linger_time;
	c->rcv_timeout = s->rcv_timeout;
	c->snd_timeout = s->snd_timeout;
	c->sndbuf = s->sndbuf;
	tcp_set_callbacks(c);
	tcp_apply(c);
	tcp_backlog_delayed(pcb);
	/* The queue is linked through `accepts` of its members. */
	s->news |= EV_IN;
	*s->accepts_end = c;
	s->accepts_end = &c->accepts;
	sock_touch(s);
	return ERR_OK;
}

int64_t tcp_do_listen(struct sock *s, int backlog)
{
	struct tcp_pcb *l;
	err_t err = ERR_OK;

	backlog = backlog < 1 ? 1 : backlog > BACKLOG_MAX ? BACKLOG_MAX : backlog;
	if (s->state == TS_LISTEN) {
		tcp_backlog_set(s->tcp, (u8_t)backlog);
		return 0;
	}
	if (s->state != TS_NEW || !s->tcp)
		return -EINVAL;
	if (!s->tcp->local_port) {
		ip_addr_t any = s->domain == AF_INET ? *IP4_ADDR_ANY : s->v6only ? *IP6_ADDR_ANY : *IP_ANY_TYPE;
		int64_t e = tcp_do_bind(s, &any, 0);

		if (e)
			return e;
	}
	if (share_check(s, &s->tcp->local_ip, s->tcp->local_port, 0))
		return -EADDRINUSE;
	/* lwIP refuses two listeners with the option on one address, which were just looked at. */
	ip_reset_option(s->tcp, SOF_REUSEADDR);
	l = tcp_listen_with_backlog_and_err(s->tcp, (u8_t)backlog, &err);
	if (l) {
		s->tcp = l;
		s->state = TS_LISTEN;
	}
	share_apply(s);
	if (!l)
		return addr_errno(err);
	tcp_arg(l, s);
	tcp_accept(l, on_accept);
	sock_push(s);		/* it hangs up no more */
	return 0;
}

int64_t tcp_try_accept(struct pend *p, struct answer *a)
{
	struct sock *s = p->s, *c = s->accepts;
	uint8_t buf[128];
	size_t n = 0;

	if (!c)
		return s->state == TS_LISTEN ? -EAGAIN : -EINVAL;
	s->accepts = c->accepts;
	if (!s->accepts)
		s->accepts_end = &s->accepts;
	c->accepts = NULL;
	c->accepts_end = &c->accepts;
	c->listener = NULL;
	if (c->tcp) {
		tcp_backlog_accepted(c->tcp);
		n = addr_out(s, &c->tcp->remote_ip, c->tcp->remote_port, buf);
	}
	if (n && p->range)
		sys_msg_write(p->token, 1, 0, buf, n < p->range ? n : p->range);
	if (p->accept_flags & SOCK_NONBLOCK)
		sys_file_flags(c->h, O_NONBLOCK, O_NONBLOCK);
	a->w[1] = n;
	a->h = sock_client(c);
	sock_push(c);
	return 0;
}

/* A listener that is shut down for reading listens no more: who waits in accept learns of it. */
static int64_t shut_listener(struct sock *s, int how)
{
	if (how == SHUT_WR)
		return 0;
	close_pcb(s);
	drop_accepts(s);
	s->state = TS_CLOSED;
	sock_touch(s);
	return 0;
}

int64_t tcp_do_shutdown(struct sock *s, int how)
{
	if (s->state == TS_LISTEN)
		return shut_listener(s, how);
	if (s->state != TS_CONNECTED)
		return -ENOTCONN;
	if (how != SHUT_WR)
		s->rd_shut = s->eof = 1;
	if (how != SHUT_RD && !s->wr_shut) {
		s->wr_shut = 1;
		/* Only the sending half: lwIP goes on to deliver what comes. */
		if (s->tcp)
			tcp_shutdown(s->tcp, 0, 1);
	}
	sock_touch(s);
	return 0;
}

/* Resets the oldest: the lists have the newest first. */
static void trim(struct tcp_pcb *list, unsigned max, int orphans)
{
	struct tcp_pcb *next;
	unsigned n = 0;

	for (struct tcp_pcb *p = list; p; p = next) {
		next = p->next;
		if (orphans && p->callback_arg)
			continue;
		if (++n > max)
			tcp_abort(p);
	}
}

void tcp_tidy(void)
{
	trim(tcp_tw_pcbs, TIME_WAIT_MAX, 0);
	trim(tcp_active_pcbs, mem_short() ? ORPHANS_MAX / 8 : ORPHANS_MAX, 1);
	/* What waits for more (TCP_CORK, MSG_MORE) goes when no more came. */
	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		if (pcb->unsent)
			tcp_output(pcb);
}
