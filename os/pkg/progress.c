/* SPDX-License-Identifier: MIT */
/* Downloads under way, a line each, redrawn in place on a terminal (pkg.h). One thread only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pkg.h"

#define LINES	16

static struct line {
	bool used;
	char label[64];
	uint64_t have, total;
	struct timespec start;
} lines[LINES];
static int drawn;			/* lines on the screen now */
static struct timespec last;

static double
since(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

static void
draw_line(const struct line *l)
{
	char have[16], total[16], rate[16], bar[21];
	double s = since(&l->start);
	int full = l->total ? (int)(20 * l->have / l->total) : 0, i;

	for (i = 0; i < 20; i++)
		bar[i] = i < full ? '#' : '.';
	bar[20] = '\0';
	fprintf(stderr, "\r\033[K  %-28.28s [%s] %s of %s", l->label, bar, human(l->have, have),
			human(l->total, total));
	if (s > 0.5)
		fprintf(stderr, ", %s/s", human((uint64_t)((double)l->have / s), rate));
	fputc('\n', stderr);
}

static void
erase(void)
{
	if (drawn)
		fprintf(stderr, "\033[%dA\033[J", drawn);
	drawn = 0;
}

static void
draw(void)
{
	int i;

	erase();
	for (i = 0; i < LINES; i++)
		if (lines[i].used) {
			draw_line(&lines[i]);
			drawn++;
		}
	fflush(stderr);
	clock_gettime(CLOCK_MONOTONIC, &last);
}

int
progress_begin(struct pkg *k, const char *label, uint64_t total)
{
	int i;

	if (k->quiet || k->json || !label || !isatty(STDERR_FILENO))
		return -1;
	for (i = 0; i < LINES && lines[i].used; i++)
		;
	if (i == LINES)
		return -1;
	memset(&lines[i], 0, sizeof(lines[i]));
	lines[i].used = true;
	lines[i].total = total;
	snprintf(lines[i].label, sizeof(lines[i].label), "%s", label);
	clock_gettime(CLOCK_MONOTONIC, &lines[i].start);
	draw();
	return i;
}

void
progress_add(struct pkg *k, int id, uint64_t bytes)
{
	(void)k;
	if (id < 0)
		return;
	lines[id].have += bytes;
	if (since(&last) > 0.1)
		draw();
}

void
progress_end(struct pkg *k, int id)
{
	(void)k;
	if (id < 0)
		return;
	lines[id].used = false;
	draw();
}
