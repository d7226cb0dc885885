/* SPDX-License-Identifier: MIT */
/* Byte channels: life of their ends, readiness. The data path is chan_rw.c. */
#include "defs.h"
#include "obj/chan.h"
#include "proc/proc.h"

static struct chan *chan_create(bool two_way, bool records)
{
	struct proc *p = current()->proc;
	struct chan *c = kzalloc(sizeof *c);

	if (!c)
		return NULL;
	spin_init(&c->lock, "chan", RANK_CHAN);
	this_cpu()->nchan++;
	atomic_init(&c->refs, 2);
	c->records = records;
	c->two_way = two_way;
	c->maker_pid = c->tx_pid = c->rx_pid = p->pid;
	c->maker_cred = c->tx_cred = c->rx_cred = atomic_load(&p->cred);
	list_init(&c->notes);
	waitq_init(&c->readers);
	waitq_init(&c->writers);
	return c;
}

static void chan_free(struct chan *c)
{
	if (!c)
		return;
	chan_notes_drop(&c->notes);
	for (unsigned i = 0; i < CHAN_PAGES; i++)
		kfree(c->page[i]);
	kfree(c);
	this_cpu()->nchan--;
}

static void chan_put(struct chan *c)
{
	if (c && atomic_fetch_sub(&c->refs, 1) == 1)
		chan_free(c);
}

static struct chan_end *end_create(struct chan *rx, struct chan *tx)
{
	struct chan_end *e = kzalloc(sizeof *e);

	if (!e)
		return NULL;
	atomic_init(&e->refs, 1);
	poll_init(&e->poll, RANK_BIND);
	e->rx = rx;
	e->tx = tx;
	return e;
}

static void end_connect(struct chan_end *e)
{
	if (e->rx)
		e->rx->read_end = e;
	if (e->tx)
		e->tx->write_end = e;
}

int chan_pair(struct chan_end *end[2], bool two_way, bool records)
{
	struct chan *there = chan_create(two_way, records);
	struct chan *back = two_way ? chan_create(true, records) : NULL;

	end[0] = end_create(there, back);
	end[1] = end_create(back, there);
	if (!there || (two_way && !back) || !end[0] || !end[1]) {
		chan_free(there);
		chan_free(back);
		kfree(end[0]);
		kfree(end[1]);
		return -ENOMEM;
	}
	end_connect(end[0]);
	end_connect(end[1]);
	return 0;
}

/* One side of c is gone or shut: wakes whoever waits and tells the other end. */
static void chan_hang_up(struct chan *c, struct chan_end *side, bool forget)
{
	struct list gone = LIST_INIT(gone);
	struct list *n;

	spin_lock(&c->lock);
	struct chan_end *other = side == c->read_end ? c->write_end : c->read_end;
	if (side == c->read_end) {
		atomic_store(&c->no_reader, true);
		while ((n = list_pop(&c->notes)))
			list_add_tail(&gone, n);
		c->nflight = c->nchans = 0;
		if (forget)
			c->read_end = NULL;
	} else {
		atomic_store(&c->no_writer, true);
		if (forget)
			c->write_end = NULL;
	}
	waitq_wake_all(&c->readers);
	waitq_wake_all(&c->writers);
	if (other)
		poll_notify(&other->poll, EV_IN | EV_OUT | EV_HUP | EV_ERR | EV_RDHUP);
	if (!forget)
		poll_notify(&side->poll, EV_IN | EV_OUT | EV_HUP | EV_RDHUP);
	spin_unlock(&c->lock);
	chan_notes_drop(&gone);
}

void chan_shutdown(struct chan_end *e, bool rd, bool wr)
{
	if (rd && e->rx)
		chan_hang_up(e->rx, e, false);
	if (wr && e->tx)
		chan_hang_up(e->tx, e, false);
}

void chan_end_open(struct chan_end *e)
{
	atomic_fetch_add(&e->users, 1);
}

void chan_end_close(struct chan_end *e)
{
	if (atomic_fetch_sub(&e->users, 1) == 1)
		chan_shutdown(e, true, true);
}

void chan_end_put(struct chan_end *e)
{
	if (atomic_fetch_sub(&e->refs, 1) != 1)
		return;
	if (e->rx)
		chan_hang_up(e->rx, e, true);
	if (e->tx)
		chan_hang_up(e->tx, e, true);
	chan_put(e->rx);
	chan_put(e->tx);
	kfree(e);
}

struct chan_end *chan_writing_end(struct chan_end *e)
{
	struct chan *c = e->rx;

	if (!c || c->two_way)
		return NULL;
	spin_lock(&c->lock);
	struct chan_end *w = c->write_end;
	uint32_t refs = w ? atomic_load(&w->refs) : 0;
	/* One that nobody refers to is on its way to take this lock. */
	while (refs && !atomic_compare_exchange_weak(&w->refs, &refs, refs + 1))
		;
	c->both |= refs != 0;
	spin_unlock(&c->lock);
	return refs ? w : NULL;
}

uint32_t chan_readable(struct chan_end *e)
{
	return e->rx ? atomic_load(&e->rx->head) - atomic_load(&e->rx->tail) : 0;
}
