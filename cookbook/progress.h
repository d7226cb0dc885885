/* SPDX-License-Identifier: MIT */
/*
 * What one sees of a run: a line for each event, and on a terminal below them what runs with
 * the last line of its log, what is next, the time to go, and the keys when something failed.
 */
#ifndef COOK_PROGRESS_H
#define COOK_PROGRESS_H

#include "cook.h"

struct progress {
	const struct cook *c;
	int tty;
	int shown;			/* lines of the status that are on the screen */
	int total, done;		/* builds of this run */
	double last;			/* when a plain progress line was printed */
};

void progress_begin(struct progress *pr, const struct cook *c);
void progress_start(struct progress *pr, const struct port *p);
void progress_done(struct progress *pr, const struct port *p);
void progress_failed(struct progress *pr, const struct port *p);
void progress_tick(struct progress *pr, const struct cook *c);
void progress_end(struct progress *pr);

#endif
