/* SPDX-License-Identifier: MIT */
/* Interrupt objects: legacy lines and messages. */
#include "defs.h"
#include "dev/dev.h"
#include "dev/irq.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "proc/proc.h"
#include "sys/sys.h"

struct irq {
	struct obj obj;			/* OBJ_IRQ */
	int32_t gsi;			/* line, or -1 */
	int msi;			/* message number, or -1 */
	_Atomic uint32_t count;		/* since the last report */
	struct poll_head poll;
};

static void irq_destroy(struct obj *o);
static uint32_t irq_ready(struct obj *o);
static struct poll_head *irq_poll(struct obj *o);

static const struct obj_type irq_type = {
	.kind = OBJ_IRQ, .name = "irq", .destroy = irq_destroy, .ready = irq_ready, .poll = irq_poll,
};

static uint32_t irq_ready(struct obj *o)
{
	return atomic_load(&container_of(o, struct irq, obj)->count) ? EV_IN : 0;
}

static struct poll_head *irq_poll(struct obj *o)
{
	return &container_of(o, struct irq, obj)->poll;
}

static void irq_destroy(struct obj *o)
{
	struct irq *i = container_of(o, struct irq, obj);

	if (i->gsi >= 0)
		irq_detach_gsi((uint32_t)i->gsi);
	if (i->msi >= 0)
		irq_detach_msi(i->msi);
	bind_forget(o, &i->poll);
	kfree(i);
}

uint32_t irq_collect(struct obj *o)
{
	return atomic_exchange(&container_of(o, struct irq, obj)->count, 0);
}

static void irq_fired(void *arg)
{
	struct irq *i = arg;

	atomic_fetch_add(&i->count, 1);
	poll_notify(&i->poll, EV_IN);
}

static int irq_attach(struct irq *i, long gsi, uint64_t umsi)
{
	struct dev_msi msi = { 0 };

	if (gsi != DEV_MSI) {
		int err = irq_attach_gsi((uint32_t)gsi, irq_fired, i);
		if (!err)
			i->gsi = (int32_t)gsi;
		return err;
	}
	int n = irq_attach_msi(irq_fired, i, &msi.addr, &msi.data);
	if (n < 0)
		return n;
	i->msi = n;
	return copyout(umsi, &msi, sizeof msi);
}

long sys_dev_irq(long h, long gsi, long umsi)
{
	if (gsi != DEV_MSI && (gsi < 0 || gsi >= irq_gsi_count()))
		return -EINVAL;
	int err = gsi == DEV_MSI ? dev_check((handle_t)h, DEV_R_MSI, 0, 0) :
	    dev_check((handle_t)h, DEV_R_IRQ, (uint64_t)gsi, (uint64_t)gsi);
	if (err)
		return err;
	struct irq *i = kzalloc(sizeof *i);
	if (!i)
		return -ENOMEM;
	obj_init(&i->obj, &irq_type);
	poll_init(&i->poll, RANK_BIND);
	i->gsi = i->msi = -1;
	err = irq_attach(i, gsi, (uint64_t)umsi);
	if (err) {
		obj_put(&i->obj);
		return err;
	}
	return handle_new(&i->obj, R_ALL, 0);
}

long sys_irq_ack(long h)
{
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_IRQ, R_CONTROL, &o);

	if (err)
		return err;
	struct irq *i = container_of(o, struct irq, obj);
	if (i->gsi >= 0)
		irq_unmask_gsi((uint32_t)i->gsi);
	obj_put(o);
	return 0;
}
