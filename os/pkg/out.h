/* SPDX-License-Identifier: MIT */
/*
 * What commands print: rows of named fields. As text, a row is its fields separated by tabs; with
 * --json, the rows are an array of objects. Only fields of out_str and out_num show as text;
 * out_more is for JSON alone. Strings are UTF-8; what is not is escaped.
 */
#ifndef OUT_H
#define OUT_H

#include "pkg.h"

void out_begin(const struct pkg *k);
void out_row(const struct pkg *k);	/* ends a row */
void out_end(const struct pkg *k);

void out_str(const struct pkg *k, const char *key, const char *value);
void out_num(const struct pkg *k, const char *key, uint64_t value);
void out_more(const struct pkg *k, const char *key, const char *value);
void out_more_num(const struct pkg *k, const char *key, uint64_t value);
void out_list(const struct pkg *k, const char *key, const struct cpk_list *l);	/* JSON alone */
void out_flag(const struct pkg *k, const char *key, bool value);		/* JSON alone */

/* Text between fields, of the text form alone. */
void out_text(const struct pkg *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
