/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing byte channels. Bytes are copied between the ring and user memory under the
 * channel's lock without resolving faults; when one happens the lock is dropped, the fault resolved
 * and the step done again, so a write of up to CHAN_ATOMIC bytes and a record are never split.
 */
#include "defs.h"
#include "obj/chan.h"

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

/* Takes one record; what does not fit is lost. */
static int64_t record_take(struct chan *c, struct iter *it, uint32_t *want)
{
	uint32_t len = 0, tail = atomic_load(&c->tail);
	int err = ring_length(c, tail, &len, false);

	*want = it->left < len ? (uint32_t)it->left : len;
	if (!err)
		err = ring_move(c, tail + 4, it, *want, false);
	if (err)
		return err;
	atomic_store(&c->tail, tail + 4 + len);
	return *want;
}

/* Takes what is there. *want: bytes it tried, for a fault. */
static int64_t bytes_take(struct chan *c, struct iter *it, uint32_t *want)
{
	uint32_t n = used(c), tail = atomic_load_explicit(&c->tail, memory_order_relaxed);

	if (n > it->left)
		n = (uint32_t)it->left;
	*want = n;
	int err = ring_move(c, tail, it, n, false);
	if (err)
		return err;
	atomic_store_explicit(&c->tail, tail + n, memory_order_release);
	return n;
}

int64_t chan_read(struct chan_end *e, struct iter *it, bool nonblock)
{
	struct chan *c = e->rx;
	uint32_t want = 0;
	int64_t r;

	if (!c)
		return -EBADF;
	if (it->left == 0)
		return 0;
	spin_lock(&c->lock);
	for (;;) {
		if (atomic_load(&c->no_reader)) {
			r = 0;
		} else if (used(c)) {
			r = c->records ? record_take(c, it, &want) : bytes_take(c, it, &want);
		} else if (atomic_load(&c->no_writer)) {
			r = 0;
		} else if (nonblock) {
			r = -EAGAIN;
		} else {
			r = waitq_sleep(&c->readers, &c->lock, T_FOREVER, PARK_INTR);
			if (!r)
				continue;
			r = -ERESTART;
		}
		if (r != -EFAULT)
			break;
		spin_unlock(&c->lock);
		if (iter_fault(it, want, PROT_WRITE))
			return -EFAULT;
		spin_lock(&c->lock);
	}
	if (r >= 0)
		chan_wake(&c->writers, c->write_end, EV_OUT);
	spin_unlock(&c->lock);
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

static int64_t record_put(struct chan *c, struct iter *it, uint32_t *want)
{
	uint32_t len = (uint32_t)it->left, head = atomic_load(&c->head);

	*want = len;
	if (CHAN_SIZE - used(c) < len + 4)
		return 0;
	int err = ring_length(c, head, &len, true);
	if (!err)
		err = ring_move(c, head + 4, it, len, true);
	if (err)
		return err;
	atomic_store(&c->head, head + 4 + len);
	return len;
}

/* One step of a write, locked: bytes put, 0: nothing fits as a whole, or -errno. */
static int64_t chan_put_step(struct chan *c, struct iter *it, bool whole, uint32_t *want)
{
	if (atomic_load(&c->no_reader) || atomic_load(&c->no_writer))
		return -EPIPE;
	if (c->records)
		return record_put(c, it, want);
	if (whole && CHAN_SIZE - used(c) < it->left)
		return 0;
	return bytes_put(c, it, want);
}

/* Writes all, or with nonblock what fits. */
static int64_t chan_write_locked(struct chan *c, struct iter *it, bool nonblock)
{
	bool whole = it->left <= CHAN_ATOMIC;
	uint64_t all = it->left;
	uint32_t want = 0;
	int64_t r;

	for (;;) {
		r = chan_put_step(c, it, whole, &want);
		if (r > 0)
			chan_wake(&c->readers, c->read_end, EV_IN);
		if (r == -EFAULT) {
			spin_unlock(&c->lock);
			r = iter_fault(it, want, PROT_READ);
			spin_lock(&c->lock);
		} else if (r == 0 && nonblock) {
			r = -EAGAIN;
		} else if (r == 0 && waitq_sleep(&c->writers, &c->lock, T_FOREVER, PARK_INTR)) {
			r = -ERESTART;
		}
		if (r < 0 || it->left == 0)
			break;
	}
	return it->left < all ? (int64_t)(all - it->left) : r;
}

int64_t chan_write(struct chan_end *e, struct iter *it, bool nonblock)
{
	struct chan *c = e->tx;

	if (!c)
		return -EBADF;
	if (c->records && it->left > CHAN_SIZE - 4)
		return -EMSGSIZE;
	if (it->left == 0)
		return 0;
	spin_lock(&c->lock);
	int64_t r = chan_write_locked(c, it, nonblock);
	spin_unlock(&c->lock);
	return r;
}
