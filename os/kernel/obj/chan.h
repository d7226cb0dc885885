/* SPDX-License-Identifier: MIT */
/* chan.h: byte channels: rings of 64 KiB between two ends. A pipe is one, a pair two. */
#ifndef KERNEL_CHAN_H
#define KERNEL_CHAN_H

#include "abi/chan.h"
#include "list.h"
#include "lock.h"
#include "obj/handle.h"
#include "obj/iter.h"
#include "obj/poll.h"
#include "sched/thread.h"

#define CHAN_SIZE	65536u
#define CHAN_ATOMIC	4096u		/* PIPE_BUF */
#define CHAN_PAGES	(CHAN_SIZE / PAGE)

/* What travels with the byte at pos: another sender's credentials, handles. The first is for `tail` or later. */
struct chan_note {
	struct list node;		/* in chan.notes, in order of pos */
	uint32_t pos;
	uint32_t pid;
	uint64_t cred;
	uint32_t nh, nchans;		/* handles, those of two-way channels among them */
	struct href h[];		/* counted */
};

/*
 * lock guards all but the closed flags' readers and the counters read by chan_ready. The ring keeps
 * records when `records`: a uint32_t length before each.
 */
struct chan {
	struct spinlock lock;
	_Atomic uint32_t refs;
	_Atomic uint32_t head, tail;	/* bytes ever written and read, modulo 2^32 */
	_Atomic bool no_writer, no_reader;
	bool records, two_way;
	bool both;			/* a file has both ends: the reading one is told of room too */
	uint32_t tx_pid, rx_pid;	/* who sent last, who sent the byte at tail; at first the maker */
	uint64_t tx_cred, rx_cred;
	uint32_t maker_pid;
	uint64_t maker_cred;
	struct list notes;
	uint32_t nflight;		/* handles in notes */
	uint32_t nchans;		/* of them, two-way channels */
	uint8_t *page[CHAN_PAGES];	/* made when first written to */
	struct waitq readers, writers;
	struct chan_end *read_end, *write_end;	/* to notify; NULL when gone */
};

struct chan_end {
	_Atomic uint32_t refs;
	_Atomic uint32_t users;		/* files that are open on it; at 0 the end hangs up */
	struct chan *rx, *tx;		/* referenced; NULL: none in this direction */
	struct poll_head poll;
};

/*
 * Two ends, one reference and no user each. two_way: a pair, else end[0] reads what end[1]
 * writes.
 */
int chan_pair(struct chan_end *end[2], bool two_way, bool records);
void chan_end_put(struct chan_end *e);
/* The other end of the pipe that e reads, referenced, or NULL when there is none. e's pollers are told of its news from now on. */
struct chan_end *chan_writing_end(struct chan_end *e);
static inline void chan_end_get(struct chan_end *e)
{
	atomic_fetch_add(&e->refs, 1);
}
void chan_end_open(struct chan_end *e);
void chan_end_close(struct chan_end *e);
void chan_shutdown(struct chan_end *e, bool rd, bool wr);
uint32_t chan_readable(struct chan_end *e);	/* bytes */

/* The value now; whoever must not miss a change has called poll_add before. */
#define chan_peek(x) atomic_load_explicit(&(x), memory_order_relaxed)

static inline uint32_t chan_rx_ready(const struct chan *rx, bool two_way)
{
	uint32_t bits = chan_peek(rx->head) != chan_peek(rx->tail) ? EV_IN : 0;

	if (__builtin_expect(chan_peek(rx->no_writer), 0))
		bits |= two_way ? EV_IN | EV_RDHUP : EV_HUP;
	return bits;
}

static inline uint32_t chan_tx_ready(const struct chan *tx, bool two_way)
{
	uint32_t used = chan_peek(tx->head) - chan_peek(tx->tail);
	uint32_t bits = CHAN_SIZE - used >= CHAN_ATOMIC ? EV_OUT : 0;

	if (__builtin_expect(chan_peek(tx->no_reader), 0))
		bits |= two_way ? EV_OUT : EV_ERR | EV_OUT;
	return bits;
}

/* EV_* bits of an end. */
static inline uint32_t chan_ready(const struct chan_end *e)
{
	const struct chan *rx = e->rx, *tx = e->tx;

	if (!tx)
		return chan_rx_ready(rx, false);
	if (!rx)
		return chan_tx_ready(tx, false);
	uint32_t bits = chan_rx_ready(rx, true) | chan_tx_ready(tx, true);
	if (chan_peek(rx->no_writer) && chan_peek(tx->no_reader))
		bits |= EV_HUP;
	return bits;
}

/* Notes that were taken off or never sent end here; no locks held. */
void chan_notes_drop(struct list *notes);

/* How a read goes on, and what came with the bytes. */
struct chan_got {
	uint32_t flags;			/* CHAN_* of a recv */
	struct list notes;		/* for the reader to take over */
	uint32_t full;			/* length of the record */
	uint32_t pid;
	uint64_t cred;
};
int64_t chan_recv(struct chan_end *e, struct iter *it, struct chan_got *g);
/* note: handles to go with the first byte, taken over when something was sent (*note NULL then). */
int64_t chan_send(struct chan_end *e, struct iter *it, bool nonblock, struct chan_note **note);

/* Bytes, 0 at the end; -EAGAIN -EFAULT -ERESTART -EPIPE -EMSGSIZE -EBADF -ENOMEM. */
int64_t chan_read(struct chan_end *e, struct iter *it, bool nonblock);
int64_t chan_write(struct chan_end *e, struct iter *it, bool nonblock);

#endif
