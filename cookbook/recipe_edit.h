/* SPDX-License-Identifier: MIT */
/* Changing single values of a port.toml and leaving every other byte as it is. */
#ifndef COOK_RECIPE_EDIT_H
#define COOK_RECIPE_EDIT_H

#include "util.h"

/*
 * The text with string `nth` (0 for a value that is no list) of the top-level key replaced
 * by value; fresh, or NULL when there is no such one-line string.
 */
char *recipe_set(const char *text, const char *key, size_t nth, const char *value);

/* The text without the line of a top-level key, fresh; a copy when it has none. */
char *recipe_unset(const char *text, const char *key);

#endif
