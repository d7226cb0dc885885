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
	struct list tools;		/* the host's programs that are there; all when it is empty */
};

void sandbox_bind(struct sandbox *s, const char *from, const char *to, int writable);

/*
 * Runs `sh -e script` (a file as the step sees it) and waits: its exit status, 128 +
 * signal, or -1 when the sandbox could not be made (a message says why).
 */
int sandbox_run(const struct sandbox *s, const char *script);

/* In a child: becomes the script as the environment says; it ends with 126 when it cannot. */
void sandbox_exec(const struct sandbox *s, const char *script) __attribute__((noreturn));

/* For hostview.c, while the root is made: a path of the host, a link or a read-only mount. */
void sandbox_show(const struct sandbox *s, const char *path);
/* Mounts from, read-only, at `to` below the new root. */
void sandbox_mount(const struct sandbox *s, const char *from, const char *to);
/* hostview.c: /usr with the programs of s->tools alone. */
void host_view(const struct sandbox *s);

#endif
