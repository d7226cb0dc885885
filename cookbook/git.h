/* SPDX-License-Identifier: MIT */
/* Running git with a configuration of our own: what the user set up changes nothing. */
#ifndef COOK_GIT_H
#define COOK_GIT_H

#include "util.h"

struct git {
	const char *dir;		/* the work tree */
	const char *repo;		/* its .git when that is elsewhere, or NULL */
	const char *index;		/* another index than that of dir, or NULL */
	const char *input;		/* a file that is standard input, or NULL */
	const char *author, *date;	/* of commits: "NAME <MAIL>"; NULL: cook's own */
	int quiet;			/* what git says on standard error is dropped */
};

/* Both take the words after "git", ended by NULL. */
int git_run(const struct git *g, ...) __attribute__((sentinel));	/* its status, or -1 */
/* What it prints, without the last newline, fresh; NULL when it fails. */
char *git_read(const struct git *g, ...) __attribute__((sentinel));

/* Lines of a text that git_read() gave (frees it; NULL is none). */
void git_lines(char *text, struct list *out);

#endif
