/* SPDX-License-Identifier: MIT */
/* Datagrams: each waits at its receiver; a sender waits when too many do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "unixd.h"

int64_t dgram_connect(struct sock *s, struct sock *to, const struct name *n)
{
	if (n->sa.sun_family == AF_UNSPEC) {
		s->to = 0;
		s->peer.len = 0;
		return 0;
	}
	if (to->type != SOCK_DGRAM)
		return -EPROTOTYPE;
	s->to = to->id;
	s->peer = *n;
	s->other = to->made;
	return 0;
}

static void packet_free(struct packet *p)
{
	for (unsigned i = 0; i < p->nrights; i++)
		if (p->rights[i] != H_NONE)
			sys_handle_close(p->rights[i]);
	free(p);
}

static bool has_room(const struct sock *to, size_t len)
{
	return !to->npackets || (to->npackets < QUEUE_PACKETS && to->nbytes + len <= QUEUE_BYTES);
}

/* The answer to a receive that is described by w; the packet is gone unless MSG_PEEK is set. */
static bool deliver(struct sock *s, const struct held *w, struct packet *p)
{
	struct msg m = { .w = { p->len, p->from.len, 0, p->who.pid, p->who.cred, s->passcred } };
	uint64_t room = w->room > w->skip ? w->room - w->skip : 0, n = p->len < room ? p->len : room;
	bool peek = w->flags & MSG_PEEK;

	if (n < p->len)
		m.w[2] = MSG_TRUNC;
	if (!(w->flags & MSG_TRUNC))
		m.w[0] = n;
	if (p->from.len && w->skip)
		sys_msg_write(w->token, 1, 0, &p->from.sa, p->from.len);
	if (n && sys_msg_write(w->token, 1, w->skip, p->data, n) != (int64_t)n)
		m.w[0] = (uint64_t)-EFAULT;
	for (unsigned i = 0; i < p->nrights && !peek && w->skip; i++)
		m.h[m.nh++] = p->rights[i];
	m.hflags = m.nh ? MSG_MOVE : 0;
	if (sys_reply(w->token, &m) < 0)
		return false;		/* the client is gone: the datagram is for another */
	if (!peek) {
		p->nrights = w->skip ? 0 : p->nrights;
		packet_free(p);
	}
	return true;
}

static void enqueue(struct sock *to, struct packet *p)
{
	struct packet **pp = &to->packets;
	struct held *w;

	while (!to->packets && (w = to->waiting)) {
		bool peek = w->flags & MSG_PEEK, done;

		held_take(&to->waiting);
		done = deliver(to, w, p);
		free(w);
		if (done && !peek)
			return;
	}
	while (*pp)
		pp = &(*pp)->next;
	p->next = NULL;
	*pp = p;
	to->npackets++;
	to->nbytes += p->len;
	sys_file_ready(to->h, 0, EV_IN);
}

static void dequeue(struct sock *s)
{
	struct packet *p = s->packets;
	struct held *w;

	s->packets = p->next;
	s->npackets--;
	s->nbytes -= p->len;
	while ((w = s->wanting) && has_room(s, w->packet->len)) {
		held_take(&s->wanting);
		srv_reply(w->token, (int64_t)w->packet->len);
		enqueue(s, w->packet);
		free(w);
	}
	if (!s->packets)
		sys_file_ready(s->h, EV_IN, 0);
}

static struct packet *make_packet(struct srv_req *r, const struct sock *s, uint64_t skip, uint64_t len)
{
	struct packet *p = malloc(sizeof(*p) + len);

	if (!p)
		return NULL;
	memset(p, 0, sizeof(*p));
	p->len = len;
	p->from = s->own;
	p->who = (struct who){ r->m.pid, r->m.cred };
	p->sender = s->id;
	if (len && sys_msg_read(r->m.token, 0, skip, p->data, len) != (int64_t)len) {
		free(p);
		return NULL;
	}
	return p;
}

static int64_t post(struct srv_req *r, struct sock *s, struct sock *to, struct packet *p, int flags)
{
	struct held w = { .token = r->m.token, .by = s->id, .packet = p };
	int64_t n = (int64_t)p->len;

	if (has_room(to, p->len)) {
		enqueue(to, p);
		return n;
	}
	if (!no_wait(r, flags) && !held_add(&to->wanting, &w))
		return SRV_HELD;
	packet_free(p);
	return -EAGAIN;
}

