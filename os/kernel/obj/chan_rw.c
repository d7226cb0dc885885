/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing byte channels. Bytes are copied between the ring and user memory under the
 * channel's lock without resolving faults; when one happens the lock is dropped, the fault resolved
 * and the step done again, so a write of up to CHAN_ATOMIC bytes and a record are never split.
 */
#include "defs.h"
#include "obj/chan.h"
#include "proc/proc.h"

static uint32_t used(struct chan *c)
{
	return atomic_load_explicit(&c->head, memory_order_relaxed) -
	    atomic_load_explicit(&c->tail, memory_order_relaxed);
}

/* The longest stretch of the ring at position pos, at most n: its memory. NULL: no memory. */
static uint8_t *ring_at(struct chan *c, uint32_t pos, uint32_t *n)
{
	uint32_t i = pos % CHAN_SIZE / PAGE, in = pos % PAGE;

	if (!c->page[i] && !(c->page[i] = kmalloc(PAGE)))
		return NULL;
	if (*n > PAGE - in)
		*n = (uint32_t)PAGE - in;
	return c->page[i] + in;
}

/* ring_move through several pages or pieces. */
static int ring_move_pieces(struct chan *c, uint32_t pos, struct iter *it, uint32_t n, bool in)
{
	struct iter was = *it;

	while (n) {
		uint32_t piece = n;
		uint8_t *p = ring_at(c, pos, &piece);
		int err = !p ? -ENOMEM : in ? iter_in_nofault(it, p, piece) :
		    iter_out_nofault(it, p, piece);
		if (err) {
			*it = was;
			return err;
		}
		pos += piece;
		n -= piece;
	}
	return 0;
}

/*
 * n bytes between the ring at pos and it. 0, -EFAULT, -ENOMEM; it is moved only by whole
 * success.
 */
static inline int ring_move(struct chan *c, uint32_t pos, struct iter *it, uint32_t n, bool in)
{
	uint8_t *p = c->page[pos % CHAN_SIZE / PAGE];
	uint32_t at = pos % PAGE;

	if (!p || n > PAGE - at || n > it->iov->len - it->at)
		return ring_move_pieces(c, pos, it, n, in);
	uint64_t user = it->iov->base + it->at;
	int err = in ? copyin_nofault(p + at, user, n) : copyout_nofault(user, p + at, n);
	if (!err)
		iter_skip(it, n);
	return err;
}

/* The record's length before pos: written or read. */
static int ring_length(struct chan *c, uint32_t pos, uint32_t *len, bool write)
{
	for (uint32_t i = 0; i < sizeof *len; i++) {
		uint32_t one = 1;
		uint8_t *p = ring_at(c, pos + i, &one);
		if (!p)
			return -ENOMEM;
		if (write)
			*p = ((uint8_t *)len)[i];
		else
			((uint8_t *)len)[i] = *p;
	}
	return 0;
}

static inline void chan_wake(struct waitq *q, struct chan_end *other, uint32_t bit)
{
	if (!list_empty(&q->waiters))
		waitq_wake_all(q);
	if (other)
		poll_notify(&other->poll, bit);
}

static inline void chan_room(struct chan *c)
{
	chan_wake(&c->writers, c->write_end, EV_OUT);
	if (__builtin_expect(c->both, 0) && c->read_end)
		poll_notify(&c->read_end->poll, EV_OUT);
}

/* How many of n bytes at pos may be read before the next note says otherwise. */
static uint32_t notes_limit(const struct chan *c, uint32_t pos, uint32_t n)
{
	list_for(l, &c->notes) {
		uint32_t at = list_entry(l, struct chan_note, node)->pos - pos;
		if (at == 0)
			continue;
		return at < n ? at : n;
	}
	return n;
}

static bool note_at(const struct chan *c, uint32_t pos)
{
	return !list_empty(&c->notes) && list_entry(c->notes.next, struct chan_note, node)->pos == pos;
}

/* What travels with the byte at pos goes to the reader. */
static void notes_take(struct chan *c, uint32_t pos, struct chan_got *g)
{
	while (note_at(c, pos)) {
		struct chan_note *n = list_entry(list_pop(&c->notes), struct chan_note, node);
		c->rx_pid = n->pid;
		c->rx_cred = n->cred;
		c->nflight -= n->nh;
		c->nchans -= n->nchans;
		list_add_tail(&g->notes, &n->node);
	}
}

