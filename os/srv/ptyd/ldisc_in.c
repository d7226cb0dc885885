/* SPDX-License-Identifier: MIT */
/* Line discipline, input: signals, editing of a line, echo. */
#include <signal.h>
#include "ldisc_in.h"

#define DISABLED	0	/* _POSIX_VDISABLE */

int ld_queue(struct ldisc *l, uint16_t e)
{
	if (l->in_head - l->in_tail == LD_IN)
		return 0;
	l->in[l->in_head++ % LD_IN] = e;
	if (e & LD_END)
		l->lines++;
	return 1;
}

static int is(const struct ldisc *l, uint8_t c, int which)
{
	return c != DISABLED && l->t.c_cc[which] == c;
}

static int is_ctl(uint8_t c)
{
	return (c < 32 && c != '\t' && c != '\n') || c == 127;
}

static int is_cont(const struct ldisc *l, uint8_t c)
{
	return (l->t.c_iflag & IUTF8) && (c & 0xc0) == 0x80;
}

static void echo(struct ldisc *l, uint8_t c)
{
	if (!(l->t.c_lflag & ECHO) && !(c == '\n' && (l->t.c_lflag & ECHONL)))
		return;
	if (is_ctl(c) && (l->t.c_lflag & ECHOCTL)) {
		ld_put(l, '^');
		c ^= 64;
	}
	ld_put(l, c);
}

static void bell(struct ldisc *l)
{
	if (l->t.c_iflag & IMAXBEL)
		ld_put(l, 7);
}

/* Columns that byte c takes when it begins at column col. */
static unsigned width(const struct ldisc *l, uint8_t c, unsigned col)
{
	if (c == '\t')
		return 8 - col % 8;
	if (is_ctl(c))
		return l->t.c_lflag & ECHOCTL ? 2 : 0;
	return is_cont(l, c) ? 0 : 1;
}

static unsigned column_of(const struct ldisc *l, uint32_t n)
{
	unsigned col = l->line_col;

	for (uint32_t i = 0; i < n; i++)
		col += width(l, l->line[i], col);
	return col;
}

/* Removes the last character of the line (all its bytes). */
static void erase_one(struct ldisc *l)
{
	uint32_t end = l->len;
	unsigned n;

	do
		l->len--;
	while (l->len && is_cont(l, l->line[l->len]));
	if (!(l->t.c_lflag & ECHO))
		return;
	if (!(l->t.c_lflag & ECHOE)) {
		echo(l, l->t.c_cc[VERASE]);
		return;
	}
	n = column_of(l, end) - column_of(l, l->len);
	if (l->line[l->len] == '\t') {
		while (n--)
			ld_put(l, '\b');
		return;
	}
	while (n--) {
		ld_put(l, '\b');
		ld_put(l, ' ');
		ld_put(l, '\b');
	}
}

static void erase_word(struct ldisc *l)
{
	while (l->len && (l->line[l->len - 1] == ' ' || l->line[l->len - 1] == '\t'))
		erase_one(l);
	while (l->len && l->line[l->len - 1] != ' ' && l->line[l->len - 1] != '\t')
		erase_one(l);
}

static void kill_line(struct ldisc *l)
{
	if ((l->t.c_lflag & (ECHOKE | ECHOE | ECHO)) == (ECHOKE | ECHOE | ECHO)) {
		while (l->len)
			erase_one(l);
		return;
	}
	l->len = 0;
	if (l->t.c_lflag & ECHO) {
		echo(l, l->t.c_cc[VKILL]);
		if (l->t.c_lflag & ECHOK)
			ld_put(l, '\n');
	}
}

static void reprint(struct ldisc *l)
{
	echo(l, l->t.c_cc[VREPRINT]);
	ld_put(l, '\n');
	l->line_col = 0;
	for (uint32_t i = 0; i < l->len; i++)
		echo(l, l->line[i]);
}

static void add(struct ldisc *l, uint8_t c)
{
	/* Room for the end of the line must stay. */
	if (l->len + 1 >= LD_LINE || l->in_head - l->in_tail + l->len + 2 >= LD_IN) {
		bell(l);
		return;
	}
	if (!l->len)
		l->line_col = l->col;
	l->line[l->len++] = c;
	echo(l, c);
}

