/* SPDX-License-Identifier: MIT */
/* Datagram and raw sockets. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "netd.h"

#define OVERHEAD	256		/* what a queued datagram counts besides its bytes */
#define LATE_MAX	16
#define DATAGRAM_MAX	65535

static int64_t wall(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

/* What the packet's header says, while lwIP still has it at hand. */
static void describe(struct dgram *d)
{
	ip_addr_copy(d->to, *ip_current_dest_addr());
	d->ifindex = netif_get_index(ip_current_input_netif());
	if (ip_current_is_v6()) {
		d->ttl = IP6H_HOPLIM(ip6_current_header());
		d->tos = (uint8_t)IP6H_TC(ip6_current_header());
	} else {
		d->ttl = IPH_TTL(ip4_current_header());
		d->tos = IPH_TOS(ip4_current_header());
	}
}

static int queue(struct sock *s, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
	struct dgram *d;
	size_t cost = p->tot_len + OVERHEAD;

	if (s->rd_shut || mem_short() || (s->dgrams && s->queued + cost > s->rcvbuf))
		return 0;
	d = netd_calloc(1, sizeof(*d));
	if (!d)
		return 0;
	d->p = p;
	d->port = port;
	ip_addr_copy(d->from, *from);
	describe(d);
	if (s->want & (WANT_TIME | WANT_TIMENS))
		d->when = wall();
	s->news |= EV_IN;
	*s->dgrams_end = d;
	s->dgrams_end = &d->next;
	s->queued += cost;
	sock_touch(s);
	return 1;
}

static void on_udp(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
	struct sock *s = arg;
	const ip_addr_t *to = ip_current_dest_addr();

	(void)pcb;
	/* All of a group get what is for many, one gets what is for one. */
	if (s->reuseport && !s->connected && !ip_addr_ismulticast(to) &&
	    !ip_addr_isbroadcast(to, ip_current_netif()))
		s = share_pick(s, from, port);
	if (!lite_wanted(s) || !queue(s, p, from, port))
		pbuf_free(p);
}

/*
 * lwIP offers a packet with its IP header. IPv4 raw sockets see the header, as everywhere; ICMP
 * over SOCK_DGRAM does not. The packet is copied so that lwIP's own handling goes on too.
 */
static u8_t on_raw(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	struct sock *s = arg;
	u16_t header = ip_current_header_tot_len();
	struct pbuf *copy;

	(void)pcb;
	if (p->tot_len < header || !(copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p)))
		return 0;
	if (s->type == SOCK_DGRAM || IP_IS_V6(from))
		pbuf_remove_header(copy, header);
	if (!echo_wanted(s, copy, IP_IS_V6(from)) || !queue(s, copy, from, 0))
		pbuf_free(copy);
	return 0;
}

static int new_raw(struct sock *s)
{
	s->raw = raw_new_ip_type(s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6, (u8_t)s->protocol);
	if (!s->raw)
		return -ENOBUFS;
	if (s->protocol == IPPROTO_RAW)
		raw_set_flags(s->raw, RAW_FLAGS_HDRINCL);
	s->raw->chksum_reqd = s->protocol == IPPROTO_ICMPV6;
	s->raw->chksum_offset = 2;
	s->echo_id = (uint16_t)netd_random();
	raw_recv(s->raw, on_raw, s);
	return 0;
}

