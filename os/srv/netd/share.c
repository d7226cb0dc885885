/* SPDX-License-Identifier: MIT */
/*
 * Ports that several sockets share. lwIP knows one option for that: it is set for both of ours, so that
 * lwIP refuses no less than what none of them allows, and what they differ in is looked at here.
 */
#include <errno.h>
#include "netd.h"

void share_apply(struct sock *s)
{
	if (!opts_pcb(s))
		return;
	if (s->reuse || s->reuseport)
		ip_set_option(opts_pcb(s), SOF_REUSEADDR);
	else
		ip_reset_option(opts_pcb(s), SOF_REUSEADDR);
}

static uint16_t port_of(const struct sock *s)
{
	return s->kind == K_TCP ? s->tcp ? s->tcp->local_port : 0 : s->kind == K_UDP ? s->udp->local_port : 0;
}

static const ip_addr_t *ip_of(const struct sock *s)
{
	return s->kind == K_TCP ? &s->tcp->local_ip : &s->udp->local_ip;
}

static int same_ports(const struct sock *a, const struct sock *b)
{
	return a->kind == b->kind && sock_is_lite(a) == sock_is_lite(b);
}

static int overlap(const ip_addr_t *a, const ip_addr_t *b)
{
	if (IP_IS_ANY_TYPE_VAL(*a) || IP_IS_ANY_TYPE_VAL(*b))
		return 1;
	return IP_GET_TYPE(a) == IP_GET_TYPE(b) && (ip_addr_isany(a) || ip_addr_isany(b) || ip_addr_eq(a, b));
}

struct wish { const struct sock *s; const ip_addr_t *ip; uint16_t port; int alone, refused; };

/* SO_REUSEADDR lets nobody in beside a listener; SO_REUSEPORT does, but only the same user. */
static void look(struct sock *o, void *arg)
{
	struct wish *w = arg;
	const struct sock *s = w->s;

	if (o == s || !same_ports(o, s) || port_of(o) != w->port || !overlap(ip_of(o), w->ip))
		return;
	if (!w->alone && s->reuse && o->reuse && (o->kind != K_TCP || o->state != TS_LISTEN))
		return;
	if (!w->alone && s->reuseport && o->reuseport && s->uid == o->uid)
		return;
	w->refused = 1;
}

int share_check(const struct sock *s, const ip_addr_t *ip, uint16_t port, int alone)
{
	struct wish w = { s, ip, port, alone, 0 };

	sock_each(look, &w);
	return w.refused ? -EADDRINUSE : 0;
}

/* The member of a group that has the highest score takes it: another one's end moves only its own peers. */
struct choice { struct sock *like, *best; uint64_t key, score; };

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 31) * 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
	return x ^ x >> 32;
}

static void weigh(struct sock *o, void *arg)
{
	struct choice *c = arg;
	uint64_t score;

	if (!same_ports(o, c->like) || !o->reuseport || o->uid != c->like->uid || o->connected ||
	    port_of(o) != port_of(c->like) || !ip_addr_eq(ip_of(o), ip_of(c->like)) ||
	    (o->kind == K_TCP && o->state != TS_LISTEN))
		return;
	score = mix(c->key ^ mix(o->id));
	if (!c->best || score > c->score) {
		c->best = o;
		c->score = score;
	}
}

struct sock *share_pick(struct sock *s, const ip_addr_t *from, uint16_t port)
{
	static uint64_t secret;
	struct choice c = { .like = s };
	struct in6_addr a;

	if (!s->reuseport)
		return s;
	if (!secret)
		secret = (uint64_t)netd_random() << 32 | netd_random() | 1;
	c.key = secret + port;
	addr_to6(from, &a);
	for (int i = 0; i < 4; i++)
		c.key = mix(c.key ^ a.s6_addr32[i]);
	sock_each(weigh, &c);
	return c.best ? c.best : s;
}
