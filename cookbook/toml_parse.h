/* SPDX-License-Identifier: MIT */
/* The state of the TOML parser and its lower half, toml_value.c. */
#ifndef TOML_PARSE_H
#define TOML_PARSE_H

#include "toml.h"

#define TOML_END (-1)			/* toml_peek() at the end of the text */

struct toml_parser {
	const char *text;
	size_t len, at;
	int line, col;			/* of text[at], from 1; columns count bytes */
	int depth;			/* of arrays and inline tables */
	struct toml_error *err;
};

int toml_fail(struct toml_parser *p, const char *why);		/* -1 */
int toml_fail_at(struct toml_parser *p, int line, int col, const char *why);
int toml_peek(const struct toml_parser *p);	/* byte at the cursor or TOML_END */
void toml_take(struct toml_parser *p);		/* moves past one byte */
void toml_skip_blank(struct toml_parser *p);	/* spaces and tabs */
int toml_newline(struct toml_parser *p);	/* LF or CRLF */
int toml_comment(struct toml_parser *p);	/* from '#' up to the newline */
int toml_check_utf8(struct toml_parser *p);	/* the whole text */

/* A quoted string, fresh, or NULL; the long forms only when multi is set. */
char *toml_string(struct toml_parser *p, int multi);

/* true, false or a number, into *t. */
int toml_scalar(struct toml_parser *p, struct toml *t);

struct toml *toml_value(struct toml_parser *p);

#endif
