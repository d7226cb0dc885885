/* SPDX-License-Identifier: MIT */
/* Which of the ports that are ready goes first. */
#ifndef COOK_CHOICE_H
#define COOK_CHOICE_H

#include "cook.h"

/* Before the first choice, with the estimates known; order has dependencies first. */
void choice_prepare(struct cook *c, struct port *const *order);

/* port.path: the time from each port's start to the end of all that waits for it. */
void choice_paths(const struct cook *c, struct port *const *order);

/* The seconds that p may take: what was never built here may take half as long again. */
double choice_seconds(const struct port *p);

/*
 * The ready port to start when `left` seconds are left (of c->budget; else it says nothing):
 * that with the longest way to the end.  When not all fits into the budget, that which is
 * worth most a second: it counts for itself and for each port that waits for it.  NULL: none.
 */
struct port *choice_best(const struct cook *c, struct port *const *order, double left);

#endif