/* The line is complete; e is its last element. */
static void finish(struct ldisc *l, uint16_t e)
{
	for (uint32_t i = 0; i < l->len; i++)
		ld_queue(l, l->line[i]);
	l->len = 0;
	ld_queue(l, e | LD_END);
}

/* Editing characters of canonical mode; true when c was one. */
static int edit(struct ldisc *l, uint8_t c)
{
	int ext = l->t.c_lflag & IEXTEN;

	if (is(l, c, VERASE) || (c == '\b' && l->t.c_cc[VERASE] == 127)) {
		if (l->len)
			erase_one(l);
	} else if (is(l, c, VKILL)) {
		kill_line(l);
	} else if (ext && is(l, c, VWERASE)) {
		erase_word(l);
	} else if (ext && is(l, c, VREPRINT)) {
		reprint(l);
	} else if (is(l, c, VEOF)) {
		finish(l, LD_EOF);
	} else {
		return 0;
	}
	return 1;
}

static void canonical(struct ldisc *l, uint8_t c)
{
	if (edit(l, c))
		return;
	if (c == '\n' || is(l, c, VEOL) || ((l->t.c_lflag & IEXTEN) && is(l, c, VEOL2))) {
		echo(l, c);
		finish(l, c);
		return;
	}
	add(l, c);
}

static int signal_for(const struct ldisc *l, uint8_t c)
{
	if (is(l, c, VINTR))
		return SIGINT;
	if (is(l, c, VQUIT))
		return SIGQUIT;
	return is(l, c, VSUSP) ? SIGTSTP : 0;
}

/* Flow control and signals; true when c was used up. */
static int special(struct ldisc *l, uint8_t c)
{
	int signo = l->t.c_lflag & ISIG ? signal_for(l, c) : 0;

	if (signo) {
		l->stopped = 0;
		if (!(l->t.c_lflag & NOFLSH))
			ld_flush(l, 1, 1);
		echo(l, c);
		l->signal(l->arg, signo);
		return 1;
	}
	if (!(l->t.c_iflag & IXON))
		return 0;
	if (is(l, c, VSTOP)) {
		l->stopped = 1;
		return 1;
	}
	if (is(l, c, VSTART)) {
		l->stopped = 0;
		return 1;
	}
	if (l->stopped && (l->t.c_iflag & IXANY))
		l->stopped = 0;
	return 0;
}

/* Maps c by c_iflag; -1 when it is ignored. */
static int translate(const struct ldisc *l, uint8_t c)
{
	if (l->t.c_iflag & ISTRIP)
		c &= 0x7f;
	if (c == '\r') {
		if (l->t.c_iflag & IGNCR)
			return -1;
		return l->t.c_iflag & ICRNL ? '\n' : c;
	}
	return c == '\n' && (l->t.c_iflag & INLCR) ? '\r' : c;
}

static void one(struct ldisc *l, uint8_t byte)
{
	int canon = l->t.c_lflag & ICANON, c;

	if (l->literal) {
		l->literal = 0;
		if (canon)
			add(l, byte);
		else if (ld_queue(l, byte))
			echo(l, byte);
		return;
	}
	if (special(l, byte))
		return;
	c = translate(l, byte);
	if (c < 0)
		return;
	if (canon && (l->t.c_lflag & IEXTEN) && is(l, (uint8_t)c, VLNEXT)) {
		l->literal = 1;
		if ((l->t.c_lflag & (ECHO | ECHOCTL)) == (ECHO | ECHOCTL)) {
			ld_put(l, '^');
			ld_put(l, '\b');
		}
		return;
	}
	if (canon)
		canonical(l, (uint8_t)c);
	else if (ld_queue(l, (uint16_t)c))
		echo(l, (uint8_t)c);
}

size_t ld_input(struct ldisc *l, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(l->t.c_lflag & ICANON) && l->in_head - l->in_tail == LD_IN)
			break;
		one(l, p[i]);
	}
	return i;
}
