/* SPDX-License-Identifier: MIT */
/* The controller: start, commands, events. */
#include <errno.h>
#include <string.h>
#include "xhci.h"

#define START_MS	1000
#define COMMAND_NS	5000000000ll

static volatile uint8_t *cap, *op, *run;
static volatile uint32_t *doorbells;
static volatile uint64_t *contexts;	/* DCBAA */
static struct ring commands;
static volatile struct trb *events;
static uint64_t events_phys;
static unsigned event_at, context_size, nports;
static uint32_t event_cycle = TRB_CYCLE, changed;
static uint64_t waited;			/* the command whose answer is wanted */
static volatile int answer;
static unsigned answer_slot;

static volatile uint32_t *reg(volatile uint8_t *base, unsigned o)
{
	return (volatile uint32_t *)(base + o);
}

static void write64(volatile uint8_t *base, unsigned o, uint64_t v)
{
	*reg(base, o) = (uint32_t)v;
	*reg(base, o + 4) = (uint32_t)(v >> 32);
}

volatile uint32_t *host_port(unsigned port)
{
	return reg(op, PORTSC + 16 * (port - 1));
}

unsigned host_ports(void)
{
	return nports;
}

unsigned host_context(void)
{
	return context_size;
}

void host_set_context(unsigned slot, uint64_t phys)
{
	contexts[slot] = phys;
}

void host_doorbell(unsigned slot, unsigned target)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	doorbells[slot] = target;
}

/* Pages that the controller wants for itself. */
static int scratchpads(uint64_t *list, uint64_t list_phys)
{
	uint32_t p = *reg(cap, HCSPARAMS2);
	unsigned n = (p >> 21 & 31) << 5 | p >> 27;

	if (n > ABI_PAGE / 8)
		return -ENOTSUP;
	for (unsigned i = 0; i < n; i++)
		if (!pci_dma(xhci_pci.dev, ABI_PAGE, &list[i], NULL))
			return -ENOMEM;
	if (n)
		contexts[0] = list_phys;
	return 0;
}

static int memory(void)
{
	uint64_t phys;
	/* Pages: contexts, scratchpad list, commands, events, segment table. */
	uint8_t *m = pci_dma(xhci_pci.dev, 5 * ABI_PAGE, &phys, NULL);

	if (!m)
		return -ENOMEM;
	contexts = (volatile uint64_t *)m;
	ring_init(&commands, m + 2 * ABI_PAGE, phys + 2 * ABI_PAGE);
	events = (volatile struct trb *)(m + 3 * ABI_PAGE);
	events_phys = phys + 3 * ABI_PAGE;
	*(struct trb *)(m + 4 * ABI_PAGE) = (struct trb){ events_phys, RING_LEN, 0 };
	write64(op, DCBAAP, phys);
	write64(op, CRCR, commands.phys | 1);
	*reg(run, ERSTSZ) = 1;
	write64(run, ERDP, events_phys);
	write64(run, ERSTBA, phys + 4 * ABI_PAGE);
	return scratchpads((uint64_t *)(m + ABI_PAGE), phys + ABI_PAGE);
}

int host_start(void)
{
	unsigned slots;
	int err;

	cap = pci_map(&xhci_pci, 0, 0, 4 * ABI_PAGE, DEV_UNCACHED);
	if (!cap)
		return -ENOMEM;
	op = cap + cap[0];
	run = cap + (*reg(cap, RTSOFF) & ~31u);
	doorbells = reg(cap, *reg(cap, DBOFF) & ~3u);
	slots = *reg(cap, HCSPARAMS1) & 0xff;
	nports = *reg(cap, HCSPARAMS1) >> 24;
	if (nports > MAX_PORTS)
		nports = MAX_PORTS;
	context_size = *reg(cap, HCCPARAMS1) & 4 ? 64 : 32;
	if (*reg(cap, RTSOFF) > 3 * ABI_PAGE || *reg(cap, DBOFF) > 3 * ABI_PAGE)
		return -ENOTSUP;
	*reg(op, USBCMD) &= ~CMD_RUN;
	err = pci_wait(reg(op, USBSTS), STS_HALTED, STS_HALTED, START_MS);
	if (err)
		return err;
	*reg(op, USBCMD) |= CMD_RESET;
	err = pci_wait(reg(op, USBCMD), CMD_RESET, 0, START_MS);
	if (!err)
		err = pci_wait(reg(op, USBSTS), STS_NOT_READY, 0, START_MS);
	if (err)
		return err;
	*reg(op, CONFIG) = slots < MAX_SLOTS ? slots : MAX_SLOTS;
	err = memory();
	if (err)
		return err;
	*reg(run, IMOD) = 0;
	*reg(run, IMAN) = 3;
	*reg(op, USBCMD) |= CMD_RUN | CMD_IRQ;
	return pci_wait(reg(op, USBSTS), STS_HALTED, 0, START_MS);
}

static void transfer_event(const struct trb *t)
{
	unsigned slot = t->control >> 24, ep = t->control >> 16 & 31, code = t->status >> 24;
	struct usb *u = slot <= MAX_SLOTS ? &usb_devices[slot] : NULL;

	if (!u || u->slot != slot || !slot)
		return;
	if (ep == 1)
		device_control_done(u, code);
	else if (u->done)
		u->done(u, ep, t->param, code, t->status & 0xffffff);
}

static void event(const struct trb *t)
{
	switch (t->control >> 10 & 63) {
	case EV_TRANSFER:
		transfer_event(t);
		break;
	case EV_COMMAND:
		if (t->param == waited) {
			answer = (int)(t->status >> 24);
			answer_slot = t->control >> 24;
		}
		break;
	case EV_PORT:
		if ((t->param >> 24 & 0xff) - 1 < MAX_PORTS)
			changed |= 1u << ((t->param >> 24 & 0xff) - 1);
		break;
	}
}

void host_events(void)
{
	*reg(op, USBSTS) = 8;		/* interrupt pending: cleared before the ring is looked at */
	*reg(run, IMAN) = 3;
	while ((events[event_at].control & TRB_CYCLE) == event_cycle) {
		struct trb t;

		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		memcpy(&t, (const void *)&events[event_at], sizeof(t));
		if (++event_at == RING_LEN) {
			event_at = 0;
			event_cycle ^= TRB_CYCLE;
		}
		event(&t);
	}
	write64(run, ERDP, (events_phys + event_at * sizeof(struct trb)) | 8);
}

int host_wait(const volatile int *code)
{
	int64_t end = srv_now() + COMMAND_NS;

	for (;;) {
		host_events();
		if (*code)
			return *code;
		if (srv_now() > end)
			return -ETIMEDOUT;
		if (pci_gone(&xhci_pci))
			return -ENODEV;
		sys_sleep(srv_now() + 50000);
	}
}

int host_command(uint64_t param, uint32_t status, uint32_t control, unsigned *slot)
{
	int code;

	answer = 0;
	waited = ring_put(&commands, param, status, control);
	host_doorbell(0, 0);
	code = host_wait(&answer);
	waited = 0;
	if (slot)
		*slot = answer_slot;
	return code;
}

uint32_t host_changed_ports(void)
{
	uint32_t c = changed;

	changed = 0;
	return c;
}
