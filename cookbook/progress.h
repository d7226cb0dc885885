/* SPDX-License-Identifier: MIT */
/* What one sees of a run: lines when piped, also one status line on a terminal. */
#ifndef COOK_PROGRESS_H
#define COOK_PROGRESS_H

#include "cook.h"

struct progress {
	const struct cook *c;
	int tty;
	int shown;			/* the status line is on the screen */
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
