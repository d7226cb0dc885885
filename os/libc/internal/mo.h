/* SPDX-License-Identifier: MIT */
/* mo.h: message catalogues of gettext (.mo files). */
#ifndef INTERNAL_MO_H
#define INTERNAL_MO_H

#include "hidden.h"

struct mo;

/* A message, and when many is not NULL its plural and the number that picks a form. */
struct mo_query {
	const char *one, *many;
	unsigned long n;
};

/* The catalogue at path, kept for ever; NULL when there is none or it is damaged. */
hidden const struct mo *__mo_open(const char *path);
/* The translation, or NULL. */
hidden const char *__mo_find(const struct mo *mo, const struct mo_query *q);
/* The value of a plural expression (the C operators and n) for n; -1: not an expression. */
hidden long __plural(const char *expr, unsigned long n);

#endif
