/* SPDX-License-Identifier: MIT */
/* records.tsv: one line a build: key, name, seconds, result, time (seconds of Unix). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cook.h"

#define UNKNOWN_SECONDS 30.0

void
records_add(const struct cook *c, const struct port *p, double seconds, const char *result)
{
	char *path = cook_path(c, "records.tsv");
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	char *line = fmt("%s\t%s\t%.1f\t%s\t%lld\n", p->key, p->name, seconds, result,
			(long long)time(NULL));

	/* One write appends one line, also when several cooks run. */
	if (fd >= 0 && write(fd, line, strlen(line)) < 0)
		warn_("%s: cannot write", path);
	if (fd >= 0)
		close(fd);
	free(line);
	free(path);
}

static void
read_record(struct cook *c, char *line)
{
	char *field[5], *save = NULL;
	struct port *p;
	size_t i;

	for (i = 0; i < 5; i++) {
		field[i] = strtok_r(i ? NULL : line, "\t", &save);
		if (!field[i])
			return;
	}
	p = cook_find(c, field[1]);
	if (p && strcmp(field[3], "ok") == 0)
		p->estimate = strtod(field[2], NULL);
}

void
records_estimate(struct cook *c)
{
	char *path = cook_path(c, "records.tsv"), *text = read_file(path, NULL), *line, *save;
	size_t i;

	free(path);
	for (i = 0; i < c->nports; i++)
		c->port[i].estimate = UNKNOWN_SECONDS;
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		read_record(c, line);
	free(text);
}
