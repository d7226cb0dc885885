/* SPDX-License-Identifier: MIT */
/* Finished builds from elsewhere: cache.c takes them, export.c writes them. */
#ifndef COOK_CACHE_H
#define COOK_CACHE_H

#include "cook.h"

/* The build of p's key from c->cache_from into the store: 1 when it is there then. */
int cache_get(struct cook *c, struct port *p);

/* The text that is signed for the object of p with this hash and length; fresh. */
char *cache_statement(const struct port *p, const char *hex, uint64_t bytes);

/* Where the keys are: repo.key, which signs, and *.pub, which are trusted; fresh. */
char *cache_key_folder(void);

#endif
