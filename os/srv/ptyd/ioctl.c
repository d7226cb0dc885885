/* SPDX-License-Identifier: MIT */
/* ioctl requests of terminals and of pty masters. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include "ptyd.h"

#define ABI_TCSBRKP	0x5425u
#define ABI_TIOCGPTN	0x80045430u
#define ABI_TIOCSPTLCK	0x40045431u
#define ABI_TIOCGPTPEER	0x5441u

static int64_t get_in(struct srv_req *r, void *buf, size_t n)
{
	int64_t got;

	if (r->m.r[0].len < n)
		return -EFAULT;
	got = sys_msg_read(r->m.token, 0, 0, buf, n);
	return got < 0 ? got : got == (int64_t)n ? 0 : -EFAULT;
}

static int64_t put_out(struct srv_req *r, const void *buf, size_t n)
{
	int64_t put;

	if (r->m.r[1].len < n)
		return -EFAULT;
	put = srv_put(r, buf, n);
	return put < 0 ? put : 0;
}

static int64_t put_int(struct srv_req *r, int v)
{
	return put_out(r, &v, sizeof(v));
}

static void apply(struct tty *t, const struct termios *new, int flush)
{
	if (flush)
		ld_flush(&t->l, 1, 0);
	ld_set(&t->l, new);
}

static int drained(const struct tty *t)
{
	return !ld_pending(&t->l) || (t->is_pty ? !t->master : t->drv == H_NONE);
}

/* Held until the output is shown: TCSETSW, TCSETSF, tcdrain (then n is 0). */
static int64_t try_drain(struct pend *p)
{
	struct tty *t = p->open->tty;

	if (!drained(t))
		return -EAGAIN;
	if (p->n)
		apply(t, &p->t, p->flush);
	return 0;
}

static int64_t set_termios(struct open *o, struct srv_req *r, int wait, int flush)
{
	struct pend p = { .n = 1, .pid = r->m.pid, .flush = flush };
	int64_t err = get_in(r, &p.t, sizeof(p.t));

	if (err)
		return err;
	/* A pty's output goes to whoever reads its master: waiting for it could last for ever. */
	if (wait && !o->tty->is_pty && !drained(o->tty))
		return tty_hold(o, r, try_drain, &p);
	apply(o->tty, &p.t, flush);
	return 0;
}

static int64_t drain(struct open *o, struct srv_req *r)
{
	struct pend p = { .pid = r->m.pid };

	return drained(o->tty) ? 0 : tty_hold(o, r, try_drain, &p);
}

static int64_t flow(struct tty *t, uint64_t how)
{
	if (how > TCION)
		return -EINVAL;
	if (how == TCOOFF)
		t->l.stopped = 1;
	if (how == TCOON)
		t->l.stopped = 0;
	return 0;
}

static int64_t flush(struct tty *t, uint64_t how)
{
	if (how > TCIOFLUSH)
		return -EINVAL;
	ld_flush(&t->l, how != TCOFLUSH, how != TCIFLUSH);
	tty_packet(t, (how != TCOFLUSH ? TIOCPKT_FLUSHREAD : 0) | (how != TCIFLUSH ? TIOCPKT_FLUSHWRITE : 0));
	return 0;
}

static int64_t get_pgrp(struct open *o, struct srv_req *r)
{
	struct who w;

	if (o->node == D_TERM && (session_of(r->m.pid, &w) || !w.sid || w.sid != o->tty->sid))
		return -ENOTTY;
	return put_int(r, (int)o->tty->pgrp);
}

static int64_t set_pgrp(struct open *o, struct srv_req *r)
{
	struct tty *t = o->tty;
	struct who w, leader;
	int pgrp;
	int64_t err = get_in(r, &pgrp, sizeof(pgrp));

	if (err)
		return err;
	if (session_of(r->m.pid, &w) || !t->sid || w.sid != t->sid)
		return -ENOTTY;
	if (pgrp <= 0)
		return -EINVAL;
	/* The group's leader may be gone; but a live process of that pid must be in the session. */
	if (!session_of((uint32_t)pgrp, &leader) && leader.sid != t->sid)
		return -EPERM;
	t->pgrp = (uint32_t)pgrp;
	return 0;
}

static int64_t set_ctty(struct open *o, struct srv_req *r)
{
	return session_acquire(o->tty, r->m.pid, r->m.w[2] == 1 && !CRED_UID(r->m.cred));
}

static int64_t no_tty(struct open *o, struct srv_req *r)
{
	struct who w;

	if (session_of(r->m.pid, &w) || w.sid != o->tty->sid)
		return -ENOTTY;
	/* Only a leader's wish changes the session's terminal; others merely lose their interest. */
	if (w.sid == r->m.pid)
		tty_hangup(o->tty);
	return 0;
}

static int64_t set_size(struct tty *t, struct srv_req *r)
{
	struct winsize ws;
	int64_t err = get_in(r, &ws, sizeof(ws));

	if (!err)
		tty_resize(t, &ws);
	return err;
}

static int64_t push_input(struct tty *t, struct srv_req *r)
{
	uint8_t c;
	int64_t err = get_in(r, &c, 1);

	if (CRED_UID(r->m.cred))
		return -EPERM;
	if (!err)
		ld_input(&t->l, &c, 1);
	return err;
}

