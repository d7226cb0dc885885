/* SPDX-License-Identifier: MIT */
/* Targets: what recipes are built for.  All but x86_64-pc-calx are files in toolchain/targets/. */
#ifndef COOK_TARGET_H
#define COOK_TARGET_H

#include "recipe.h"

struct target {
	char *name;			/* "x86_64-linux-calx": its packages' arch */
	char *like;			/* the target whose builds look the same, or NULL */
	char *triple;			/* {target}, --host, the prefix of CC: like's, or its name */
	char *platform;			/* {platform}: the part of libc's platform/ */
	struct list tools;		/* host recipes beside the compilers */
	char *skeleton;			/* folder of the tree with the first files of that root */
	struct list root;		/* packages in the root of a test */
	struct list without;		/* recipes that are not built for it; nobody misses their packages */
	int native;			/* its programs run on this host */
};

extern const struct target target_first;

/* Reads toolchain/targets/NAME.toml below root; dies with a message when it is none. */
const struct target *target_read(const char *root, const char *name);

#endif
