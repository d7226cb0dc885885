/* SPDX-License-Identifier: MIT */
/* Checks of single values in recipes: each returns NULL, or a sentence why not. */
#ifndef COOK_RECIPE_VALUES_H
#define COOK_RECIPE_VALUES_H

#include "recipe.h"

const char *bad_name(const char *s);
const char *bad_version(const char *s);
const char *bad_dep(const char *s);
const char *bad_sha256(const char *s);
const char *bad_source(const char *s);
const char *bad_tool(const char *s);
const char *bad_cpe(const char *s);
const char *bad_line(const char *s);
const char *bad_path(const char *s);
const char *bad_pair(const char *s);
const char *bad_assignment_key(const char *s);

#endif
