/* SPDX-License-Identifier: MIT */
/* Progress: what runs, what is left, and how long it may take. */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "progress.h"
#include "terminal.h"

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
	if (pr->shown > 1)
		printf("\033[%dA", pr->shown - 1);
	if (pr->shown)
		fputs("\r\033[J", stdout);
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

static void
put_left(struct buf *b, const struct cook *c)
{
	double left = time_to_go(c);

	buf_fmt(b, "%d left, about %d:%02d to go", count_open(c), (int)left / 60, (int)left % 60);
}

/* --- piped: one line now and then --- */

static void
print_plain(const struct cook *c)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];

		if (p->state == PORT_RUNNING)
			buf_fmt(&b, "%s %.0fs, ", p->name, now() - p->started);
	}
	put_left(&b, c);
	printf("running: %s\n", b.s);
	free(b.s);
}

/* --- on a terminal --- */

/* The last line of a log that says something, with blanks for what is no plain text; fresh. */
static char *
last_line(const char *path)
{
	char tail[512], *s, *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = size <= 0 ? 0 : pread(fd, tail, sizeof(tail) - 1, size > (off_t)sizeof(tail) ?
			size - (off_t)sizeof(tail) + 1 : 0);

	if (fd >= 0)
		close(fd);
	tail[n > 0 ? n : 0] = '\0';
	for (end = tail + strlen(tail); end > tail && isspace((unsigned char)end[-1]); end--)
		;
	*end = '\0';
	for (s = end; s > tail && s[-1] != '\n'; s--)
		;
	for (end = s; *end; end++)
		if ((unsigned char)*end < ' ' || *end == 0x7f)
			*end = ' ';
	return xdup(s);
}

static void
put_running(struct list *lines, const struct cook *c, const struct port *p)
{
	char *log = build_log(c, p), *last = last_line(log);

	list_take(lines, fmt("  %-16s %4.0f of %.0f s  %s", p->name, now() - p->started, p->estimate,
			last));
	free(last);
	free(log);
}

/* Of what does not run yet, what comes before others: ready ones first, the longest way first. */
static const struct port *
next_after(const struct cook *c, const struct list *named)
{
	const struct port *best = NULL;
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];

		if (!p->wanted || (p->state != PORT_READY && p->state != PORT_WAITING) ||
		    list_has(named, p->name))
			continue;
		if (!best || (p->state == PORT_READY) > (best->state == PORT_READY) ||
		    (p->state == best->state && p->path > best->path))
			best = p;
	}
	return best;
}

static void
put_head(struct list *lines, const struct progress *pr)
{
	struct list named = { 0 };
	struct buf b = { 0 };
	const struct port *p;
	size_t i;

	buf_fmt(&b, "[%d/%d] ", pr->done, pr->total);
	put_left(&b, pr->c);
	while (named.n < 4 && (p = next_after(pr->c, &named)))
		list_add(&named, p->name);
	for (i = 0; i < named.n; i++)
		buf_fmt(&b, "%s %s", i ? "" : "; next", named.v[i]);
	list_take(lines, b.s);
	cpk_list_free(&named);
}

static void
show(struct progress *pr)
{
	const struct port *failed = ask_about(pr->c);
	struct list lines = { 0 };
	int width = terminal_width();
	size_t i;

	if (count_open(pr->c))
		put_head(&lines, pr);
	for (i = 0; i < pr->c->nports; i++)
		if (pr->c->port[i].state == PORT_RUNNING)
			put_running(&lines, pr->c, &pr->c->port[i]);
	if (failed)
		list_take(&lines, fmt("%s failed: " ASK_KEYS, failed->name));
	hide(pr);
	for (i = 0; i < lines.n; i++)
		printf("%s%.*s", i ? "\n" : "", width, lines.v[i]);
	pr->shown = (int)lines.n;
	fflush(stdout);
	cpk_list_free(&lines);
}

void
progress_tick(struct progress *pr, const struct cook *c)
{
	if (pr->tty) {
		show(pr);
		return;
	}
	if (now() - pr->last < PLAIN_EVERY || !count_open(c))
		return;
	pr->last = now();
	print_plain(c);
}

void
progress_end(struct progress *pr)
{
	hide(pr);
	fflush(stdout);
}
