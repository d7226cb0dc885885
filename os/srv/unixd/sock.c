/* SPDX-License-Identifier: MIT */
/* Sockets: making, finding, freeing; requests that are held for them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "unixd.h"

static struct sock *socks;
static uint64_t next_id = ID_FIRST;

struct sock *sock_find(uint64_t id)
{
	struct sock *s;

	for (s = socks; s && s->id != (id & ~1ull); s = s->next)
		;
	return s;
}

struct sock *sock_each(struct sock *after)
{
	return after ? after->next : socks;
}

/* A fresh stream socket is held: its half of the pair is used once it is connected. */
static int make_file(struct sock *s, uint32_t fflags)
{
	struct file_args a = { .id = s->id, .rights = R_READ | R_WRITE | R_CALL | R_DUP, .fflags = O_RDWR | fflags,
			       .plane = PLANE_NONE, .data = H_NONE, .ready = EV_OUT };
	int64_t h;

	if (s->type != SOCK_DGRAM) {
		a.plane = PLANE_CHAN;
		a.data = s->end[0];
		a.flags = s->state == FRESH ? FILE_HELD : 0;
		a.ready = s->state == FRESH ? EV_OUT | EV_HUP : 0;
	}
	h = sys_file_create(unixd.port, &a);
	if (h < 0)
		return (int)h;
	s->h = (handle_t)h;
	return 0;
}

static void close_handle(handle_t *h)
{
	if (*h != H_NONE)
		sys_handle_close(*h);
	*h = H_NONE;
}

struct sock *sock_new(int type, const struct srv_req *r, bool paired)
{
	struct sock *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->id = next_id;
	s->type = type;
	s->h = s->end[0] = s->end[1] = s->address = H_NONE;
	s->made = (struct who){ r->m.pid, r->m.cred };
	if ((paired && sys_pair(s->end, type == SOCK_SEQPACKET ? PAIR_RECORDS : 0) < 0) ||
	    (paired || type == SOCK_DGRAM ? make_file(s, (uint32_t)r->m.w[2] & O_NONBLOCK) : 0)) {
		close_handle(&s->end[0]);
		close_handle(&s->end[1]);
		free(s);
		return NULL;
	}
	close_handle(&s->end[0]);	/* the file has it now */
	next_id += 2;
	s->next = socks;
	socks = s;
	return s;
}

void sock_free(struct sock *s)
{
	struct sock **pp = &socks;

	while (*pp != s)
		pp = &(*pp)->next;
	*pp = s->next;
	if (s->type == SOCK_DGRAM)
		dgram_closed(s);
	else
		stream_closed(s);
	close_handle(&s->end[0]);
	close_handle(&s->end[1]);
	close_handle(&s->address);
	close_handle(&s->h);
	free(s);
}

int64_t sock_give(struct srv_req *r, struct sock *s)
{
	int64_t h = sys_handle_dup(s->h, H_HIGH, 0);

	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

int held_add(struct held **list, const struct held *h)
{
	struct held *n = malloc(sizeof(*n));

	if (!n)
		return -ENOMEM;
	*n = *h;
	n->next = NULL;
	while (*list)
		list = &(*list)->next;
	*list = n;
	return 0;
}

struct held *held_take(struct held **list)
{
	struct held *h = *list;

	if (h)
		*list = h->next;
	return h;
}

static bool cancel_in(struct held **list, uint64_t token)
{
	for (; *list; list = &(*list)->next) {
		struct held *h = *list;

		if (h->token != token)
			continue;
		*list = h->next;
		for (unsigned i = 0; h->packet && i < h->packet->nrights; i++)
			sys_handle_close(h->packet->rights[i]);
		free(h->packet);
		free(h);
		return true;
	}
	return false;
}

bool held_cancel(struct sock *s, uint64_t token)
{
	return cancel_in(&s->waiting, token) || cancel_in(&s->wanting, token);
}

bool no_wait(const struct srv_req *r, int flags)
{
	return (r->m.fflags & O_NONBLOCK) || (flags & MSG_DONTWAIT);
}
