/* SPDX-License-Identifier: MIT */
/* Line discipline: queues, output processing, modes; the input side is in ldisc_in.c. */
#include <string.h>
#include "ldisc_in.h"

void ld_init(struct ldisc *l, void (*signal)(void *arg, int signo), void *arg)
{
	static const uint8_t cc[] = {
		[VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VTIME] = 0,
		[VMIN] = 1, [VSTART] = 17, [VSTOP] = 19, [VSUSP] = 26, [VREPRINT] = 18,
		[VDISCARD] = 15, [VWERASE] = 23, [VLNEXT] = 22,
	};

	memset(l, 0, sizeof(*l));
	l->t.c_iflag = ICRNL | IXON | IUTF8 | IMAXBEL;
	l->t.c_oflag = OPOST | ONLCR;
	l->t.c_cflag = CS8 | CREAD | HUPCL | B38400;
	l->t.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
	memcpy(l->t.c_cc, cc, sizeof(cc));
	cfsetispeed(&l->t, B38400);
	cfsetospeed(&l->t, B38400);
	l->ws.ws_row = 24;
	l->ws.ws_col = 80;
	l->signal = signal;
	l->arg = arg;
}

size_t ld_pending(const struct ldisc *l)
{
	return l->out_head - l->out_tail;
}

size_t ld_out_space(const struct ldisc *l)
{
	return LD_OUT - ld_pending(l);
}

static void put(struct ldisc *l, uint8_t c)
{
	if (ld_out_space(l))
		l->out[l->out_head++ % LD_OUT] = c;
}

static void put_tab(struct ldisc *l)
{
	unsigned n = 8 - l->col % 8;

	l->col += n;
	if ((l->t.c_oflag & TABDLY) != TAB3) {
		put(l, '\t');
		return;
	}
	while (n--)
		put(l, ' ');
}

static void put_newline(struct ldisc *l)
{
	if (l->t.c_oflag & ONLCR) {
		put(l, '\r');
		l->col = 0;
	} else if (l->t.c_oflag & ONLRET) {
		l->col = 0;
	}
	put(l, '\n');
}

static void put_return(struct ldisc *l)
{
	if ((l->t.c_oflag & ONOCR) && l->col == 0)
		return;
	if (l->t.c_oflag & OCRNL) {
		put(l, '\n');
		return;
	}
	l->col = 0;
	put(l, '\r');
}

/* One byte with output processing; needs at most 8 bytes of space. */
void ld_put(struct ldisc *l, uint8_t c)
{
	if (!(l->t.c_oflag & OPOST)) {
		put(l, c);
		return;
	}
	switch (c) {
	case '\n':
		put_newline(l);
		break;
	case '\r':
		put_return(l);
		break;
	case '\t':
		put_tab(l);
		break;
	case '\b':
		if (l->col)
			l->col--;
		put(l, c);
		break;
	default:
		/* A continuation byte of UTF-8 takes no column. */
		if (c >= 32 && c != 127 && !((l->t.c_iflag & IUTF8) && (c & 0xc0) == 0x80))
			l->col++;
		put(l, c);
	}
}

size_t ld_output(struct ldisc *l, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && ld_out_space(l) >= 8; i++)
		ld_put(l, p[i]);
	return i;
}

size_t ld_drain(struct ldisc *l, uint8_t *p, size_t n)
{
	size_t i;

	if (l->stopped)
		return 0;
	for (i = 0; i < n && l->out_tail != l->out_head; i++)
		p[i] = l->out[l->out_tail++ % LD_OUT];
	return i;
}

size_t ld_peek(const struct ldisc *l, const uint8_t **p)
{
	uint32_t at = l->out_tail % LD_OUT, n = l->out_head - l->out_tail;

	*p = l->out + at;
	if (l->stopped)
		return 0;
	return n < LD_OUT - at ? n : LD_OUT - at;
}

void ld_skip(struct ldisc *l, size_t n)
{
	l->out_tail += (uint32_t)n;
}

size_t ld_readable(const struct ldisc *l)
{
	size_t n = 0;

	if (!(l->t.c_lflag & ICANON))
		return l->in_head - l->in_tail;
	if (!l->lines)
		return 0;
	for (uint32_t i = l->in_tail; i != l->in_head; i++) {
		uint16_t e = l->in[i % LD_IN];

		if (!(e & LD_EOF))
			n++;
		if (e & LD_END)
			break;
	}
	return n;
}

int ld_ready(const struct ldisc *l)
{
	return l->t.c_lflag & ICANON ? l->lines > 0 : l->in_head != l->in_tail;
}

size_t ld_read(struct ldisc *l, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (l->in_tail != l->in_head) {
		uint16_t e = l->in[l->in_tail % LD_IN];

		/* An end of file right after a full buffer must not be read as a second one. */
		if (got == n && !((e & LD_EOF) && got))
			break;
		l->in_tail++;
		if (e & LD_END)
			l->lines--;
		if (!(e & LD_EOF))
			p[got++] = (uint8_t)e;
		if ((e & LD_END) && (l->t.c_lflag & ICANON))
			break;
	}
	return got;
}

void ld_set(struct ldisc *l, const struct termios *t)
{
	unsigned was = l->t.c_lflag & ICANON;

	l->t = *t;
	if (was && !(t->c_lflag & ICANON)) {
		/* What was typed of a line can be read at once. */
		for (uint32_t i = 0; i < l->len; i++)
			ld_queue(l, l->line[i]);
		l->len = 0;
	} else if (!was && (t->c_lflag & ICANON) && l->in_head != l->in_tail) {
		uint16_t *last = &l->in[(l->in_head - 1) % LD_IN];

		if (!(*last & LD_END)) {
			*last |= LD_END;
			l->lines++;
		}
	}
	if (!(t->c_iflag & IXON))
		l->stopped = 0;
	l->literal = 0;
}

void ld_flush(struct ldisc *l, int in, int out)
{
	if (in) {
		l->in_tail = l->in_head;
		l->lines = 0;
		l->len = 0;
		l->literal = 0;
	}
	if (out)
		l->out_tail = l->out_head;
}
