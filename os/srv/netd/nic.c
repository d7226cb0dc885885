/* SPDX-License-Identifier: MIT */
/* The network card below lwIP: frames in shared rings; how it comes by its addresses. */
#include <errno.h>
#include <string.h>
#include "../../abi/nic.h"
#include "lwip/dhcp.h"
#include "lwip/dhcp6.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netif.h"
#include "netd.h"

#define WAIT_ADDRESS	(12 * SECOND)	/* after start: requests wait that long for DHCP */
#define WAIT_ADDRESS6	(4 * SECOND)	/* after the link came up: for a router to announce a prefix */

static struct netif nif;
static handle_t nic = H_NONE, file = H_NONE;
static struct nic_shared *sh;
static uint8_t *mem;
static uint64_t mac;
static int64_t file_watch, begin, link_up;
static int kick_due, added;
static struct srv_timer find_timer;

static uint32_t load(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void kick(void)
{
	struct msg m = { .w = { NIC_KICK } };

	kick_due = 0;
	if (nic != H_NONE)
		sys_call(nic, &m);
}

void nic_flush(void)
{
	if (kick_due)
		kick();
}

static int is_arp(const struct pbuf *p)
{
	const uint8_t *b = p->payload;

	return p->len > 14 && b[12] == ETHTYPE_ARP >> 8 && b[13] == (ETHTYPE_ARP & 255);
}

static err_t output(struct netif *n, struct pbuf *p)
{
	uint32_t head, slot;

	(void)n;
	if (is_arp(p))
		timers_arp();
	if (nic == H_NONE)
		return ERR_IF;
	head = sh->tx.head;
	if (head - load(&sh->tx.tail) >= NIC_SLOTS)
		kick();
	if (head - load(&sh->tx.tail) >= NIC_SLOTS || p->tot_len > NIC_SLOT_SIZE - NIC_FRAME_OFF)
		return ERR_BUF;
	slot = head % NIC_SLOTS;
	pbuf_copy_partial(p, mem + NIC_TX_OFF + slot * NIC_SLOT_SIZE + NIC_FRAME_OFF, p->tot_len, 0);
	sh->tx.len[slot] = p->tot_len;
	__atomic_store_n(&sh->tx.head, head + 1, __ATOMIC_RELEASE);
	kick_due = 1;
	return ERR_OK;
}

static err_t output4(struct netif *n, struct pbuf *p, const ip4_addr_t *to)
{
	timers_card();
	return etharp_output(n, p, to);
}

static err_t output6(struct netif *n, struct pbuf *p, const ip6_addr_t *to)
{
	timers_card();
	return ethip6_output(n, p, to);
}

static void input(uint32_t slot, uint32_t len)
{
	struct pbuf *p;

	if (!len || len > NIC_SLOT_SIZE - NIC_FRAME_OFF)
		return;
	p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	if (!p)
		return;
	memcpy(p->payload, mem + NIC_RX_OFF + slot * NIC_SLOT_SIZE + NIC_FRAME_OFF, len);
	if (nif.input(p, &nif) != ERR_OK)
		pbuf_free(p);
}

static void find(void *arg);

static void lost(void)
{
	srv_log("the network card's driver is gone");
	srv_unwatch(&netd, file_watch);
	sys_handle_close(file);
	sys_handle_close(nic);
	sys_vm_unmap(H_NONE, (uint64_t)mem, NIC_MEM_SIZE);
	nic = file = H_NONE;
	netif_set_link_down(&nif);
	find(NULL);
}

static void on_frames(void *arg, uint32_t events)
{
	uint32_t tail;

	(void)arg;
	if (events & EV_HUP) {
		lost();
		return;
	}
	timers_card();
	tail = sh->rx.tail;
	while (tail != load(&sh->rx.head) && load(&sh->rx.head) - tail <= NIC_SLOTS) {
		input(tail % NIC_SLOTS, sh->rx.len[tail % NIC_SLOTS]);
		__atomic_store_n(&sh->rx.tail, ++tail, __ATOMIC_RELEASE);
	}
	/* Also takes the readiness back and gives the slots to the card. */
	kick();
}

static void status(struct netif *n)
{
	(void)n;
	tree_update();
}

static err_t init(struct netif *n)
{
	n->name[0] = 'e';
	n->name[1] = 'n';
	n->hostname = "calx";
	n->output = output4;
	n->output_ip6 = output6;
	n->linkoutput = output;
	n->mtu = 1500;
	n->hwaddr_len = 6;
	for (int i = 0; i < 6; i++)
		n->hwaddr[i] = (u8_t)(mac >> (8 * i));
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP |
		   NETIF_FLAG_MLD6;
	return ERR_OK;
}

static void bring_up(void)
{
	timers_card();
	if (!added) {
		netif_add(&nif, NULL, NULL, NULL, NULL, init, netif_input);
		netif_set_status_callback(&nif, status);
		netif_set_default(&nif);
		netif_create_ip6_linklocal_address(&nif, 1);
		nif.ip6_autoconfig_enabled = 1;
		dhcp6_enable_stateless(&nif);
		netif_set_up(&nif);
		added = 1;
	}
	link_up = srv_now();
	netif_set_link_up(&nif);
	dhcp_start(&nif);
}

static int64_t open_nic(void)
{
	struct msg m = { .w = { NIC_OPEN } };
	struct vm_map map = { .vm = H_NONE, .len = NIC_MEM_SIZE, .prot = 1 | 2, .flags = 1 };
	int64_t err = srv_device("nic0", 0), at;

	if (err < 0)
		return err;
	nic = (handle_t)err;
	err = sys_call(nic, &m);
	if (err < 0 || m.nh != 2) {
		sys_handle_close(nic);
		nic = H_NONE;
		return err < 0 ? err : -EIO;
	}
	map.mem = m.h[0];
	at = sys_vm_map(&map);
	sys_handle_close(m.h[0]);
	if (at < 0)
		srv_die("cannot map the card's memory: error %d", (int)-at);
	mem = (uint8_t *)at;
	sh = (struct nic_shared *)mem;
	mac = m.w[1];
	file = m.h[1];
	file_watch = srv_watch(&netd, file, EV_IN | EV_HUP, 0, on_frames, NULL);
	return 0;
}

/* A card that is not there yet is told of (device_came); one whose driver is just dying is asked for again. */
static void find(void *arg)
{
	int64_t err = open_nic();

	(void)arg;
	if (!err)
		bring_up();
	else if (err != -ENOENT)
		srv_timer_set(&netd, &find_timer, srv_now() + SECOND);
}

static void device_came(void *arg, uint32_t events)
{
	(void)events;
	if (nic == H_NONE)
		find(arg);
}

/* Loopback takes any packet whole. */
static void widen_loopback(void)
{
	struct netif *lo = netif_get_by_index(1);

	lo->mtu = lo->mtu6 = 65535;
}

void nic_init(void)
{
	begin = srv_now();
	widen_loopback();
	find_timer.fn = find;
	if (srv_watch_devices(&netd, device_came, NULL) < 0)
		srv_log("cannot wait for a network card");
	find(NULL);
}

static int wait4(void)
{
	return ip4_addr_isany_val(*netif_ip4_addr(&nif)) && srv_now() - begin < WAIT_ADDRESS;
}

/* Any address but the link-local one, which is number 0. */
static int wait6(void)
{
	for (s8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		if (ip6_addr_ispreferred(netif_ip6_addr_state(&nif, i)))
			return 0;
	return srv_now() - (link_up ? link_up : begin) < WAIT_ADDRESS6;
}

/* Link-local addresses work when it is certain that nobody else has ours. */
static int wait_local(void)
{
	return !ip6_addr_ispreferred(netif_ip6_addr_state(&nif, 0)) &&
	       srv_now() - (link_up ? link_up : begin) < WAIT_ADDRESS6;
}

int nic_wait(const ip_addr_t *to)
{
	if (ip_addr_isloopback(to))
		return 0;
	if (IP_IS_V4(to))
		return wait4();
	return ip6_addr_islinklocal(ip_2_ip6(to)) || ip6_addr_ismulticast(ip_2_ip6(to)) ? wait_local() : wait6();
}

int nic_waiting(void)
{
	return wait4() || wait6() || wait_local();
}

/* lwIP has two letters and its own count of all interfaces. */
const char *nic_name(unsigned index)
{
	return index == 1 ? "lo" : index == 2 ? "en0" : "";
}

unsigned nic_index(const char *name)
{
	return !strcmp(name, "lo") ? 1 : !strcmp(name, "en0") && added ? 2 : 0;
}
