/* SPDX-License-Identifier: MIT */
/* Datagram and raw sockets. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/ip.h"
#include "netd.h"

#define MAX_QUEUED	256

static int queue(struct sock *s, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
	struct dgram *d;

	if (s->ndgrams >= MAX_QUEUED || !(d = malloc(sizeof(*d))))
		return 0;
	*d = (struct dgram){ .p = p, .port = port };
	ip_addr_copy(d->from, *from);
	*s->dgrams_end = d;
	s->dgrams_end = &d->next;
	s->ndgrams++;
	sock_update(s);
	return 1;
}

static void on_udp(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
	(void)pcb;
	if (!queue(arg, p, from, port))
		pbuf_free(p);
}

/*
 * lwIP offers a packet with its IP header. IPv4 raw sockets see the header, as everywhere; ICMP
 * over SOCK_DGRAM does not. The packet is copied so that lwIP's own handling goes on too.
 */
static u8_t on_raw(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	struct sock *s = arg;
	struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);

	(void)pcb;
	if (!copy)
		return 0;
	if (s->type == SOCK_DGRAM || IP_IS_V6(from))
		pbuf_remove_header(copy, ip_current_header_tot_len());
	if (!queue(s, copy, from, 0))
		pbuf_free(copy);
	return 0;
}

int dgram_init(struct sock *s)
{
	u8_t type = s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY;

	if (s->kind == K_UDP) {
		s->udp = udp_new_ip_type(type);
		if (!s->udp)
			return -ENOMEM;
		udp_recv(s->udp, on_udp, s);
		return 0;
	}
	s->raw = raw_new_ip_type(s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6,
				 (u8_t)s->protocol);
	if (!s->raw)
		return -ENOMEM;
	raw_recv(s->raw, on_raw, s);
	return 0;
}

void dgram_free(struct sock *s)
{
	for (struct dgram *d = s->dgrams, *next; d; d = next) {
		next = d->next;
		pbuf_free(d->p);
		free(d);
	}
	s->dgrams = NULL;
	if (s->kind == K_UDP && s->udp)
		udp_remove(s->udp);
	if (s->kind == K_RAW && s->raw)
		raw_remove(s->raw);
}

int64_t dgram_connect(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	err_t err;

	if (s->kind == K_UDP) {
		ip_addr_t to = *ip;

		if (ip_addr_isany(&to))
			ip_addr_set_loopback(IP_IS_V6(&to), &to);
		err = udp_connect(s->udp, &to, port);
	} else {
		err = raw_connect(s->raw, ip);
	}
	s->connected = err == ERR_OK;
	return addr_errno(err);
}

int64_t dgram_try_read(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	struct dgram *d = s->dgrams;
	size_t n, full;

	if (!d) {
		int e = s->error;

		s->error = 0;
		return e ? -e : -EAGAIN;
	}
	full = d->p->tot_len;
	n = full < p->n ? full : (size_t)p->n;
	for (size_t done = 0; done < n; ) {
		uint8_t buf[2048];
		u16_t part = n - done < sizeof(buf) ? (u16_t)(n - done) : (u16_t)sizeof(buf);

		pbuf_copy_partial(d->p, buf, part, (u16_t)done);
		if (sys_msg_write(p->token, 1, p->off + done, buf, part) < 0)
			return -EFAULT;
		done += part;
	}
	if (p->msg) {
		a->w[1] = addr_out(s, &d->from, d->port, &a->w[4]);
		a->w[2] = n < full ? MSG_TRUNC : 0;
	}
	if (p->flags & MSG_PEEK)
		return (int64_t)n;
	s->dgrams = d->next;
	if (!s->dgrams)
		s->dgrams_end = &s->dgrams;
	s->ndgrams--;
	pbuf_free(d->p);
	free(d);
	return (int64_t)(p->flags & MSG_TRUNC ? full : n);
}

static struct pbuf *copy_in(struct pend *p)
{
	struct pbuf *b = pbuf_alloc(PBUF_TRANSPORT, (u16_t)p->n, PBUF_RAM);

	if (b && p->n && sys_msg_read(p->token, 0, p->off, b->payload, p->n) != (int64_t)p->n) {
		pbuf_free(b);
		return NULL;
	}
	return b;
}

static err_t send_it(struct sock *s, struct pend *p, struct pbuf *b)
{
	if (s->kind == K_UDP)
		return p->has_addr ? udp_sendto(s->udp, b, &p->addr, p->port) : udp_send(s->udp, b);
	return p->has_addr ? raw_sendto(s->raw, b, &p->addr) : raw_send(s->raw, b);
}

int64_t dgram_try_write(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	struct pbuf *b;
	err_t err;

	(void)a;
	if (!p->has_addr && !s->connected)
		return -EDESTADDRREQ;
	if (p->n > 65507)
		return -EMSGSIZE;
	if (p->has_addr && ip_addr_isany(&p->addr))
		ip_addr_set_loopback(IP_IS_V6(&p->addr), &p->addr);
	if (p->has_addr && !ip_addr_isloopback(&p->addr) && nic_wait())
		return -EAGAIN;
	b = copy_in(p);
	if (!b)
		return -ENOBUFS;
	err = send_it(s, p, b);
	pbuf_free(b);
	return err == ERR_OK ? (int64_t)p->n : addr_errno(err);
}
