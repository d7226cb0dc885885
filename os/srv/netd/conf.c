/* SPDX-License-Identifier: MIT */
/* What is configured, and which sockets there are, as text for programs and people. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "netd.h"

/* A text that is built line by line; what has no room is cut off. */
struct text { char *buf; size_t n, size; };

static void __attribute__((format(printf, 2, 3))) line(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->n, t->size - t->n, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->size - t->n)
		t->buf[t->n] = '\0';
	else
		t->n += (size_t)n;
}

static const char *ip_text(const ip_addr_t *ip)
{
	static char text[IPADDR_STRLEN_MAX];

	return ip && !IP_IS_ANY_TYPE_VAL(*ip) ? ipaddr_ntoa_r(ip, text, sizeof(text)) : "::";
}

static void one_netif(const struct netif *i, struct text *t)
{
	unsigned index = netif_get_index(i);

	line(t, "interface %s\nindex %u\nstate %s\nmtu %u\n", nic_name(index), index,
	     netif_is_up(i) && (index == 1 || netif_is_link_up(i)) ? "up" : "down", i->mtu);
	if (i->hwaddr_len == 6)
		line(t, "mac %02x:%02x:%02x:%02x:%02x:%02x\n", i->hwaddr[0], i->hwaddr[1], i->hwaddr[2],
		     i->hwaddr[3], i->hwaddr[4], i->hwaddr[5]);
	if (!ip4_addr_isany_val(*netif_ip4_addr(i))) {
		line(t, "address %s\n", ip_text(netif_ip_addr4(i)));
		line(t, "netmask %s\n", ip_text(netif_ip_netmask4(i)));
		if (index != 1 && !ip4_addr_isany_val(*netif_ip4_gw(i)))
			line(t, "gateway %s\n", ip_text(netif_ip_gw4(i)));
	}
	for (s8_t a = 0; a < LWIP_IPV6_NUM_ADDRESSES; a++)
		if (ip6_addr_isvalid(netif_ip6_addr_state(i, a)))
			line(t, "address6 %s\n", ip_text(netif_ip_addr6(i, a)));
}

/* In the order of their numbers: lwIP has the newest first. */
size_t conf_text(char *buf, size_t size)
{
	struct text t = { buf, 0, size };

	for (u8_t index = 1; index < 255 && netif_get_by_index(index); index++)
		one_netif(netif_get_by_index(index), &t);
	t.n = servers_print("dns", buf, t.n, size);
	if (t.n < size && *servers_domain())
		line(&t, "domain %s\n", servers_domain());
	return t.n < size ? t.n : size - 1;
}

size_t conf_resolv(char *buf, size_t size)
{
	struct text t = { buf, 0, size };

	t.n = servers_print("nameserver", buf, 0, size);
	if (t.n < size && *servers_domain())
		line(&t, "search %s\n", servers_domain());
	return t.n < size ? t.n : size - 1;
}

static void ends(struct text *t, const ip_addr_t *lip, unsigned lport, const ip_addr_t *rip, unsigned rport)
{
	line(t, " %s %u", ip_text(lip), lport);
	line(t, " %s %u", ip_text(rip), rport);
}

static void one_tcp(struct text *t, const struct sock *s)
{
	static const char *const states[] = { "new", "connecting", "connected", "listen", "closed" };

	line(t, "tcp %s", states[s->state]);
	if (!s->tcp)
		ends(t, NULL, 0, NULL, 0);
	else if (s->state == TS_LISTEN)
		ends(t, &s->tcp->local_ip, s->tcp->local_port, NULL, 0);
	else
		ends(t, &s->tcp->local_ip, s->tcp->local_port, &s->tcp->remote_ip, s->tcp->remote_port);
	line(t, " %zu %zu %u\n", s->in, s->tcp && s->state == TS_CONNECTED ?
	     tcp_unacked(s->tcp) : 0, s->uid);
}

static void one_sock(struct sock *s, void *arg)
{
	struct text *t = arg;

	if (s->kind == K_TCP) {
		one_tcp(t, s);
		return;
	}
	line(t, "%s %s", s->kind != K_UDP ? "raw" : sock_is_lite(s) ? "udpl" : "udp", s->connected ? "connected" : "open");
	if (s->kind == K_UDP)
		ends(t, &s->udp->local_ip, s->udp->local_port, &s->udp->remote_ip, s->udp->remote_port);
	else
		ends(t, &s->raw->local_ip, (unsigned)s->protocol, &s->raw->remote_ip, 0);
	line(t, " %zu 0 %u\n", s->queued, s->uid);
}

size_t conf_sockets(char *buf, size_t size)
{
	struct text t = { buf, 0, size };
	unsigned waiting = 0;

	for (struct tcp_pcb *p = tcp_tw_pcbs; p; p = p->next)
		waiting++;
	line(&t, "memory %zu\ntimewait %u\n", mem_used(), waiting);
	sock_each(one_sock, &t);
	return t.n;
}
