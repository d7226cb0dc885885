/* SPDX-License-Identifier: MIT */
/* The state of parsing one manifest, shared by manifest.c and rows.c. */
#ifndef CPK_PARSE_H
#define CPK_PARSE_H

#include "local.h"

struct cpk_parse {
	struct cpk_manifest *m;
	const char *text, *file;
	size_t len, at, line_no;
	struct cpk_error *err;
	char line[CPK_MAX_LINE];	/* current line, ends in NUL, no newline */
};

int cpk_parse_fail(struct cpk_parse *p, size_t col, const char *why);
int cpk_parse_line(struct cpk_parse *p);
int cpk_parse_number(const char *s, uint64_t max, uint64_t *out);
int cpk_parse_rows(struct cpk_parse *p);	/* "files N" and the N rows, to the end */

/* Checks of values: NULL, or a constant sentence why not. */
const char *cpk_bad_name(const char *s);
const char *cpk_bad_version(const char *s);
const char *cpk_bad_arch(const char *s);
const char *cpk_bad_text(const char *s);
const char *cpk_bad_dep(const char *s);

#endif