/* Whoever sent the byte at pos. */
static void sender_of(const struct chan *c, uint32_t pos, struct chan_got *g)
{
	g->pid = c->rx_pid;
	g->cred = c->rx_cred;
	if (!note_at(c, pos))
		return;
	g->pid = list_entry(c->notes.next, struct chan_note, node)->pid;
	g->cred = list_entry(c->notes.next, struct chan_note, node)->cred;
}

/* n bytes at pos have been copied out: the ring goes on at `next`. */
static void taken(struct chan *c, uint32_t pos, uint32_t next, struct chan_got *g)
{
	if (c->two_way)
		sender_of(c, pos, g);
	if (g->flags & CHAN_PEEK)
		return;
	if (!list_empty(&c->notes))
		notes_take(c, pos, g);
	atomic_store_explicit(&c->tail, next, memory_order_release);
}

/* Takes one record; what does not fit is lost. *want: bytes it tried, for a fault. */
static int64_t record_take(struct chan *c, struct iter *it, struct chan_got *g, uint32_t *want)
{
	uint32_t tail = atomic_load(&c->tail);
	int err = ring_length(c, tail, &g->full, false);

	*want = it->left < g->full ? (uint32_t)it->left : g->full;
	if (!err && *want)
		err = ring_move(c, tail + 4, it, *want, false);
	if (err)
		return err;
	taken(c, tail, tail + 4 + g->full, g);
	return *want;
}

/* Takes what is there. */
static int64_t bytes_take(struct chan *c, struct iter *it, struct chan_got *g, uint32_t *want)
{
	uint32_t n = used(c), tail = atomic_load_explicit(&c->tail, memory_order_relaxed);

	if (n > it->left)
		n = (uint32_t)it->left;
	if (!list_empty(&c->notes))
		n = notes_limit(c, tail, n);
	*want = n;
	int err = ring_move(c, tail, it, n, false);
	if (err)
		return err;
	taken(c, tail, tail + n, g);
	return n;
}

/* One step of a read, locked: bytes, 0: the end, 1 in *again: slept, look again; -errno. */
static int64_t chan_take_step(struct chan *c, struct iter *it, struct chan_got *g, uint32_t *want,
			      bool *again)
{
	*again = false;
	if (atomic_load(&c->no_reader))
		return 0;
	if (used(c))
		return c->records ? record_take(c, it, g, want) : bytes_take(c, it, g, want);
	if (atomic_load(&c->no_writer))
		return 0;
	if (g->flags & CHAN_DONTWAIT)
		return -EAGAIN;
	*again = true;
	return waitq_sleep(&c->readers, &c->lock, T_FOREVER, PARK_INTR) ? -ERESTART : 0;
}

/* Whether a read that has got something waits for more. */
static bool wants_more(const struct chan *c, const struct iter *it, const struct chan_got *g)
{
	return (g->flags & (CHAN_WAITALL | CHAN_PEEK | CHAN_DONTWAIT)) == CHAN_WAITALL && it->left &&
	    !c->records && list_empty(&g->notes) && !note_at(c, atomic_load(&c->tail));
}

int64_t chan_recv(struct chan_end *e, struct iter *it, struct chan_got *g)
{
	struct chan *c = e->rx;
	int64_t r, done = 0;
	uint32_t want = 0;
	bool again;

	if (!c)
		return -EBADF;
	g->pid = c->rx_pid;
	g->cred = c->rx_cred;
	if (!c->records && it->left == 0)
		return 0;
	spin_lock(&c->lock);
	for (;;) {
		r = chan_take_step(c, it, g, &want, &again);
		if (r == -EFAULT) {
			spin_unlock(&c->lock);
			r = iter_fault(it, want, PROT_WRITE);
			spin_lock(&c->lock);
			if (!r)
				continue;
		} else if (again && !r) {
			continue;
		}
		if (r <= 0 || !wants_more(c, it, g))
			break;
		done += r;
		chan_room(c);
	}
	if (r >= 0)
		chan_room(c);
	spin_unlock(&c->lock);
	return r > 0 ? done + r : done ? done : r;
}

int64_t chan_read(struct chan_end *e, struct iter *it, bool nonblock)
{
	struct chan_got g;

	if (it->left == 0)
		return 0;
	g.flags = nonblock ? CHAN_DONTWAIT : 0;
	list_init(&g.notes);
	int64_t r = chan_recv(e, it, &g);
	if (!list_empty(&g.notes))
		chan_notes_drop(&g.notes);
	return r;
}

