/* SPDX-License-Identifier: MIT */
/* Progress: what runs, what is left, and how long it may take. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "progress.h"

#define TAIL_LINES 30
#define PLAIN_EVERY 60.0		/* seconds between plain lines while nothing happens */

static int
is_open(const struct port *p)
{
	return p->wanted && (p->state == PORT_WAITING || p->state == PORT_READY ||
			p->state == PORT_RUNNING);
}

static int
count_open(const struct cook *c)
{
	size_t i;
	int n = 0;

	for (i = 0; i < c->nports; i++)
		n += is_open(&c->port[i]);
	return n;
}

/* The greater of all work shared out and the longest chain. */
static double
time_to_go(const struct cook *c)
{
	double sum = 0, longest = 0;
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];
		double gone = p->state == PORT_RUNNING ? now() - p->started : 0;

		if (!is_open(p))
			continue;
		sum += p->estimate > gone ? p->estimate - gone : 0;
		if (p->path - gone > longest)
			longest = p->path - gone;
	}
	sum /= c->jobs;
	return sum > longest ? sum : longest;
}

void
progress_begin(struct progress *pr, const struct cook *c)
{
	pr->c = c;
	pr->tty = isatty(1);
	pr->total = count_open(c);
	pr->last = now();
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static void
hide(struct progress *pr)
{
	if (pr->shown)
		fputs("\r\033[K", stdout);
	pr->shown = 0;
}

void
progress_start(struct progress *pr, const struct port *p)
{
	hide(pr);
	printf("build %s %s\n", p->name, p->r->version);
}

void
progress_done(struct progress *pr, const struct port *p)
{
	hide(pr);
	pr->done++;
	printf("done %s %.1fs [%d/%d]\n", p->name, now() - p->started, pr->done, pr->total);
}

/* The last lines of the log: where most errors are to be read. */
static void
print_tail(const char *path)
{
	size_t len, lines = 0;
	char *text = read_file(path, &len), *s;

	if (!text)
		return;
	s = text + len;
	while (s > text && lines <= TAIL_LINES)
		if (*--s == '\n')
			lines++;
	if (s > text)
		s++;
	fwrite(s, 1, len - (size_t)(s - text), stdout);
	free(text);
}

void
progress_failed(struct progress *pr, const struct port *p)
{
	char *log = cook_path(pr->c, "logs/%s.log", p->name);

	hide(pr);
	printf("FAIL %s %s, log %s:\n", p->name, p->r->version, log);
	print_tail(log);
	printf("FAIL %s (end of log)\n", p->name);
	free(log);
}

static char *
status_text(const struct cook *c)
{
	struct buf b = { 0 };
	double left = time_to_go(c);
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];

		if (p->state == PORT_RUNNING)
			buf_fmt(&b, "%s %.0fs, ", p->name, now() - p->started);
	}
	buf_fmt(&b, "%d left, about %d:%02d to go", count_open(c), (int)left / 60, (int)left % 60);
	return b.s;
}

static void
show(struct progress *pr, const char *text)
{
	struct winsize ws;
	int width = ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1 ? ws.ws_col - 1 : 79;

	printf("\r\033[K%.*s", width, text);
	fflush(stdout);
	pr->shown = 1;
}

void
progress_tick(struct progress *pr, const struct cook *c)
{
	char *text;

	if (!pr->tty && now() - pr->last < PLAIN_EVERY)
		return;
	if (!count_open(c))
		return;
	pr->last = now();
	text = status_text(c);
	if (pr->tty)
		show(pr, text);
	else
		printf("running: %s\n", text);
	free(text);
}

void
progress_end(struct progress *pr)
{
	hide(pr);
	fflush(stdout);
}
