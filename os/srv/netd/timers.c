/* SPDX-License-Identifier: MIT */
/*
 * lwIP's timers, each armed only while something needs it, so that an idle machine sleeps. lwIP's own timeouts.c is
 * not built: its timers never rest.
 *
 * What only grows old (ARP and neighbour entries, lifetimes of addresses and routers) does so once a minute, and before
 * the card's next frame comes or goes (timers_card); while one of them waits for an answer, once a second.
 */
#include "lwip/dhcp.h"
#include "lwip/dhcp6.h"
#include "lwip/etharp.h"
#include "lwip/igmp.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "lwip/mld6.h"
#include "lwip/nd6.h"
#include "lwip/priv/nd6_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "netd.h"

#define MS		1000000ll
#define ARP_PENDING	7		/* s after the last request: then lwIP has given up the entry */

/* A timer of lwIP's: fn is called every `ns` while `needed`. */
struct tick {
	int64_t ns;
	void (*fn)(void);
	int (*needed)(void);
	int64_t due;			/* 0: it rests */
};

static int look = 1;			/* something happened: one that rests may be needed */
static int64_t next;			/* when the first is due, 0 none; valid unless `look` */
static int64_t aged_to;
static int resting = 1;			/* nothing that ages waits for an answer */
static unsigned arp_wait, fragments;	/* s: how long there may be entries that wait, pieces of packets */

static int tcp_needed(void)
{
	return tcp_active_pcbs || tcp_tw_pcbs;
}

static void tcp_tick(void)
{
	static unsigned n;

	tcp_tmr();
	if (++n % (1000 / TCP_TMR_INTERVAL) == 0)
		tcp_tidy();
}

static int groups_needed(void)
{
	struct netif *n;

	NETIF_FOREACH(n) {
		for (struct igmp_group *g = netif_igmp_data(n); g; g = g->next)
			if (g->timer)
				return 1;
		for (struct mld_group *g = netif_mld6_data(n); g; g = g->next)
			if (g->timer)
				return 1;
	}
	return 0;
}

static void groups_tick(void)
{
	igmp_tmr();
	mld6_tmr();
}

static int dhcp_needed(void)
{
	struct netif *n;

	NETIF_FOREACH(n)
		if ((netif_dhcp_data(n) && netif_dhcp_data(n)->request_timeout) ||
		    (netif_dhcp6_data(n) && netif_dhcp6_data(n)->request_timeout))
			return 1;
	return 0;
}

static void dhcp_tick(void)
{
	dhcp_fine_tmr();
	dhcp6_tmr();
}

static int fragments_needed(void)
{
	return fragments != 0;
}

static void fragments_tick(void)
{
	fragments--;
	ip_reass_tmr();
	ip6_reass_tmr();
}

void timers_fragment(void)
{
	fragments = IPV6_REASS_MAXAGE + 1;
	look = 1;
}

static int neighbour_waits(const struct nd6_neighbor_cache_entry *e)
{
	return e->state == ND6_INCOMPLETE || e->state == ND6_DELAY || e->state == ND6_PROBE || e->q;
}

/* Addresses that are being tried, routers being asked for. */
static int card_waits(struct netif *n)
{
	if (!netif_is_up(n) || !netif_is_link_up(n))
		return 0;
	for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		if (ip6_addr_istentative(netif_ip6_addr_state(n, i)))
			return 1;
	return n->rs_count && !ip6_addr_isinvalid(netif_ip6_addr_state(n, 0)) &&
	       !ip6_addr_isduplicated(netif_ip6_addr_state(n, 0));
}

static int ageing_waits(void)
{
	struct netif *n;

	if (arp_wait)
		return 1;
	for (int i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++)
		if (neighbour_waits(&neighbor_cache[i]))
			return 1;
	NETIF_FOREACH(n)
		if (card_waits(n))
			return 1;
	return 0;
}

/* It sends: so timers_card may be called meanwhile. */
static void age(void)
{
	int64_t now = netd_now();

	resting = 0;
	if (!aged_to)
		aged_to = now;
	while (now - aged_to >= SECOND) {
		aged_to += SECOND;
		if (arp_wait)
			arp_wait--;
		etharp_tmr();
		nd6_tmr();
	}
}

static int ageing_needed(void)
{
	resting = !ageing_waits();
	return !resting;
}

/* Leases are counted in minutes. */
static void minute(void)
{
	age();
	dhcp_coarse_tmr();
}

static int always(void)
{
	return 1;
}

void timers_card(void)
{
	look = 1;
	if (resting)
		age();
}

void timers_arp(void)
{
	arp_wait = ARP_PENDING;
}

static struct tick ticks[] = {
	{ TCP_TMR_INTERVAL * MS, tcp_tick, tcp_needed, 0 },
	{ IGMP_TMR_INTERVAL * MS, groups_tick, groups_needed, 0 },
	{ DHCP_FINE_TIMER_MSECS * MS, dhcp_tick, dhcp_needed, 0 },
	{ SECOND, fragments_tick, fragments_needed, 0 },
	{ SECOND, age, ageing_needed, 0 },
	{ DHCP_COARSE_TIMER_MSECS * MS, minute, always, 0 },
	{ SECOND / 10, addresses, addresses_waited, 0 },
};
#define NTICKS	(sizeof(ticks) / sizeof(ticks[0]))

void timers_look(void)
{
	look = 1;
}

/* Called by lwIP when there is a new connection. */
void tcp_timer_needed(void)
{
	look = 1;
}

int64_t timers_next(void)
{
	if (!look)
		return next;
	look = 0;
	next = 0;
	for (struct tick *t = ticks; t < ticks + NTICKS; t++) {
		if (!t->due && t->needed())
			t->due = netd_now() + t->ns;
		if (t->due && (!next || t->due < next))
			next = t->due;
	}
	return next;
}

void timers_run(void)
{
	int64_t now = netd_now();

	for (struct tick *t = ticks; t < ticks + NTICKS; t++) {
		int64_t due = t->due;

		if (!due || due > now)
			continue;
		t->due = 0;
		t->fn();
		if (t->needed())
			t->due = due + t->ns > now ? due + t->ns : now + t->ns;
	}
	look = 1;
}
