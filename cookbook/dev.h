/* SPDX-License-Identifier: MIT */
/*
 * Work trees of ports: dev/NAME below the root of the tree, a git repository whose branch
 * `calx` has the sources of upstream as one commit (the tag `base`) and a commit for each
 * patch after it.  The tag `exported` is what patches/ holds.  .git/cook remembers the
 * recipe's sources and the patches as they were read: lines "source SPEC SHA256" and
 * "patch HASH COMMIT NAME".  Nothing here is ever removed while git knows of work in it that
 * patches/ does not hold.
 */
#ifndef COOK_DEV_H
#define COOK_DEV_H

#include "cook.h"
#include "git.h"

struct dev {
	const struct cook *c;
	const struct recipe *r;
	char *dir;			/* absolute */
	char *shown;			/* "dev/NAME", as messages name it */
	char *patches;			/* absolute: the folder in patches/ */
	struct git git;			/* in dir */
	struct list sources;		/* "SPEC SHA256" as they were when the tree was made */
	struct list known;		/* "HASH COMMIT NAME": patches that this tree stands for */
};

/* Fills d; 1 when the work tree is there. */
int dev_open(struct dev *d, const struct cook *c, const struct port *p);
void dev_close(struct dev *d);

/* What the tree holds that patches/ does not: a text of lines, fresh; NULL when nothing. */
char *dev_unsaved(const struct dev *d);

/* The part of it that is not even committed. */
char *dev_uncommitted(const struct dev *d);

/* 1 when recipe and patches are not those that the tree was made from. */
int dev_is_stale(struct dev *d);

/* Makes the tree; there must be none.  0, or -1 and a message. */
int dev_make(struct dev *d);

/* Replaces all files but .git by the sources of r and commits them: 0, or -1 and a message. */
int dev_commit_sources(struct dev *d, const struct recipe *r);

/* Writes .git/cook for recipe r and the patches that are in patches/ now. */
int dev_remember(struct dev *d, const struct recipe *r);

/* The hash of a file; -errno. */
int dev_hash(const char *path, char hex[CPK_HEX]);

/* dev_export.c: writes the commits after `base` to patches/; 0, or -1 and nothing written. */
int dev_export(struct dev *d, const struct recipe *r);

#endif