static int64_t peer(struct open *o, struct srv_req *r)
{
	struct open *s = open_new(D_TERM, o->tty, r->m.w[2] & (O_ACCMODE | O_NONBLOCK), 0);
	int64_t h = s ? sys_handle_dup(s->h, H_HIGH, 0) : -ENOMEM;

	if (h < 0)
		return h;
	o->tty->slave_was_open = 1;
	srv_give(r, (handle_t)h);
	return 0;
}

static int64_t set_packets(struct tty *t, struct srv_req *r)
{
	int v;
	int64_t err = get_in(r, &v, sizeof(v));

	if (err)
		return err;
	t->packets = v != 0;
	t->packet_news = 0;
	return 0;
}

/* Requests that only a master answers; 1 when it is none. */
static int64_t master_ioctl(struct open *o, struct srv_req *r)
{
	int v;
	int64_t err;

	switch ((uint32_t)r->m.w[1]) {
	case ABI_TIOCGPTN:
		return put_int(r, o->tty->pty_no);
	case ABI_TIOCSPTLCK:
		err = get_in(r, &v, sizeof(v));
		if (!err)
			o->tty->locked = v != 0;
		return err;
	case ABI_TIOCGPTPEER:
		return peer(o, r);
	case TIOCPKT:
		return set_packets(o->tty, r);
	case TIOCGPKT:
		return put_int(r, o->tty->packets);
	case TIOCGPTLCK:
		return put_int(r, o->tty->locked);
	case FIONREAD:
		return put_int(r, (int)ld_pending(&o->tty->l));
	}
	return 1;
}

static int64_t modes(struct open *o, struct srv_req *r)
{
	switch ((uint32_t)r->m.w[1]) {
	case TCGETS:
		return put_out(r, &o->tty->l.t, sizeof(o->tty->l.t));
	case TCSETS:
		return set_termios(o, r, 0, 0);
	case TCSETSW:
		return set_termios(o, r, 1, 0);
	case TCSETSF:
		return set_termios(o, r, 1, 1);
	case TCSBRK:
	case ABI_TCSBRKP:
		return drain(o, r);
	case TCXONC:
		return flow(o->tty, r->m.w[2]);
	case TCFLSH:
		return flush(o->tty, r->m.w[2]);
	case TIOCEXCL:
	case TIOCNXCL:
		o->tty->exclusive = r->m.w[1] == TIOCEXCL;
		return 0;
	case TIOCGEXCL:
		return put_int(r, o->tty->exclusive);
	case TIOCGWINSZ:
		return put_out(r, &o->tty->l.ws, sizeof(o->tty->l.ws));
	case TIOCSWINSZ:
		return set_size(o->tty, r);
	}
	return 1;
}

static int64_t rest(struct open *o, struct srv_req *r)
{
	switch ((uint32_t)r->m.w[1]) {
	case TIOCSCTTY:
		return set_ctty(o, r);
	case TIOCNOTTY:
		return no_tty(o, r);
	case TIOCGPGRP:
		return get_pgrp(o, r);
	case TIOCSPGRP:
		return set_pgrp(o, r);
	case TIOCGSID:
		return o->tty->sid ? put_int(r, (int)o->tty->sid) : -ENOTTY;
	case TIOCOUTQ:
		return put_int(r, (int)ld_pending(&o->tty->l));
	case FIONREAD:
		return put_int(r, (int)ld_readable(&o->tty->l));
	case TIOCSTI:	/* else whoever is given a terminal could type to its owner's shell */
		return CRED_UID(r->m.cred) ? -EPERM : push_input(o->tty, r);
	case TIOCMGET:
		return put_int(r, TIOCM_CAR | TIOCM_DTR | TIOCM_RTS);
	}
	return -ENOTTY;
}

/* What changes a terminal, and is therefore not for groups in the background. */
static int changes(uint64_t request)
{
	switch ((uint32_t)request) {
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TCSBRK:
	case ABI_TCSBRKP:
	case TCXONC:
	case TCFLSH:
	case TIOCSPGRP:
		return 1;
	}
	return 0;
}

/* The group has come to the foreground: as if it asked now. */
static int64_t try_ioctl(struct pend *p)
{
	struct srv_req r = { .m = p->m };
	int64_t res = modes(p->open, &r);

	return res == 1 ? rest(p->open, &r) : res;
}

int64_t tty_ioctl(struct open *o, struct srv_req *r)
{
	int64_t res = 1;

	if ((o->node != D_TERM && o->node != D_PTMX) || !o->tty)
		return -ENOTTY;
	if (o->node == D_TERM && changes(r->m.w[1])) {
		struct pend p = { .pid = r->m.pid, .background = 1, .m = r->m };

		res = session_background(o->tty, r->m.pid, SIGTTOU);
		if (res)
			return res == -EAGAIN ? tty_hold(o, r, try_ioctl, &p) : res;
		res = 1;
	}
	if (o->node == D_PTMX)
		res = master_ioctl(o, r);
	if (res == 1)
		res = modes(o, r);
	if (res == 1)
		res = rest(o, r);
	if (res != SRV_HELD)
		tty_update(o->tty);
	return res;
}
