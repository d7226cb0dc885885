/* SPDX-License-Identifier: MIT */
/*
 * Driver of Intel's 82574L network card: "e1000e BB:DD.F N" makes the card nicN (lib/nicdrv). One
 * receive and one transmit ring of legacy descriptors; one message interrupt.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/nicdrv.h"
#include "../../lib/pci.h"

/* Registers in BAR 0; names of the data sheet. */
enum {
	CTRL = 0, STATUS = 8, ICR = 0xc0, IMS = 0xd0, IMC = 0xd8, IVAR = 0xe4, RCTL = 0x100,
	TCTL = 0x400, TIPG = 0x410, RDBAL = 0x2800, RDBAH = 0x2804, RDLEN = 0x2808, RDH = 0x2810,
	RDT = 0x2818, TDBAL = 0x3800, TDBAH = 0x3804, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818,
	MTA = 0x5200, RAL = 0x5400, RAH = 0x5404,
};
#define REGS_SIZE	0x20000
#define CTRL_LINK_UP	0x40u
#define CTRL_RESET	(1u << 26)
#define RCTL_ON		(1u << 1 | 1u << 4 | 1u << 15 | 1u << 26)	/* all multicast, broadcast, no CRC */
#define TCTL_ON		(1u << 1 | 1u << 3 | 0x0fu << 4 | 0x40u << 12)
#define INT_RX		(1u << 4 | 1u << 6 | 1u << 7)	/* few left, overrun, timer */
#define INT_RXQ0	(1u << 20)			/* the same for MSI-X */
#define IVAR_RXQ0	8u				/* vector 0, valid */
#define RAH_VALID	(1u << 31)
#define RESET_MS	100

struct rx_desc { uint64_t addr; uint16_t len, sum; uint8_t status, errors; uint16_t vlan; };
struct tx_desc { uint64_t addr; uint16_t len; uint8_t sum, cmd, status, css; uint16_t vlan; };
#define DONE		1u		/* in status of both */
#define RX_EOP		2u
#define TX_CMD		0x0bu		/* end of packet, add the CRC, report */

#define RING		256		/* descriptors; one stays free, or full would look like empty */

static struct srv srv;
static struct pci_dev pci;
static volatile uint8_t *regs;
static volatile struct rx_desc *rx;
static volatile struct tx_desc *tx;
static uint64_t rings_phys;
static unsigned rx_tail, rx_next, tx_tail, tx_next;	/* given to the card; the oldest of these */
static handle_t irq;

static volatile uint32_t *reg(unsigned o)
{
	return (volatile uint32_t *)(regs + o);
}

static int rx_post(uint64_t phys, uint32_t len)
{
	(void)len;			/* frames above 1522 bytes are not received */
	if ((rx_tail + 1) % RING == rx_next)
		return -EAGAIN;
	rx[rx_tail].addr = phys;
	rx[rx_tail].status = 0;
	rx_tail = (rx_tail + 1) % RING;
	return 0;
}

static int tx_post(uint64_t phys, uint32_t len)
{
	volatile struct tx_desc *d = &tx[tx_tail];

	if ((tx_tail + 1) % RING == tx_next)
		return -EAGAIN;
	d->addr = phys;
	d->len = (uint16_t)len;
	d->sum = 0;
	d->cmd = TX_CMD;
	d->status = 0;
	d->css = 0;
	d->vlan = 0;
	tx_tail = (tx_tail + 1) % RING;
	return 0;
}

static int rx_take(uint32_t *len)
{
	volatile struct rx_desc *d = &rx[rx_next];

	if (rx_next == rx_tail || !(d->status & DONE))
		return 0;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	*len = (d->status & RX_EOP) && !d->errors ? d->len : 0;
	rx_next = (rx_next + 1) % RING;
	return 1;
}

static int tx_done(void)
{
	if (tx_next == tx_tail || !(tx[tx_next].status & DONE))
		return 0;
	tx_next = (tx_next + 1) % RING;
	return 1;
}

static void rx_kick(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*reg(RDT) = rx_tail;
}

static void tx_kick(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*reg(TDT) = tx_tail;
}

static struct nicdrv nic = {
	.srv = &srv, .rx_post = rx_post, .tx_post = tx_post, .rx_take = rx_take, .tx_done = tx_done,
	.rx_kick = rx_kick, .tx_kick = tx_kick,
};

static void on_irq(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	sys_irq_ack(irq);
	if (*reg(ICR) == UINT32_MAX && pci_gone(&pci))
		srv_die("the card is gone");
	nic_received(&nic);
	*reg(IMS) = INT_RX | INT_RXQ0;
}

static void reset(void)
{
	*reg(IMC) = UINT32_MAX;
	*reg(RCTL) = *reg(TCTL) = 0;
	*reg(CTRL) |= CTRL_RESET;
	sys_sleep(srv_now() + 1000000);
	if (pci_wait(reg(CTRL), CTRL_RESET, 0, RESET_MS))
		srv_die("the card does not come back from its reset");
	*reg(IMC) = UINT32_MAX;
	(void)*reg(ICR);
	*reg(CTRL) |= CTRL_LINK_UP;
}

static void read_mac(void)
{
	uint32_t lo = *reg(RAL), hi = *reg(RAH);

	for (int i = 0; i < 6; i++)
		nic.mac[i] = (uint8_t)(i < 4 ? lo >> 8 * i : hi >> 8 * (i - 4));
	*reg(RAH) = hi | RAH_VALID;
	for (unsigned i = 0; i < 128; i++)
		*reg(MTA + 4 * i) = 0;
}

static void set_ring(unsigned base, uint64_t phys)
{
	*reg(base) = (uint32_t)phys;
	*reg(base + 4) = (uint32_t)(phys >> 32);
	*reg(base + 8) = RING * 16;
	*reg(base + 0x10) = 0;
	*reg(base + 0x18) = 0;
}

static void setup(void)
{
	uint8_t *mem = pci_dma(pci.dev, 2 * RING * 16, &rings_phys, NULL);
	int64_t h;

	_Static_assert(sizeof(struct rx_desc) == 16 && sizeof(struct tx_desc) == 16, "descriptor");
	regs = pci_map(&pci, 0, 0, REGS_SIZE, DEV_UNCACHED);
	h = pci_irq(&pci);
	if (!regs || !mem || h < 0)
		srv_die("no registers, memory or interrupt");
	irq = (handle_t)h;
	rx = (volatile struct rx_desc *)mem;
	tx = (volatile struct tx_desc *)(mem + RING * 16);
	reset();
	read_mac();
	set_ring(RDBAL, rings_phys);
	set_ring(TDBAL, rings_phys + RING * 16);
	*reg(IVAR) = IVAR_RXQ0;
	*reg(TIPG) = 0x00602006;	/* the data sheet's */
	*reg(RCTL) = RCTL_ON;
	*reg(TCTL) = TCTL_ON;
}

int main(int argc, char **argv)
{
	pci_open_arg(argc, argv, &pci);
	nic.dev = pci.dev;
	nic.unit = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	if (srv_init(&srv) || nic_init(&nic))
		srv_die("no memory");
	setup();
	if (srv_watch(&srv, irq, EV_IN, 0, on_irq, NULL) < 0 || nic_start(&nic) < 0)
		srv_die("not registered");
	*reg(IMS) = INT_RX | INT_RXQ0;
	srv_run(&srv);
	return 1;
}
