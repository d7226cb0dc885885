/* SPDX-License-Identifier: MIT */
/* The terminal server: /dev with terminals, pseudo terminals and the small character devices. */
#ifndef PTYD_H
#define PTYD_H

#include "../../lib/srv.h"
#include "ldisc.h"

#define MAX_PTY		256

enum node { D_ROOT, D_PTSDIR, D_NULL, D_ZERO, D_FULL, D_RANDOM, D_PTMX, D_TTY, D_CONSOLE, D_TERM };

struct tty;
struct pend;

/* One open of something in /dev: a file object with this id. */
struct open {
	uint64_t id;
	enum node node;
	handle_t h;			/* owner's handle: readiness is pushed through it */
	struct tty *tty;		/* D_TERM: slave side or driver's terminal; D_PTMX: master */
	struct open *next;		/* of the same tty, slaves only */
	uint32_t ready;			/* what was pushed last */
	int closed;			/* freed when no pend refers to it */
	int plain;			/* a sandbox's root: no terminals below it */
};

/*
 * A terminal. Driver's terminals (tty0, ttyS0) live for ever; a pty lives while its master or a
 * slave is open. `opens` are slave sides; `pends` are held requests of both sides.
 */
struct tty {
	struct tty *next;
	uint32_t id;			/* what procd knows it by: index + 1, ptys from 0x100 */
	char name[24];			/* "tty0", "pts/3" */
	struct ldisc l;
	uint32_t sid, pgrp;		/* its session and foreground group, or 0 */
	uint32_t uid, gid, mode;	/* pty: owner */
	struct open *opens;
	struct pend *pends;
	/* Driver's side. */
	handle_t drv;			/* end of a pair, or H_NONE */
	int64_t watch;			/* key of srv_watch on drv */
	uint32_t wanted;		/* events watched for */
	int out_blocked;
	/* Pseudo terminal. */
	int is_pty, pty_no, locked;
	int exclusive;			/* TIOCEXCL */
	int packets;			/* TIOCPKT */
	uint8_t packet_news;		/* TIOCPKT_*: what the master is told next */
	int was_stopped, had_flow;	/* as the master knows it */
	int slave_was_open;
	struct open *master;		/* NULL: closed */
};

/*
 * A held request. try() does what it can and returns -EAGAIN while it must wait. `gone` marks one
 * that was answered: it is freed by the walk that finds it.
 */
struct pend {
	struct pend *next;
	struct open *open;
	uint64_t token;
	int64_t (*try)(struct pend *p);
	uint64_t n, done;
	uint32_t pid, fflags;
	int background;			/* held because its group is in the background */
	int expired;			/* VTIME passed */
	size_t seen;			/* bytes there when the timer was last started */
	struct srv_timer timer;
	struct termios t;		/* TCSETSW */
	int flush;			/* TCSETSF */
	int held;			/* lives on its own: its timer may be armed */
	struct msg m;			/* ioctl of a background group */
	int gone;
};

extern struct srv ptyd;

/* open.c */
struct open *open_new(enum node node, struct tty *t, uint32_t fflags, uint32_t ready);
struct open *open_find(uint64_t id);
void open_free(struct open *o);

/* tty.c */
struct tty *tty_new(const char *name);
struct tty *tty_by_name(const char *name);
struct tty *tty_by_session(uint32_t sid);
struct tty *tty_each(struct tty *after);
void tty_free_if_unused(struct tty *t);
void tty_update(struct tty *t);		/* after any change: answers, drains, readiness */
int64_t tty_hold(struct open *o, struct srv_req *r, int64_t (*try)(struct pend *p),
		 struct pend *init);
void tty_cancel(uint64_t token);
void tty_hangup(struct tty *t);		/* its master or driver's session is gone */
void tty_resize(struct tty *t, const struct winsize *ws);
void tty_packet(struct tty *t, uint8_t news);	/* for the master in packet mode */

/* rw.c */
int64_t rw_read(struct open *o, struct srv_req *r);
int64_t rw_write(struct open *o, struct srv_req *r);

/* ioctl.c */
int64_t tty_ioctl(struct open *o, struct srv_req *r);

/* session.c: questions to procd. */
struct who { uint32_t pgid, sid; int orphaned, no_ttin, no_ttou; };
int session_of(uint32_t pid, struct who *w);
void session_signal(int64_t pid, int signo);	/* as kill's pid, sent as by the kernel */
int64_t session_acquire(struct tty *t, uint32_t pid, int steal);
void session_release(struct tty *t);
void session_init(void);
/* May pid's group use t? 0 yes; -EIO; -EAGAIN: signo was sent to the group, wait. */
int64_t session_background(struct tty *t, uint32_t pid, int signo);
int64_t session_still_background(struct tty *t, uint32_t pid);	/* -EAGAIN, or 0: go on; -EIO: it is gone */

/* attach.c: drivers. */
int64_t attach_driver(struct srv_req *r, const char *name);
void attach_drain(struct tty *t);		/* moves output to the driver */
void attach_watch(struct tty *t);		/* watch for what is wanted now */

/* pty.c */
int64_t pty_open_master(struct srv_req *r, uint32_t flags);
void pty_master_closed(struct tty *t);

/* small.c: null, zero, full, random. */
int64_t small_read(struct open *o, struct srv_req *r);
int64_t small_write(struct open *o, struct srv_req *r);

/* tree.c: paths. */
int64_t tree_call(struct open *o, struct srv_req *r);
struct tty *tree_console(void);

#endif
