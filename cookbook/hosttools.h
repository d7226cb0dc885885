/* SPDX-License-Identifier: MIT */
/* Which of the host's programs a build may see. */
#ifndef COOK_HOSTTOOLS_H
#define COOK_HOSTTOOLS_H

#include "recipe.h"

/* Adds the names that every build sees, and those that come with what r is built by and names. */
void host_tools_of(const struct recipe *r, struct list *out);

/* The path of a program in the host's folders of programs, fresh, or NULL. */
char *host_tools_find(const char *name);

#endif
