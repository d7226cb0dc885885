/* SPDX-License-Identifier: MIT */
/* The schema of port.toml, as tables: what reads a recipe, frees it and writes its normal form goes by them. */
#ifndef COOK_RECIPE_SCHEMA_H
#define COOK_RECIPE_SCHEMA_H

#include <stddef.h>

enum kind { STR, INT, BOOL, LIST, MAP, ARCH, TOOLCHAIN, SYSROOT, SYSTEM };
#define NEEDED	1			/* the key must be there */
#define ONE	2			/* a list may be written as one string */
#define NODUP	4			/* a list names nothing twice */
#define LATER	8			/* younger than the normal form: in it only when set */
#define OUTSIDE	16			/* changes no output: its value is in no key */

struct key {
	const char *name;
	enum kind kind;
	size_t at;			/* of the field, in struct recipe (or struct split) */
	int flags;
	const char *(*refused)(const char *value);	/* of each string, or NULL */
};

/* Each ends with a key without a name.  Their order is that of the normal form: it never changes. */
extern const struct key top_keys[], build_keys[], test_keys[], split_keys[];

/* The words that a key of kind ARCH, TOOLCHAIN, SYSROOT or SYSTEM may have, in order of their enum; NULL ends them. */
const char *const *schema_words(enum kind kind);

/* The key of that name in a table, or NULL. */
const struct key *schema_find(const struct key *keys, const char *name);

/*
 * Why a table has no such key, fresh: "unknown key", and where the key belongs that is called so or
 * nearly so.  Tables of the recipe count as keys when keys is top_keys.
 */
char *schema_unknown(const struct key *keys, const char *name);

#endif