/* Sends what follows `skip` bytes of range 0 to `to`; handles from number `first` on go along. */
static int64_t send_to(struct srv_req *r, struct sock *s, struct sock *to, uint64_t skip, unsigned first, int flags)
{
	uint64_t len = r->m.r[0].len - skip;
	struct packet *p;

	if (s->no_write)
		return -EPIPE;
	if (to->no_read)
		return -EPIPE;
	if (to->type != SOCK_DGRAM)
		return -EPROTOTYPE;
	if (to->to && to->to != s->id)
		return -EPERM;
	if (len > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (r->m.nh > first + RIGHTS_MAX)
		return -ETOOMANYREFS;
	p = make_packet(r, s, skip, len);
	if (!p)
		return -ENOMEM;
	while (first < r->m.nh)
		p->rights[p->nrights++] = srv_take(r, first++);
	return post(r, s, to, p, flags);
}

int64_t dgram_send(struct srv_req *r, struct sock *s)
{
	uint64_t alen = r->m.w[2];
	bool by_file = r->m.w[3] & 1;
	struct sock *to = s->to ? sock_find(s->to) : NULL;
	struct name n;
	int64_t err;

	if (!alen && !s->to)
		return -ENOTCONN;
	if (!alen && !to)
		return -ECONNREFUSED;
	if (alen > r->m.r[0].len)
		return -EINVAL;
	if (alen) {
		err = name_read(r, alen, &n);
		if (!err)
			err = name_target(&n, by_file && r->m.nh ? r->m.h[0] : H_NONE, &to);
		if (err)
			return err;
	}
	return send_to(r, s, to, alen, by_file, (int)r->m.w[1]);
}

int64_t dgram_write(struct srv_req *r, struct sock *s)
{
	struct sock *to = s->to ? sock_find(s->to) : NULL;

	if (!to)
		return s->to ? -ECONNREFUSED : -ENOTCONN;
	return send_to(r, s, to, 0, 0, 0);
}

/* Receives what w describes, or holds it. */
static int64_t receive(struct srv_req *r, struct sock *s, const struct held *w, bool wait)
{
	int64_t err;

	if (s->packets) {
		struct packet *p = s->packets;
		bool peek = w->flags & MSG_PEEK;

		/* Out of the queue before it may be freed. */
		if (!peek)
			dequeue(s);
		if (!deliver(s, w, p) && !peek)
			packet_free(p);
		return SRV_HELD;
	}
	if (s->no_read)
		return 0;
	if (!wait || no_wait(r, w->flags))
		return -EAGAIN;
	err = held_add(&s->waiting, w);
	return err ? err : SRV_HELD;
}

int64_t dgram_recv(struct srv_req *r, struct sock *s)
{
	struct held w = { .token = r->m.token, .room = r->m.r[1].len, .skip = UNIX_ADDR, .flags = (int)r->m.w[1] };

	return receive(r, s, &w, true);
}

/* read(): the data alone; descriptors that come with it are closed. */
int64_t dgram_read(struct srv_req *r, struct sock *s)
{
	struct held w = { .token = r->m.token, .room = r->m.w[1] < r->m.r[1].len ? r->m.w[1] : r->m.r[1].len };

	return receive(r, s, &w, !r->m.w[3]);
}

int64_t dgram_shutdown(struct sock *s, uint64_t how)
{
	struct held *w;

	if (how > SHUT_RDWR)
		return -EINVAL;
	s->no_read |= how != SHUT_WR;
	s->no_write |= how != SHUT_RD;
	while (s->no_read && (w = held_take(&s->waiting))) {
		srv_reply(w->token, 0);
		free(w);
	}
	if (s->no_read)
		sys_file_ready(s->h, 0, EV_IN);
	return 0;
}

void dgram_closed(struct sock *s)
{
	struct packet *p;
	struct held *w;

	while ((p = s->packets)) {
		s->packets = p->next;
		packet_free(p);
	}
	while ((w = held_take(&s->wanting))) {
		srv_reply(w->token, -ECONNREFUSED);
		packet_free(w->packet);
		free(w);
	}
	while ((w = held_take(&s->waiting))) {
		srv_reply(w->token, -EBADF);
		free(w);
	}
}