/* Puts what fits: bytes put, 0: must wait. */
static int64_t bytes_put(struct chan *c, struct iter *it, uint32_t *want)
{
	uint32_t room = CHAN_SIZE - used(c);
	uint32_t head = atomic_load_explicit(&c->head, memory_order_relaxed);
	uint32_t n = it->left < room ? (uint32_t)it->left : room;

	*want = n;
	if (n == 0)
		return 0;
	int err = ring_move(c, head, it, n, true);
	if (err)
		return err;
	atomic_store_explicit(&c->head, head + n, memory_order_release);
	return n;
}

/* Puts a record whole: 1 with it, 0: must wait. */
static int64_t record_put(struct chan *c, struct iter *it, uint32_t *want)
{
	uint32_t len = (uint32_t)it->left, head = atomic_load(&c->head);

	*want = len;
	if (CHAN_SIZE - used(c) < len + 4)
		return 0;
	int err = ring_length(c, head, &len, true);
	if (!err && len)
		err = ring_move(c, head + 4, it, len, true);
	if (err)
		return err;
	atomic_store(&c->head, head + 4 + len);
	return 1;
}

/* A note that the caller sends from now on, unless it did so before or brings one. */
static int sender_note(struct chan *c, struct chan_note **own)
{
	struct proc *p = current()->proc;
	uint64_t cred = atomic_load_explicit(&p->cred, memory_order_relaxed);

	if (!*own && p->pid == c->tx_pid && cred == c->tx_cred)
		return 0;
	if (!*own && !(*own = kzalloc(sizeof **own)))
		return -ENOMEM;
	(*own)->pid = p->pid;
	(*own)->cred = cred;
	return 0;
}

/* The note goes with the byte at pos, which has just been put there. */
static void note_put(struct chan *c, struct chan_note *n, uint32_t pos)
{
	n->pos = pos;
	c->tx_pid = n->pid;
	c->tx_cred = n->cred;
	c->nflight += n->nh;
	c->nchans += n->nchans;
	list_add_tail(&c->notes, &n->node);
}

/* One step of a write, locked: more than 0: something was put, 0: nothing fits as a whole, or -errno. */
static int64_t chan_put_step(struct chan *c, struct iter *it, bool whole, uint32_t *want,
			     struct chan_note **note)
{
	uint32_t head = atomic_load_explicit(&c->head, memory_order_relaxed);
	int64_t r = 0;

	if (atomic_load(&c->no_reader) || atomic_load(&c->no_writer))
		return -EPIPE;
	if (*note && c->nflight + (*note)->nh > CHAN_FLIGHT)
		return -ETOOMANYREFS;
	if (c->two_way && sender_note(c, note))
		return -ENOMEM;
	if (c->records)
		r = record_put(c, it, want);
	else if (!whole || CHAN_SIZE - used(c) >= it->left)
		r = bytes_put(c, it, want);
	if (r > 0 && *note) {
		note_put(c, *note, head);
		*note = NULL;
	}
	return r;
}

/* Writes all, or with nonblock what fits. */
static int64_t chan_write_locked(struct chan *c, struct iter *it, bool nonblock, struct chan_note **note)
{
	bool whole = it->left <= CHAN_ATOMIC, put = false;
	uint64_t all = it->left;
	uint32_t want = 0;
	int64_t r;

	for (;;) {
		r = chan_put_step(c, it, whole, &want, note);
		if (r > 0) {
			put = true;
			chan_wake(&c->readers, c->read_end, EV_IN);
		}
		if (r == -EFAULT) {
			spin_unlock(&c->lock);
			r = iter_fault(it, want, PROT_READ);
			spin_lock(&c->lock);
		} else if (r == 0 && nonblock) {
			r = -EAGAIN;
		} else if (r == 0 && waitq_sleep(&c->writers, &c->lock, T_FOREVER, PARK_INTR)) {
			r = -ERESTART;
		}
		if (r < 0 || (put && it->left == 0))
			break;
	}
	return put ? (int64_t)(all - it->left) : r;
}

int64_t chan_send(struct chan_end *e, struct iter *it, bool nonblock, struct chan_note **note)
{
	struct chan *c = e->tx;

	if (!c)
		return -EBADF;
	if (c->records && it->left > CHAN_SIZE - 4)
		return -EMSGSIZE;
	if (!c->records && it->left == 0)
		return 0;
	spin_lock(&c->lock);
	int64_t r = chan_write_locked(c, it, nonblock, note);
	spin_unlock(&c->lock);
	return r;
}

int64_t chan_write(struct chan_end *e, struct iter *it, bool nonblock)
{
	struct chan_note *note = NULL;
	int64_t r;

	if (it->left == 0)
		return 0;
	r = chan_send(e, it, nonblock, &note);
	kfree(note);
	return r;
}
