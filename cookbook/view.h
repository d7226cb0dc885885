/* SPDX-License-Identifier: MIT */
/* What of a build its dependants see: headers, stubs of its libraries, data they may read. */
#ifndef COOK_VIEW_H
#define COOK_VIEW_H

#include "job.h"

/*
 * Writes what stands in place of libraries, programs and archives to store/stub/PACKAGE/PATH,
 * and to meta the line "link HASH" over all that dependants see.  The packages' files must have
 * been scanned.  0, or -1 and a message.
 */
int view_make(struct job *j, const struct packages *ps, struct buf *meta);

/* 1 when dependants see this path of a package at all. */
int view_shows(const char *path);
/* 1 when they see nothing of the package: it is for people or for debuggers. */
int view_hides_package(const char *package);

/* Merges what dependants see of a package into `to`; as merge_tree() with hard links. */
int view_merge(const char *out, const char *stubs, const char *to, char *clash);

#endif
