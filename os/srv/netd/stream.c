/* SPDX-License-Identifier: MIT */
/* Bytes of connections: from lwIP to readers, from writers to lwIP. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "lwip/priv/tcp_priv.h"
#include "netd.h"

#define CHUNK		32768		/* bytes given to lwIP at once */
#define DIRECT		4096u		/* bytes from which on they are not copied twice */
#define WRITABLE	(32u * 1024)	/* room from which on poll says so */
#define SHORT_IN	16384u		/* what a socket may still have queued when memory is short */

/* lwIP keeps what we refuse, offers it again, and lets the window stay shut. */
err_t tcp_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct sock *s = arg;
	struct dgram *d;

	(void)err;
	if (!s) {
		if (p)
			pbuf_free(p);
		return ERR_OK;
	}
	sock_touch(s);
	s->news |= EV_IN;
	if (!p) {
		s->eof = 1;
		return ERR_OK;
	}
	if (s->rd_shut) {
		tcp_recved(pcb, p->tot_len);
		pbuf_free(p);
		return ERR_OK;
	}
	d = mem_short() && s->in > SHORT_IN ? NULL : netd_calloc(1, sizeof(*d));
	if (!d)
		return ERR_MEM;
	d->p = p;
	*s->dgrams_end = d;
	s->dgrams_end = &d->next;
	s->in += p->tot_len;
	return ERR_OK;
}

/* Copies n received bytes to the client; bytes or -errno. */
static int64_t copy_out(struct pend *p, size_t n)
{
	struct sock *s = p->s;
	size_t done = 0, skip = s->in_off;

	for (struct dgram *d = s->dgrams; d && done < n; d = d->next) {
		for (struct pbuf *q = d->p; q && done < n; q = q->next) {
			size_t part = q->len > skip ? q->len - skip : 0;
			size_t from = q->len - part;
			int64_t err;

			skip -= from;
			if (!part)
				continue;
			if (part > n - done)
				part = n - done;
			err = sys_msg_write(p->token, 1, p->off + p->done + done,
					    (uint8_t *)q->payload + from, part);
			if (err < 0)
				return done ? (int64_t)done : err;
			done += part;
		}
	}
	return (int64_t)done;
}

static void consume(struct sock *s, size_t n)
{
	s->in -= n;
	for (size_t left = n; s->tcp && left; ) {
		u16_t part = left < 0xffff ? (u16_t)left : 0xffff;

		tcp_recved(s->tcp, part);
		left -= part;
	}
	n += s->in_off;
	while (s->dgrams && n >= s->dgrams->p->tot_len) {
		struct dgram *d = s->dgrams;

		n -= d->p->tot_len;
		s->dgrams = d->next;
		pbuf_free(d->p);
		netd_free(d);
	}
	if (!s->dgrams)
		s->dgrams_end = &s->dgrams;
	s->in_off = n;
}

static int64_t at_end(struct pend *p)
{
	struct sock *s = p->s;
	int e = s->error;

	/* MSG_WAITALL has some and waits for the rest, unless there is none to come. */
	if (p->done)
		return e || s->eof ? (int64_t)p->done : -EAGAIN;
	if (e) {
		s->error = 0;
		return -e;
	}
	if (s->state == TS_NEW || s->state == TS_LISTEN)
		return -ENOTCONN;
	return s->eof || s->rd_shut ? 0 : -EAGAIN;
}

int64_t tcp_try_read(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	uint64_t want = p->n - p->done;
	size_t part = s->in < want ? s->in : (size_t)want;
	int64_t n = (int64_t)part;

	(void)a;
	if (!p->n)
		return 0;
	if (!s->in)
		return at_end(p);
	/* MSG_TRUNC throws the bytes away. */
	if (!(p->flags & MSG_TRUNC))
		n = copy_out(p, part);
	if (n < 0 || (p->flags & MSG_PEEK))
		return n;
	consume(s, (size_t)n);
	p->done += (uint64_t)n;
	if ((p->flags & MSG_WAITALL) && p->done < p->n && !s->eof && !s->error)
		return -EAGAIN;
	return (int64_t)p->done;
}

/* How much may be written now. */
static size_t room(const struct sock *s)
{
	size_t used = tcp_unacked(s->tcp), free = TCP_SND_BUF - used;

	if (tcp_sndqueuelen(s->tcp) + 64 > TCP_SND_QUEUELEN || (mem_short() && used > SHORT_IN))
		return 0;
	return s->sndbuf <= used ? 0 : s->sndbuf - used < free ? s->sndbuf - used : free;
}

int tcp_writable(const struct sock *s)
{
	return s->tcp && room(s) >= (s->sndbuf / 3 < WRITABLE ? s->sndbuf / 3 + 1 : WRITABLE);
}

