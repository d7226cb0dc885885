/* SPDX-License-Identifier: MIT */
/* Reading and writing terminals, both sides of a pty. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include "ptyd.h"

#define CHUNK	4096

/* Bytes for a reader go to its range 1 in pieces. */
static int64_t give(struct pend *p, size_t want)
{
	struct ldisc *l = &p->open->tty->l;
	uint8_t buf[CHUNK];
	size_t n = ld_read(l, buf, want < CHUNK ? want : CHUNK);
	int64_t err = n ? sys_msg_write(p->token, 1, 0, buf, n) : 0;

	return err < 0 ? err : (int64_t)n;
}

static void restart_timer(struct pend *p, size_t have)
{
	p->seen = have;
	srv_timer_set(&ptyd, &p->timer,
		      srv_now() + p->open->tty->l.t.c_cc[VTIME] * 100000000ll);
}

/* Non-canonical reads: VMIN and VTIME. */
static int64_t raw_read(struct pend *p)
{
	struct ldisc *l = &p->open->tty->l;
	size_t have = ld_readable(l), min = l->t.c_cc[VMIN];
	int time = l->t.c_cc[VTIME];

	if (min > p->n)
		min = p->n;
	if ((have && have >= min) || (p->expired && (have || !min)))
		return give(p, p->n);
	if (!min && !time)
		return 0;
	if (time && p->held && (min ? have && have != p->seen : !p->timer.deadline && !p->expired))
		restart_timer(p, have);
	return -EAGAIN;
}

static int64_t try_read(struct pend *p)
{
	struct tty *t = p->open->tty;

	if (t->is_pty && !t->master)
		return 0;
	if (t->l.t.c_lflag & ICANON)
		return ld_ready(&t->l) ? give(p, p->n) : -EAGAIN;
	return raw_read(p);
}

/* The answer of a held request that blocks: -EAGAIN for O_NONBLOCK, else it is held. */
static int64_t start(struct open *o, struct srv_req *r, int64_t (*try)(struct pend *p),
		     struct pend *p)
{
	int64_t res;

	p->open = o;
	p->token = r->m.token;
	p->fflags = r->m.fflags;
	res = p->background ? -EAGAIN : try(p);
	if (res == -EAGAIN && p->done && (p->fflags & O_NONBLOCK))
		res = (int64_t)p->done;
	if (res == -EAGAIN && !(p->fflags & O_NONBLOCK))
		return tty_hold(o, r, try, p);
	tty_update(o->tty);
	return res;
}

static int64_t slave_read(struct open *o, struct srv_req *r)
{
	struct pend p = { .n = r->m.w[1], .pid = r->m.pid };
	int64_t err;

	if (!p.n)
		return 0;
	err = session_background(o->tty, r->m.pid, SIGTTIN);
	if (err && err != -EAGAIN)
		return err;
	p.background = err == -EAGAIN;
	if (!p.background && (r->m.fflags & O_NONBLOCK) && ld_readable(&o->tty->l) &&
	    !(o->tty->l.t.c_lflag & ICANON))
		p.expired = 1;
	return start(o, r, try_read, &p);
}

static int64_t try_write(struct pend *p)
{
	struct tty *t = p->open->tty;
	uint8_t buf[CHUNK];

	while (p->done < p->n) {
		uint64_t want = p->n - p->done;
		int64_t n;
		size_t took;

		if (t->is_pty && !t->master)
			return -EIO;
		if (ld_out_space(&t->l) < 16)
			return -EAGAIN;
		if (want > ld_out_space(&t->l))
			want = ld_out_space(&t->l);
		n = sys_msg_read(p->token, 0, p->done, buf, want < CHUNK ? want : CHUNK);
		if (n <= 0)
			return p->done ? (int64_t)p->done : n;
		took = ld_output(&t->l, buf, (size_t)n);
		p->done += took;
		attach_drain(t);
		if (took < (size_t)n && ld_out_space(&t->l) < 16)
			return -EAGAIN;
	}
	return (int64_t)p->done;
}

static int64_t slave_write(struct open *o, struct srv_req *r)
{
	struct pend p = { .n = r->m.w[1], .pid = r->m.pid };
	int64_t err;

	if (o->tty->l.t.c_lflag & TOSTOP) {
		err = session_background(o->tty, r->m.pid, SIGTTOU);
		if (err && err != -EAGAIN)
			return err;
		p.background = err == -EAGAIN;
	}
	return start(o, r, try_write, &p);
}

static int64_t try_master_read(struct pend *p)
{
	struct tty *t = p->open->tty;
	uint8_t buf[CHUNK];
	size_t head = t->packets != 0, n = 0;
	int64_t err;

	if (head && t->packet_news) {
		buf[0] = t->packet_news;
		t->packet_news = 0;
		err = sys_msg_write(p->token, 1, 0, buf, 1);
		return err < 0 ? err : 1;
	}
	buf[0] = TIOCPKT_DATA;
	if (p->n > head)
		n = ld_drain(&t->l, buf + head, (p->n < CHUNK ? p->n : CHUNK) - head);
	if (!n)
		return t->slave_was_open && !t->opens ? -EIO : -EAGAIN;
	err = sys_msg_write(p->token, 1, 0, buf, n + head);
	return err < 0 ? err : (int64_t)(n + head);
}

static int64_t try_master_write(struct pend *p)
{
	struct tty *t = p->open->tty;
	uint8_t buf[CHUNK];

	while (p->done < p->n) {
		uint64_t want = p->n - p->done;
		int64_t n = sys_msg_read(p->token, 0, p->done, buf, want < CHUNK ? want : CHUNK);
		size_t took;

		if (n <= 0)
			return p->done ? (int64_t)p->done : n;
		took = ld_input(&t->l, buf, (size_t)n);
		p->done += took;
		if (took < (size_t)n)
			return -EAGAIN;
	}
	return (int64_t)p->done;
}

int64_t rw_read(struct open *o, struct srv_req *r)
{
	struct pend p = { .n = r->m.w[1], .pid = r->m.pid };

	if (o->node == D_TERM)
		return slave_read(o, r);
	if (o->node == D_PTMX && !o->tty)
		return -EBADF;
	if (o->node == D_PTMX)
		return start(o, r, try_master_read, &p);
	return small_read(o, r);
}

int64_t rw_write(struct open *o, struct srv_req *r)
{
	struct pend p = { .n = r->m.w[1], .pid = r->m.pid };

	if (o->node == D_TERM)
		return slave_write(o, r);
	if (o->node == D_PTMX && !o->tty)
		return -EBADF;
	if (o->node == D_PTMX)
		return start(o, r, try_master_write, &p);
	return small_write(o, r);
}
