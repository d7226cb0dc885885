/* SPDX-License-Identifier: MIT */
/* Stream sockets over lwIP's TCP. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "netd.h"

#define CHUNK	16384

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct sock *s = arg;

	(void)pcb;
	(void)err;
	if (!s) {
		if (p)
			pbuf_free(p);
		return ERR_OK;
	}
	if (!p) {
		s->eof = 1;
	} else if (s->rd_shut) {
		tcp_recved(pcb, p->tot_len);
		pbuf_free(p);
	} else {
		struct dgram *d = calloc(1, sizeof(*d));

		/* lwIP keeps what we refuse and offers it again. */
		if (!d)
			return ERR_MEM;
		d->p = p;
		*s->dgrams_end = d;
		s->dgrams_end = &d->next;
		s->in += p->tot_len;
	}
	sock_update(s);
	return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	(void)pcb;
	(void)len;
	if (arg)
		sock_update(arg);
	return ERR_OK;
}

/* The pcb is already gone. */
static void on_err(void *arg, err_t err)
{
	struct sock *s = arg;

	if (!s)
		return;
	s->tcp = NULL;
	/* A connection that never came about was refused. */
	s->error = s->state == TS_CONNECTING && err == ERR_RST ? ECONNREFUSED : -addr_errno(err);
	s->state = TS_CLOSED;
	s->eof = 1;
	sock_update(s);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct sock *s = arg;

	(void)pcb;
	(void)err;
	if (s) {
		s->state = TS_CONNECTED;
		sock_update(s);
	}
	return ERR_OK;
}

static void set_callbacks(struct sock *s)
{
	tcp_arg(s->tcp, s);
	tcp_recv(s->tcp, on_recv);
	tcp_sent(s->tcp, on_sent);
	tcp_err(s->tcp, on_err);
}

