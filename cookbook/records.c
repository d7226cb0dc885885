/* SPDX-License-Identifier: MIT */
/*
 * How long builds take.  records.tsv in the cache has one line a build: key, name,
 * seconds, result, time (seconds of Unix).  What was never built here is estimated
 * by cookbook/estimates.tsv of the tree (name, seconds), scaled by how much faster
 * or slower than those figures this host has been so far; what is not in there either by
 * the size of its source archives.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cook.h"

#define SECONDS_AT_LEAST 20.0
#define SECONDS_A_MEGABYTE 20.0		/* of a compressed archive: openssl, coreutils, python, gcc */
#define UNKNOWN_MEGABYTES 2.0		/* of an archive that is not here yet */

void
records_append(const struct cook *c, const char *table, char *line)
{
	char *path = cook_path(c, "%s", table);
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

	/* One write appends one line, also when several cooks run. */
	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		warn_("%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(line);
	free(path);
}

void
records_add(const struct cook *c, const struct port *p, double seconds, const char *result)
{
	records_append(c, "records.tsv", fmt("%s\t%s\t%.1f\t%s\t%lld\n", p->key, p->name, seconds, result,
			(long long)time(NULL)));
}

/* Cuts a line at its tabs; how many fields there are, at most n. */
static size_t
cut_fields(char *line, char **field, size_t n)
{
	char *save = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		field[i] = strtok_r(i ? NULL : line, "\t", &save);
		if (!field[i])
			break;
	}
	return i;
}

static void
read_record(struct cook *c, char *line)
{
	char *field[5];
	struct port *p;

	if (cut_fields(line, field, 5) != 5 || strcmp(field[3], "ok") != 0)
		return;
	p = cook_find(c, field[1]);
	if (p)
		p->measured = strtod(field[2], NULL);
}

static void
read_estimate(struct cook *c, char *line)
{
	char *field[2];
	struct port *p;

	if (cut_fields(line, field, 2) != 2)
		return;
	p = cook_find(c, field[0]);
	if (p)
		p->estimate = strtod(field[1], NULL);
}

static void
read_lines(struct cook *c, char *path, void (*read_line)(struct cook *c, char *line))
{
	char *text = read_file(path, NULL), *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		read_line(c, line);
	free(text);
	free(path);
}

static double
estimate_by_size(const struct cook *c, const struct recipe *r)
{
	double megabytes = 0;
	struct stat st;
	size_t i;

	for (i = 0; r && i < r->source.n; i++) {
		char *path = cook_path(c, "sources/%s", r->sha256.v[i]);

		if (strncmp(r->source.v[i], "tree:", 5) != 0)
			megabytes += stat(path, &st) == 0 ? (double)st.st_size / 1e6 : UNKNOWN_MEGABYTES;
		free(path);
	}
	return SECONDS_AT_LEAST + SECONDS_A_MEGABYTE * megabytes;
}

void
records_estimate(struct cook *c)
{
	double here = 0, there = 0, scale;
	size_t i;

	read_lines(c, fmt("%s/cookbook/estimates.tsv", c->root), read_estimate);
	read_lines(c, cook_path(c, "records.tsv"), read_record);
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		if (p->measured > 0 && p->estimate > 0) {
			here += p->measured;
			there += p->estimate;
		}
	}
	scale = here > 60 ? here / there : 1;
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		p->estimate = p->measured > 0 ? p->measured :
			scale * (p->estimate > 0 ? p->estimate : estimate_by_size(c, p->r));
	}
}