static int64_t write_state(struct pend *p)
{
	struct sock *s = p->s;
	int e = s->error;

	if (s->state == TS_CONNECTING)
		return -EAGAIN;
	if (p->done)
		return (int64_t)p->done;
	if (e) {
		s->error = 0;
		return -e;
	}
	return s->state == TS_LISTEN ? -ENOTCONN : -EPIPE;
}

static uint8_t chunk[CHUNK];
_Static_assert(CHUNK >= TCP_MSS, "a chunk holds a segment");

/* While `p` is set, `chunk` stands for the client's bytes, which netd_copy brings: lwIP's copy is then the only one. */
static struct { const struct pend *p; int failed; } client;

void *netd_copy(void *to, const void *from, size_t n)
{
	size_t at = (uintptr_t)from - (uintptr_t)chunk;
	const struct pend *p = client.p;

	if (!p || at >= CHUNK)
		return memcpy(to, from, n);
	if (!client.failed && sys_msg_read(p->token, 0, p->off + p->done + at, to, n) != (int64_t)n)
		client.failed = 1;
	return to;
}

static err_t put(struct sock *s, const struct pend *p, size_t n)
{
	int more = s->cork || (p->flags & MSG_MORE) || p->done + n < p->n;

	return tcp_write(s->tcp, chunk, (u16_t)n, TCP_WRITE_FLAG_COPY | (more ? TCP_WRITE_FLAG_MORE : 0));
}

/*
 * Straight from the client into segments. There are no unsent ones before, so that all can be taken back when the
 * client's bytes cannot be read: then nothing was written.
 */
static err_t put_direct(struct sock *s, const struct pend *p, size_t n)
{
	struct tcp_pcb *pcb = s->tcp;
	u16_t queued = pcb->snd_queuelen;
	err_t err;

	client.p = p;
	client.failed = 0;
	err = put(s, p, n);
	client.p = NULL;
	if (err != ERR_OK || !client.failed)
		return err;
	tcp_segs_free(pcb->unsent);
	pcb->unsent = NULL;
	pcb->unsent_oversize = 0;
	pcb->snd_queuelen = queued;
	pcb->snd_lbb -= (u32_t)n;
	pcb->snd_buf += (tcpwnd_size_t)n;
	return ERR_VAL;
}

/*
 * A small send buffer holds two segments: peers acknowledge every second one at once, but one alone, all that
 * may be on its way, a quarter of a second later. Segments not yet sent were cut by the old size.
 */
static void fit_segments(struct sock *s)
{
	if (!s->mss)
		s->mss = s->tcp->mss;
	if (!s->tcp->unsent)
		s->tcp->mss = s->sndbuf / 2 < s->mss ? (u16_t)(s->sndbuf / 2) : s->mss;
}

/* One chunk from the client to lwIP: bytes, 0 when there is no room, or -errno. */
static int64_t write_chunk(struct sock *s, struct pend *p)
{
	size_t part = room(s), left = p->n - p->done;
	int64_t n;
	err_t err;

	fit_segments(s);
	part = part < left ? part : left;
	/* Whole segments but for the last. */
	if (part > CHUNK)
		part = CHUNK - CHUNK % tcp_mss(s->tcp);
	if (!part)
		return 0;
	if (part >= DIRECT && !s->tcp->unsent && put_direct(s, p, part) == ERR_OK)
		return (int64_t)part;
	n = sys_msg_read(p->token, 0, p->off + p->done, chunk, part);
	if (n <= 0)
		return n ? n : -EFAULT;
	err = put(s, p, (size_t)n);
	return err == ERR_OK ? n : err == ERR_MEM ? 0 : addr_errno(err);
}

int64_t tcp_try_write(struct pend *p, struct answer *a)
{
	struct sock *s = p->s;
	int corked = s->cork || (p->flags & MSG_MORE);
	int64_t n = 0;

	(void)a;
	if (s->state != TS_CONNECTED || s->wr_shut || s->error || !s->tcp)
		return write_state(p);
	while (p->done < p->n && (n = write_chunk(s, p)) > 0) {
		p->done += (uint64_t)n;
		/* The next chunk goes straight into segments when none are left. */
		if (p->done < p->n && !corked)
			tcp_output(s->tcp);
	}
	/* Corked bytes wait for more, but not longer than till there is a whole segment. */
	if (!corked || tcp_unacked(s->tcp) >= tcp_mss(s->tcp))
		tcp_output(s->tcp);
	if (p->done == p->n)
		return (int64_t)p->done;
	s->news |= EV_OUT;
	return n < 0 ? (p->done ? (int64_t)p->done : n) : -EAGAIN;
}
