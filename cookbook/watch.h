/* SPDX-License-Identifier: MIT */
/* What a build may take while it runs, and what its failure may come from. */
#ifndef COOK_WATCH_H
#define COOK_WATCH_H

#include "util.h"

/*
 * Waits for pid, the only child of a process namespace's init: its exit status or 128 +
 * signal.  When it and its children take too much, a message and 125; the caller ends, and
 * with it the namespace.  COOK_MAX_PROCESSES (4000) and COOK_MAX_DISK (MiB below `dir`'s
 * file system; no bound) say how much; of the disk 256 MiB are always left.
 */
int watch_child(pid_t pid, const char *dir);

/* 1 and a message when the build tried what the sandbox forbids: packets that had no way out. */
int watch_network(void);

/*
 * Says after a failed step which rules of the sandbox the end of its log speaks of: files
 * of the host that a build does not see, programs that are missing, writing elsewhere.
 */
void explain_failure(const char *log);

#endif
