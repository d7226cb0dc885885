/* SPDX-License-Identifier: MIT */
/* Builds that serve two targets. */
#ifndef COOK_SHARE_H
#define COOK_SHARE_H

#include "cook.h"

/* p, whose key is known, from the last build for the first target: 1 when it is in the store now. */
int share_get(struct cook *c, struct port *p);

/* pack.c: the package file `from`, whose files are in `tree`, once more for another arch. */
int pack_as(const char *from, const char *to, const char *tree, const char *arch, struct cpk_error *err);

/* key.c: the key that inputs make for a recipe. */
void key_of_inputs(const struct cook *c, const struct recipe *r, const struct list *inputs,
		char key[CPK_HEX]);

#endif
