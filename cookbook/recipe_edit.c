/* SPDX-License-Identifier: MIT */
/* Editing a recipe's text: the parser says where a value stands. */
#include <stdlib.h>
#include <string.h>

#include "recipe_edit.h"
#include "toml.h"

/* The byte at a line and column, both from 1. */
static size_t
position(const char *text, int line, int col)
{
	const char *s = text;

	while (--line > 0 && (s = strchr(s, '\n')))
		s++;
	return s ? (size_t)(s - text) + (size_t)col - 1 : strlen(text);
}

/* The bytes of the string that begins at s with its quotes; 0 when it is none of one line. */
static size_t
string_length(const char *s)
{
	const char *p;

	if ((*s != '"' && *s != '\'') || (s[1] == *s && s[2] == *s))
		return 0;
	for (p = s + 1; *p && *p != '\n' && *p != *s; p++)
		if (*p == '\\' && *s == '"' && p[1])
			p++;
	return *p == *s ? (size_t)(p - s) + 1 : 0;
}

static char *
replace(const char *text, size_t at, size_t n, const char *value)
{
	return fmt("%.*s\"%s\"%s", (int)at, text, value, text + at + n);
}

char *
recipe_set(const char *text, const char *key, size_t nth, const char *value)
{
	struct toml_error err;
	struct toml *root = toml_parse(text, strlen(text), &err), *t;
	char *out = NULL;
	size_t at, n;

	t = root ? toml_get(root, key) : NULL;
	if (t && t->type == TOML_ARRAY)
		t = nth < t->nkids ? t->kid[nth] : NULL;
	else if (nth)
		t = NULL;
	if (t && t->type == TOML_STRING) {
		at = position(text, t->line, t->col);
		n = string_length(text + at);
		if (n)
			out = replace(text, at, n, value);
	}
	toml_free(root);
	return out;
}

char *
recipe_unset(const char *text, const char *key)
{
	struct toml_error err;
	struct toml *root = toml_parse(text, strlen(text), &err), *t;
	size_t at, end;
	char *out;

	t = root ? toml_get(root, key) : NULL;
	if (!t) {
		out = xdup(text);
	} else {
		at = position(text, t->key_line, 1);
		end = at + strcspn(text + at, "\n");
		end += text[end] == '\n';
		out = fmt("%.*s%s", (int)at, text, text + end);
	}
	toml_free(root);
	return out;
}