int dgram_init(struct sock *s)
{
	if (s->kind == K_RAW)
		return new_raw(s);
	s->udp = udp_new_ip_type(s->domain == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
	if (!s->udp)
		return -ENOBUFS;
	s->bound_ip = s->udp->local_ip;
	udp_set_multicast_ttl(s->udp, 1);
	udp_set_flags(s->udp, UDP_FLAGS_MULTICAST_LOOP);
	if (sock_is_lite(s))
		udp_set_flags(s->udp, UDP_FLAGS_UDPLITE);
	udp_recv(s->udp, on_udp, s);
	return 0;
}

static void drop(struct dgram *list)
{
	for (struct dgram *next; list; list = next) {
		next = list->next;
		pbuf_free(list->p);
		netd_free(list);
	}
}

void dgram_free(struct sock *s)
{
	int was;

	drop(s->dgrams);
	drop(s->late);
	s->dgrams = s->late = NULL;
	if (s->kind == K_UDP && s->udp) {
		was = lite_use(sock_is_lite(s));
		udp_remove(s->udp);
		lite_use(was);
	}
	if (s->kind == K_RAW && s->raw)
		raw_remove(s->raw);
}

static err_t bind_udp(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	int was = lite_use(sock_is_lite(s));
	err_t err = udp_bind(s->udp, ip, port);

	lite_use(was);
	return err;
}

static err_t connect_udp(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	int was = lite_use(sock_is_lite(s));
	err_t err = udp_connect(s->udp, ip, port);

	lite_use(was);
	return err;
}

int64_t dgram_do_bind(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	err_t err = ERR_USE;

	if (s->kind == K_RAW) {
		if (s->type == SOCK_DGRAM && port)
			s->echo_id = htons(port);
		s->bound_ip = *ip;
		return addr_errno(raw_bind(s->raw, ip));
	}
	for (int i = 0; i < 16 && err == ERR_USE; i++) {
		uint16_t try = port ? port : addr_random_port();

		if (!share_check(s, ip, try, !port))
			err = bind_udp(s, ip, try);
		if (port)
			break;
	}
	if (err == ERR_OK)
		s->bound_ip = *ip;
	return addr_errno(err);
}

/* A port that cannot be guessed for who has none yet. */
static int64_t need_port(struct sock *s)
{
	return s->kind == K_RAW || s->udp->local_port ? 0 : dgram_do_bind(s, &s->bound_ip, 0);
}

int64_t dgram_connect(struct sock *s, const ip_addr_t *ip, uint16_t port)
{
	ip_addr_t src;
	int64_t err = need_port(s);

	if (err)
		return err;
	if (s->connected)
		dgram_disconnect(s);
	if (!nic_wait(ip) && !ip_addr_ismulticast(ip)) {
		err = addr_source(ip, &src);
		if (err)
			return err;
		/* As bound to what it sends from, until it is disconnected. */
		if (s->kind == K_UDP && ip_addr_isany(&s->bound_ip))
			ip_addr_copy(s->udp->local_ip, src);
	}
	err = addr_errno(s->kind == K_UDP ? connect_udp(s, ip, port) : raw_connect(s->raw, ip));
	s->connected = !err;
	return err;
}

void dgram_disconnect(struct sock *s)
{
	if (s->connected && s->kind == K_UDP) {
		udp_disconnect(s->udp);
		s->udp->local_ip = s->bound_ip;
	} else if (s->connected) {
		raw_disconnect(s->raw);
	}
	s->connected = 0;
}

static int copy_out(struct pend *p, struct dgram *d, size_t n)
{
	size_t done = 0;

	for (struct pbuf *q = d->p; q && done < n; q = q->next) {
		size_t part = q->len < n - done ? q->len : n - done;

		if (sys_msg_write(p->token, 1, p->off + done, q->payload, part) < 0)
			return -EFAULT;
		done += part;
	}
	return 0;
}

static void put_control(struct pend *p, struct answer *a, const struct dgram *d)
{
	uint64_t buf[64];
	size_t room = p->ctl_len < sizeof(buf) ? (size_t)p->ctl_len : sizeof(buf);

	a->w[3] = cmsg_out(p->s, d, buf, room, &a->w[2]);
	if (a->w[3])
		sys_msg_write(p->token, 1, p->ctl, buf, a->w[3]);
}

static void take_first(struct sock *s)
{
	struct dgram *d = s->dgrams;

	s->dgrams = d->next;
	if (!s->dgrams)
		s->dgrams_end = &s->dgrams;
	s->queued -= d->p->tot_len + OVERHEAD;
	pbuf_free(d->p);
	netd_free(d);
}

static int64_t nothing(struct sock *s)
{
	int e = s->error;

	s->error = 0;
	return e ? -e : s->rd_shut ? 0 : -EAGAIN;
}

int64_t dgram_try_read(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	struct dgram *d = s->dgrams;
	size_t n, full;

	if (!d || s->error)
		return nothing(s);
	full = d->p->tot_len;
	n = full < p->n ? full : (size_t)p->n;
	if (copy_out(p, d, n))
		return -EFAULT;
	if (p->msg) {
		a->w[1] = addr_out(s, &d->from, d->port, &a->w[4]);
		a->w[2] = n < full ? MSG_TRUNC : 0;
		put_control(p, a, d);
	}
	if (!(p->flags & MSG_PEEK))
		take_first(s);
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

/* The card that control data, the socket's multicast options or the routes name. */
static struct netif *way(struct sock *s, const struct pend *p, const ip_addr_t *to)
{
	uint8_t index = p->ifindex;

	if (!index && ip_addr_ismulticast(to))
		index = s->kind == K_UDP ? udp_get_multicast_netif_index(s->udp) :
			raw_get_multicast_netif_index(s->raw);
	if (!index)
		index = opts_pcb(s)->netif_idx;
	return index ? netif_get_by_index(index) : ip_route(&opts_pcb(s)->local_ip, to);
}

/* Where it comes from: what control data say, what the socket is bound to, or the card's own. */
static const ip_addr_t *source(struct sock *s, const struct pend *p, struct netif *netif, const ip_addr_t *to)
{
	const ip_addr_t *own = &opts_pcb(s)->local_ip;

	if (!ip_addr_isany(&p->src))
		return &p->src;
	if (!ip_addr_isany(own) && IP_IS_V6(own) == IP_IS_V6(to) && !ip_addr_ismulticast(own))
		return own;
	return ip_netif_get_local_ip(netif, to);
}

static int64_t send_it(struct sock *s, struct pend *p, struct pbuf *b, const ip_addr_t *to, uint16_t port)
{
	struct netif *netif = way(s, p, to);
	const ip_addr_t *src = netif ? source(s, p, netif, to) : NULL;
	struct ip_pcb *pcb = opts_pcb(s);
	u8_t ttl = pcb->ttl;
	err_t err;

	if (!netif || !src)
		return -ENETUNREACH;
	if (!s->broadcast && IP_IS_V4(to) && ip_addr_isbroadcast(to, netif))
		return -EACCES;
	if (p->ttl >= 0)
		pcb->ttl = (u8_t)p->ttl;
	err = s->kind == K_UDP ? udp_sendto_if_src(s->udp, b, to, port, netif, src) :
	      raw_sendto_if_src(s->raw, b, to, netif, src);
	pcb->ttl = ttl;
	return addr_errno(err);
}

/* Kept till there is an address to send from; what is too much is lost, as datagrams may be. */
static void keep(struct sock *s, struct pbuf *b, const ip_addr_t *to, uint16_t port)
{
	struct dgram *d = s->nlate < LATE_MAX ? netd_calloc(1, sizeof(*d)) : NULL, **end;

	if (!d) {
		pbuf_free(b);
		return;
	}
	d->p = b;
	d->to = *to;
	d->port = port;
	for (end = &s->late; *end; end = &(*end)->next)
		;
	*end = d;
	s->nlate++;
}

void dgram_send_late(struct sock *s)
{
	struct pend p = { .s = s, .ttl = -1 };
	struct dgram **dp = &s->late, *d;

	while ((d = *dp)) {
		if (nic_wait(&d->to)) {
			dp = &d->next;
			continue;
		}
		send_it(s, &p, d->p, &d->to, d->port);
		*dp = d->next;
		s->nlate--;
		pbuf_free(d->p);
		netd_free(d);
	}
}

static int64_t check_write(struct sock *s, struct pend *p)
{
	int e = s->error;

	if (e) {
		s->error = 0;
		return -e;
	}
	if (s->wr_shut)
		return -EPIPE;
	if (!p->has_addr && !s->connected)
		return -EDESTADDRREQ;
	if (p->has_addr && !p->port && s->kind == K_UDP)
		return -EINVAL;
	if (p->flags & MSG_MORE)
		return -EOPNOTSUPP;
	/* lwIP puts the checksum in without looking. */
	if (s->kind == K_RAW && s->domain == AF_INET6 && s->raw->chksum_reqd && p->n < s->raw->chksum_offset + 2u)
		return -EINVAL;
	return p->n > DATAGRAM_MAX - 20 - (s->kind == K_UDP ? 8 : 0) ? -EMSGSIZE : need_port(s);
}

int64_t dgram_try_write(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	struct pbuf *b;
	int64_t err = check_write(s, p);
	ip_addr_t to;

	(void)a;
	if (err)
		return err;
	to = p->has_addr ? p->addr : s->kind == K_UDP ? s->udp->remote_ip : s->raw->remote_ip;
	if (ip_addr_isany(&to))
		ip_addr_set_loopback(s->domain == AF_INET6, &to);
	b = copy_in(p);
	if (!b)
		return mem_short() ? -ENOBUFS : -EFAULT;
	err = echo_check(s, b);
	if (!err && nic_wait(&to)) {
		keep(s, b, &to, p->has_addr ? p->port : s->kind == K_UDP ? s->udp->remote_port : 0);
		return (int64_t)p->n;
	}
	if (!err)
		err = send_it(s, p, b, &to, p->has_addr ? p->port : s->kind == K_UDP ? s->udp->remote_port : 0);
	pbuf_free(b);
	return err ? err : (int64_t)p->n;
}
