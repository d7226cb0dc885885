/* SPDX-License-Identifier: MIT */
/* What ran when, as a picture: cook build --timeline FILE.svg. */
#ifndef COOK_TIMELINE_H
#define COOK_TIMELINE_H

#include "cook.h"

void timeline_begin(void);
/* A build of p that ended now, well or not. */
void timeline_add(const struct port *p, int ok);
/* How busy the processors were since the last call; at most once a second. */
void timeline_sample(void);
/* Writes what was added; nothing ran: no file.  0 or -errno. */
int timeline_write(const char *file, int jobs);

#endif
