/* SPDX-License-Identifier: MIT */
/* What shared libraries export, compared between two builds of a port. */
#ifndef COOK_ABI_H
#define COOK_ABI_H

#include "cook.h"

/*
 * Adds a line for each symbol, or whole library, that the build `old` exports and `new`
 * does not ("gone …"), exports with another size ("size …"), or newly ("new …").
 * Libraries are the same by their soname.  Returns how many lines break programs.
 */
int abi_compare(const struct cook *c, const char *old, const char *new, struct list *out);

#endif