int tcp_sock_init(struct sock *s)
{
	s->tcp = tcp_new_ip_type(s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
	if (!s->tcp)
		return -ENOMEM;
	s->state = TS_NEW;
	set_callbacks(s);
	return 0;
}

static void close_pcb(struct sock *s)
{
	struct tcp_pcb *pcb = s->tcp;

	if (!pcb)
		return;
	s->tcp = NULL;
	tcp_arg(pcb, NULL);
	if (s->state == TS_LISTEN) {
		tcp_accept(pcb, NULL);
		tcp_close(pcb);
		return;
	}
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	if (tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
}

void tcp_sock_free(struct sock *s)
{
	for (struct sock *c = s->accepts, *next; c; c = next) {
		next = c->accepts;
		c->accepts = NULL;
		sock_free(c);
	}
	s->accepts = NULL;
	for (struct dgram *d = s->dgrams, *next; d; d = next) {
		next = d->next;
		pbuf_free(d->p);
		free(d);
	}
	s->dgrams = NULL;
	close_pcb(s);
}

static int64_t try_connect(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	err_t err;

	(void)a;
	if (s->state == TS_CONNECTED)
		return 0;
	if (s->state == TS_CLOSED) {
		int e = s->error ? s->error : ECONNABORTED;

		s->error = 0;
		return -e;
	}
	if (s->state == TS_CONNECTING)
		return -EAGAIN;
	if (!ip_addr_isloopback(&p->addr) && nic_wait())
		return -EAGAIN;
	err = tcp_connect(s->tcp, &p->addr, p->port, on_connected);
	if (err != ERR_OK)
		return addr_errno(err);
	s->state = TS_CONNECTING;
	return -EAGAIN;
}

int64_t tcp_do_connect(struct sock *s, struct srv_req *r, struct pend *p, int nonblock)
{
	int64_t res;

	if (s->state == TS_CONNECTED)
		return -EISCONN;
	if (s->state == TS_CONNECTING && nonblock)
		return -EALREADY;
	if (s->state == TS_LISTEN)
		return -EOPNOTSUPP;
	/* "Any" means this host. */
	if (ip_addr_isany(&p->addr))
		ip_addr_set_loopback(IP_IS_V6(&p->addr), &p->addr);
	p->try = try_connect;
	res = sock_start(s, r, p, nonblock);
	return res == -EAGAIN ? -EINPROGRESS : res;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct sock *s = arg, *c;

	if (err != ERR_OK || !pcb || !s)
		return ERR_VAL;
	c = sock_new(s->domain, s->type, s->protocol);
	if (!c)
		return ERR_MEM;
	c->kind = K_TCP;
	c->tcp = pcb;
	c->state = TS_CONNECTED;
	c->listener = s;
	set_callbacks(c);
	tcp_backlog_delayed(pcb);
	/* The queue is linked through `accepts` of its members. */
	c->accepts = NULL;
	*s->accepts_end = c;
	s->accepts_end = &c->accepts;
	sock_update(s);
	return ERR_OK;
}

int64_t tcp_do_listen(struct sock *s, int backlog)
{
	struct tcp_pcb *l;
	err_t err = ERR_OK;

	if (s->state == TS_LISTEN)
		return 0;
	if (s->state != TS_NEW || !s->tcp)
		return -EINVAL;
	backlog = backlog < 1 ? 1 : backlog > 255 ? 255 : backlog;
	l = tcp_listen_with_backlog_and_err(s->tcp, (u8_t)backlog, &err);
	if (!l)
		return addr_errno(err);
	s->tcp = l;
	s->state = TS_LISTEN;
	tcp_arg(l, s);
	tcp_accept(l, on_accept);
	return 0;
}

int64_t tcp_try_accept(struct pend *p, struct answer *a)
{
	struct sock *s = p->s, *c = s->accepts;
	uint8_t buf[128];
	size_t n = 0;

	if (!c)
		return -EAGAIN;
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
	sock_update(c);
	return 0;
}

/* Copies n received bytes to the client; bytes or -errno. */
static int64_t copy_out(struct pend *p, size_t n)
{
	struct sock *s = p->s;
	size_t done = 0, skip = s->in_off;

	for (struct dgram *d = s->dgrams; d && done < n; d = d->next) {
		for (struct pbuf *q = d->p; q && done < n; q = q->next) {
			size_t part = q->len > skip ? q->len - skip : 0;
			size_t from = q->len - part;
			int64_t err;

			skip -= from;
			if (!part)
				continue;
			if (part > n - done)
				part = n - done;
			err = sys_msg_write(p->token, 1, p->off + p->done + done,
					    (uint8_t *)q->payload + from, part);
			if (err < 0)
				return done ? (int64_t)done : err;
			done += part;
		}
	}
	return (int64_t)done;
}

static void consume(struct sock *s, size_t n)
{
	s->in -= n;
	for (size_t left = n; s->tcp && left; ) {
		u16_t part = left < 0xffff ? (u16_t)left : 0xffff;

		tcp_recved(s->tcp, part);
		left -= part;
	}
	n += s->in_off;
	while (s->dgrams && n >= s->dgrams->p->tot_len) {
		struct dgram *d = s->dgrams;

		n -= d->p->tot_len;
		s->dgrams = d->next;
		pbuf_free(d->p);
		free(d);
	}
	if (!s->dgrams)
		s->dgrams_end = &s->dgrams;
	s->in_off = n;
}

static int64_t at_end(struct pend *p)
{
	struct sock *s = p->s;
	int e = s->error;

	if (p->done)
		return (int64_t)p->done;
	if (e) {
		s->error = 0;
		return -e;
	}
	if (s->eof || s->rd_shut)
		return 0;
	return s->state == TS_NEW || s->state == TS_LISTEN ? -ENOTCONN : -EAGAIN;
}

int64_t tcp_try_read(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	size_t have = s->in;
	uint64_t want = p->n - p->done;
	int64_t n;

	(void)a;
	if (!p->n)
		return 0;
	if (!have)
		return at_end(p);
	n = copy_out(p, have < want ? have : (size_t)want);
	if (n < 0 || (p->flags & MSG_PEEK))
		return n;
	consume(s, (size_t)n);
	p->done += (uint64_t)n;
	if ((p->flags & MSG_WAITALL) && p->done < p->n && !s->eof && !s->error)
		return -EAGAIN;
	return (int64_t)p->done;
}

static int64_t write_state(struct pend *p)
{
	struct sock *s = p->s;
	int e = s->error;

	if (e) {
		s->error = 0;
		return p->done ? (int64_t)p->done : -e;
	}
	if (s->state == TS_CONNECTING)
		return -EAGAIN;
	if (s->state == TS_NEW || s->state == TS_LISTEN)
		return -ENOTCONN;
	return p->done ? (int64_t)p->done : -EPIPE;
}

int64_t tcp_try_write(struct pend *p, struct answer *a)
{
	static uint8_t buf[CHUNK];
	struct sock *s = p->s;

	(void)a;
	if (s->state != TS_CONNECTED || s->wr_shut || s->error || !s->tcp)
		return write_state(p);
	while (p->done < p->n) {
		size_t part = tcp_sndbuf(s->tcp), left = p->n - p->done;
		int64_t n;
		err_t err;

		part = part < left ? part : left;
		part = part < CHUNK ? part : CHUNK;
		if (!part || tcp_sndqueuelen(s->tcp) + 16 > TCP_SND_QUEUELEN)
			break;
		n = sys_msg_read(p->token, 0, p->off + p->done, buf, part);
		if (n <= 0)
			return p->done ? (int64_t)p->done : n ? n : -EFAULT;
		err = tcp_write(s->tcp, buf, (u16_t)n, TCP_WRITE_FLAG_COPY |
				(p->done + (uint64_t)n < p->n ? TCP_WRITE_FLAG_MORE : 0));
		if (err == ERR_MEM)
			break;
		if (err != ERR_OK)
			return addr_errno(err);
		p->done += (uint64_t)n;
	}
	tcp_output(s->tcp);
	return p->done == p->n ? (int64_t)p->done : -EAGAIN;
}

int64_t tcp_do_shutdown(struct sock *s, int how)
{
	if (s->state != TS_CONNECTED || how < SHUT_RD || how > SHUT_RDWR)
		return s->state == TS_CONNECTED ? -EINVAL : -ENOTCONN;
	if (how != SHUT_WR)
		s->rd_shut = s->eof = 1;
	if (how != SHUT_RD && !s->wr_shut) {
		s->wr_shut = 1;
		/* Only the sending half: lwIP goes on to deliver what comes. */
		if (s->tcp)
			tcp_shutdown(s->tcp, 0, 1);
	}
	sock_update(s);
	return 0;
}
