/* SPDX-License-Identifier: MIT */
/* Building a port a second time under other conditions, and comparing. */
#ifndef COOK_REPRO_H
#define COOK_REPRO_H

#include "cook.h"

/* The first difference of two trees, "PATH: WHERE", fresh; NULL when they are equal. */
char *diff_trees(const char *a, const char *b);

/*
 * Builds p, which is in the store, again: in another folder, with the clock a year ahead,
 * another host name, locale, umask, number of jobs and order of folders.  0 when the same
 * came out; 1 and *why (fresh) when not, or when it could not be built.
 */
int repro_port(struct cook *c, struct port *p, char **why);

/* For the second build: where it says what differs. */
char *repro_report(const struct cook *c, const struct port *p);

#endif
