/* SPDX-License-Identifier: MIT */
/* Which files packages have, installed or not: cmd_files.c. */
#ifndef FILES_H
#define FILES_H

#include "pkg.h"

/*
 * Prints the packages of the repositories that have a file at a path that matches the pattern
 * (without its first '/'), and counts them in *n. Their lists of files are fetched.
 */
int provides_path(struct pkg *k, const char *pattern, size_t *n);

#endif
