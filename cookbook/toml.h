/* SPDX-License-Identifier: MIT */
/*
 * A strict parser of the part of TOML 1.0 that recipes use: tables, strings,
 * integers, booleans, arrays, inline tables.  What it does not take (dates, floats,
 * dotted keys, arrays of tables) it refuses by name.  No input is trusted.
 */
#ifndef TOML_H
#define TOML_H

#include <stddef.h>
#include <stdint.h>

enum toml_type { TOML_STRING, TOML_INTEGER, TOML_BOOLEAN, TOML_ARRAY, TOML_TABLE };

struct toml {
	enum toml_type type;
	int line, col;			/* where the value begins, from 1 */
	int key_line, key_col;		/* where its key begins, when in a table */
	char *key;			/* NULL in arrays and for the root */
	char *str;			/* of a string; no NUL inside */
	int64_t num;			/* of an integer; 0 or 1 of a boolean */
	struct toml **kid;		/* of arrays and tables, in their order */
	size_t nkids;
	int closed;			/* table that may get no more keys */
	int header;			/* table that had its [header] */
};

struct toml_error {
	int line, col;
	char text[160];
};

#define TOML_MAX_DEPTH	32
#define TOML_MAX_SIZE	(1 << 20)

/* The root table, or NULL and *err filled.  Free it with toml_free(). */
struct toml *toml_parse(const char *text, size_t len, struct toml_error *err);
void toml_free(struct toml *t);

/* The value of a key of a table, or NULL. */
struct toml *toml_get(const struct toml *table, const char *key);

/* What a type is called in messages: "a string". */
const char *toml_type_name(enum toml_type type);

#endif
