/* SPDX-License-Identifier: MIT */
/*
 * The line discipline of one terminal: what happens between the bytes typed and the bytes a program
 * reads, and between the bytes it writes and the bytes shown. Pure: no system calls, tested on the
 * host.
 */
#ifndef LDISC_H
#define LDISC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <termios.h>

#define LD_IN	8192		/* powers of two */
#define LD_OUT	16384
#define LD_LINE	4096		/* MAX_CANON + 1 */

#define LD_END	0x100		/* flag of an input element: a line ends after it */
#define LD_EOF	0x200		/* with LD_END: the end is VEOF, the element holds no byte */

struct ldisc {
	struct termios t;
	struct winsize ws;
	/* Bytes a program may read; indices count up, element = index % LD_IN. */
	uint16_t in[LD_IN];
	uint32_t in_head, in_tail;
	uint32_t lines;			/* elements with LD_END between tail and head */
	/* The line being edited (ICANON). */
	uint8_t line[LD_LINE];
	uint32_t len;
	unsigned line_col;		/* column where it began, for erasing tabs */
	/* Bytes to be shown. */
	uint8_t out[LD_OUT];
	uint32_t out_head, out_tail;
	unsigned col;
	unsigned literal : 1;		/* VLNEXT was typed: the next byte is taken as it is */
	unsigned stopped : 1;		/* VSTOP or TCOOFF: the out ring is not drained */
	/* Called for VINTR, VQUIT, VSUSP: signal the foreground group. */
	void (*signal)(void *arg, int signo);
	void *arg;
};

void ld_init(struct ldisc *l, void (*signal)(void *arg, int signo), void *arg);

/* Bytes typed. Returns how many were taken: fewer only when a raw input queue is full. */
size_t ld_input(struct ldisc *l, const uint8_t *p, size_t n);

/* Bytes a program writes. Returns how many were taken: fewer when the output queue is full. */
size_t ld_output(struct ldisc *l, const uint8_t *p, size_t n);

/* Bytes that a read would give now: in canonical mode those of the first line. */
size_t ld_readable(const struct ldisc *l);

/* Is a read answered at once (data, an end of file), VMIN and VTIME aside? */
int ld_ready(const struct ldisc *l);

/* Takes up to n bytes for a reader; 0 for an end of file. Only when ld_ready or in raw mode. */
size_t ld_read(struct ldisc *l, uint8_t *p, size_t n);

/* Takes up to n bytes to be shown; 0 when stopped. */
size_t ld_drain(struct ldisc *l, uint8_t *p, size_t n);

/* The same in two steps: the bytes in one piece (0 when stopped), then how many were shown. */
size_t ld_peek(const struct ldisc *l, const uint8_t **p);
void ld_skip(struct ldisc *l, size_t n);
size_t ld_pending(const struct ldisc *l);	/* bytes in the out ring */
size_t ld_out_space(const struct ldisc *l);

/* TCSETS and the like: what is queued moves with a change of ICANON. */
void ld_set(struct ldisc *l, const struct termios *t);
void ld_flush(struct ldisc *l, int in, int out);

#endif
