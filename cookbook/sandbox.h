/* SPDX-License-Identifier: MIT */
/* Running one step of a build, in fresh namespaces or without them. */
#ifndef COOK_SANDBOX_H
#define COOK_SANDBOX_H

#include "util.h"

struct bind {
	char *from;			/* on the host */
	char *to;			/* inside, "/calx/src" */
	int writable;
};

struct sandbox {
	int on;				/* 0: run on the host as it is */
	int vary;			/* other host name and umask: what repro compares with */
	char *top;			/* an empty folder that becomes the root */
	const char *packages;		/* a tree that stands for the host's files, or NULL */
	struct bind bind[16];
	size_t nbinds;
	struct list env;		/* "NAME=value": the whole environment */
	char *cwd;			/* as the step sees it */
};

void sandbox_bind(struct sandbox *s, const char *from, const char *to, int writable);

/*
 * Runs `sh -e script` (a file as the step sees it) and waits: its exit status, 128 +
 * signal, or -1 when the sandbox could not be made (a message says why).
 */
int sandbox_run(const struct sandbox *s, const char *script);

/* 0 when namespaces can be made here, else a negative errno. */
int sandbox_check(void);

#endif
