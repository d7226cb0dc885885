/* SPDX-License-Identifier: MIT */
/* The time line: a bar a build, in as many lanes as builds ran at once, and the load above. */
#include <stdlib.h>
#include <string.h>
#include <sys/times.h>
#include <unistd.h>

#include "timeline.h"

#define WIDTH 1000.0			/* of the picture's time, in pixels */
#define LANE 18
#define LOAD 60				/* height of the curve of the load */

struct bar {
	char *name;
	double from, to;		/* seconds since the begin */
	int ok, lane;
};

struct sample {
	double at, busy;		/* share of all processors, 0 to 1 */
};

static struct {
	double begin;
	struct bar *bar;
	size_t nbars;
	struct sample *sample;
	size_t nsamples;
	unsigned long long busy, all;	/* of the last sample, in ticks */
	double spent;			/* what own_time() was at the begin */
} line;

/* Seconds of all processors that our children took which have ended, and theirs. */
static double
own_time(void)
{
	struct tms t;

	times(&t);
	return (double)(t.tms_cutime + t.tms_cstime) / (double)sysconf(_SC_CLK_TCK);
}

/* Ticks of all processors since the start of the host. */
static int
read_ticks(unsigned long long *busy, unsigned long long *all)
{
	char *text = read_file("/proc/stat", NULL);
	unsigned long long t[8] = { 0 };
	size_t i;
	int n = text ? sscanf(text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2],
			&t[3], &t[4], &t[5], &t[6], &t[7]) : 0;

	free(text);
	for (*all = 0, i = 0; i < 8; i++)
		*all += t[i];
	*busy = *all - t[3] - t[4];	/* idle, waiting for the disk */
	return n >= 5;
}

void
timeline_begin(void)
{
	line.begin = now();
	line.spent = own_time();
	read_ticks(&line.busy, &line.all);
}

void
timeline_sample(void)
{
	unsigned long long busy, all;
	double at = now() - line.begin;

	if ((line.nsamples && at - line.sample[line.nsamples - 1].at < 1) ||
	    !read_ticks(&busy, &all) || all == line.all)
		return;
	line.sample = xgrow(line.sample, (line.nsamples + 1) * sizeof(*line.sample));
	line.sample[line.nsamples++] = (struct sample){ at,
		(double)(busy - line.busy) / (double)(all - line.all) };
	line.busy = busy;
	line.all = all;
}

/* The first lane where nothing ran in that time. */
static int
free_lane(double from, double to)
{
	size_t i;
	int lane;

	for (lane = 0;; lane++) {
		for (i = 0; i < line.nbars; i++)
			if (line.bar[i].lane == lane && line.bar[i].from < to && from < line.bar[i].to)
				break;
		if (i == line.nbars)
			return lane;
	}
}

void
timeline_add(const struct port *p, int ok)
{
	struct bar *b;
	double from = p->started - line.begin, to = now() - line.begin;
	int lane = free_lane(from, to);

	line.bar = xgrow(line.bar, (line.nbars + 1) * sizeof(*line.bar));
	b = &line.bar[line.nbars++];
	*b = (struct bar){ xdup(p->name), from, to, ok, lane };
}

/* The average over the whole time, weighted by it. */
static double
mean_load(void)
{
	double sum = 0, before = 0;
	size_t i;

	for (i = 0; i < line.nsamples; i++) {
		sum += line.sample[i].busy * (line.sample[i].at - before);
		before = line.sample[i].at;
	}
	return before > 0 ? sum / before : 0;
}

static void
put_load(struct buf *b, double scale)
{
	double before = 0;
	size_t i;

	buf_fmt(b, "<path fill=\"#cde\" d=\"M0 %d", LOAD);
	for (i = 0; i < line.nsamples; i++) {
		double y = LOAD - LOAD * line.sample[i].busy;

		buf_fmt(b, "L%.1f %.1fL%.1f %.1f", before * scale, y, line.sample[i].at * scale, y);
		before = line.sample[i].at;
	}
	buf_fmt(b, "L%.1f %dZ\"/>\n", before * scale, LOAD);
}

/* Names are those of recipes: nothing in them needs escaping. */
static void
put_bar(struct buf *b, const struct bar *bar, double scale)
{
	double x = bar->from * scale, w = (bar->to - bar->from) * scale;
	int y = LOAD + 6 + bar->lane * LANE;

	buf_fmt(b, "<g><title>%s %.1f s%s</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
		"fill=\"%s\"/>", bar->name, bar->to - bar->from, bar->ok ? "" : ", failed", x, y,
		w < 1 ? 1 : w, LANE - 3, bar->ok ? "#6a9" : "#c55");
	if (w > 7.0 * (double)strlen(bar->name))
		buf_fmt(b, "<text x=\"%.1f\" y=\"%d\">%s</text>", x + 2, y + LANE - 6, bar->name);
	buf_str(b, "</g>\n");
}

int
timeline_write(const char *file, int jobs)
{
	struct buf b = { 0 };
	double end = 0.1;
	int lanes = 1, height, r;
	size_t i;

	if (!line.nbars)
		return 0;
	for (i = 0; i < line.nbars; i++) {
		end = line.bar[i].to > end ? line.bar[i].to : end;
		lanes = line.bar[i].lane >= lanes ? line.bar[i].lane + 1 : lanes;
	}
	height = LOAD + 6 + lanes * LANE + 20;
	buf_fmt(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" font-size=\"11\" "
		"font-family=\"sans-serif\">\n", WIDTH, height);
	put_load(&b, WIDTH / end);
	for (i = 0; i < line.nbars; i++)
		put_bar(&b, &line.bar[i], WIDTH / end);
	buf_fmt(&b, "<text x=\"2\" y=\"%d\">%zu builds in %.0f s, %d jobs, processors %.0f %% busy, "
		"builds took %.0f %% of %d</text>\n</svg>\n", height - 6, line.nbars, end, jobs,
		100 * mean_load(), 100 * (own_time() - line.spent) / (end * jobs), jobs);
	r = write_file(file, b.s, b.n, 0644);
	if (r < 0)
		warn_("%s: %s", file, strerror(-r));
	free(b.s);
	return r;
}
