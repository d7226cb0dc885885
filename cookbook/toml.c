/* SPDX-License-Identifier: MIT */
/* The TOML parser's grammar: tables, keys, arrays.  Scalars are in toml_value.c. */
#include <stdlib.h>
#include <string.h>

#include "toml_parse.h"

struct toml *
toml_get(const struct toml *table, const char *key)
{
	size_t i;

	for (i = 0; i < table->nkids; i++)
		if (strcmp(table->kid[i]->key, key) == 0)
			return table->kid[i];
	return NULL;
}

void
toml_free(struct toml *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->nkids; i++)
		toml_free(t->kid[i]);
	free(t->kid);
	free(t->key);
	free(t->str);
	free(t);
}

const char *
toml_type_name(enum toml_type type)
{
	static const char *const name[] = {
		"a string", "an integer", "a boolean", "an array", "a table"
	};

	return name[type];
}

static struct toml *
new_node(struct toml_parser *p, enum toml_type type)
{
	struct toml *t = calloc(1, sizeof(*t));

	if (!t) {
		toml_fail(p, "out of memory");
		return NULL;
	}
	t->type = type;
	t->line = p->line;
	t->col = p->col;
	return t;
}

/* Hands kid to parent; on failure kid is freed. */
static int
add_kid(struct toml_parser *p, struct toml *parent, struct toml *kid)
{
	struct toml **v;

	if ((parent->nkids & (parent->nkids - 1)) == 0) {
		v = realloc(parent->kid, (parent->nkids ? 2 * parent->nkids : 1) * sizeof(*v));
		if (!v) {
			toml_free(kid);
			return toml_fail(p, "out of memory");
		}
		parent->kid = v;
	}
	parent->kid[parent->nkids++] = kid;
	return 0;
}

/* White space, newlines and comments, as between the values of an array. */
static int
skip_all(struct toml_parser *p)
{
	for (;;) {
		toml_skip_blank(p);
		if (toml_peek(p) == '#') {
			if (toml_comment(p) < 0)
				return -1;
		} else if (toml_peek(p) == '\n' || toml_peek(p) == '\r') {
			if (toml_newline(p) < 0)
				return -1;
		} else {
			return 0;
		}
	}
}

static int
parse_array(struct toml_parser *p, struct toml *t)
{
	struct toml *v;

	toml_take(p);
	for (;;) {
		if (skip_all(p) < 0)
			return -1;
		if (toml_peek(p) == ']')
			break;
		v = toml_value(p);
		if (!v || add_kid(p, t, v) < 0 || skip_all(p) < 0)
			return -1;
		if (toml_peek(p) == ',')
			toml_take(p);
		else if (toml_peek(p) != ']')
			return toml_fail(p, "expected ',' or ']' in the array");
	}
	toml_take(p);
	return 0;
}

static int
is_bare(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		c == '-' || c == '_';
}

/* One part of a key: bare or quoted.  Returns a fresh string or NULL. */
static char *
parse_key(struct toml_parser *p)
{
	size_t from = p->at;
	char *key;

	if (toml_peek(p) == '"' || toml_peek(p) == '\'')
		return toml_string(p, 0);
	while (is_bare(toml_peek(p)))
		toml_take(p);
	if (p->at == from) {
		toml_fail(p, "expected a key");
		return NULL;
	}
	key = strndup(p->text + from, p->at - from);
	if (!key)
		toml_fail(p, "out of memory");
	return key;
}

/* key = value, into table. */
static int
parse_pair(struct toml_parser *p, struct toml *table)
{
	int line = p->line, col = p->col;
	char *key = parse_key(p);
	struct toml *v;

	if (!key)
		return -1;
	if (toml_get(table, key)) {
		free(key);
		return toml_fail_at(p, line, col, "key given twice");
	}
	toml_skip_blank(p);
	if (toml_peek(p) != '=') {
		free(key);
		return toml_fail(p, toml_peek(p) == '.' ?
			"dotted keys are not supported here; use a [table]" :
			"expected '=' after the key");
	}
	toml_take(p);
	toml_skip_blank(p);
	v = toml_value(p);
	if (!v) {
		free(key);
		return -1;
	}
	v->key = key;
	v->key_line = line;
	v->key_col = col;
	return add_kid(p, table, v);
}

static int
parse_inline(struct toml_parser *p, struct toml *t)
{
	toml_take(p);
	t->closed = 1;
	toml_skip_blank(p);
	if (toml_peek(p) == '}') {
		toml_take(p);
		return 0;
	}
	for (;;) {
		toml_skip_blank(p);
		if (parse_pair(p, t) < 0)
			return -1;
		toml_skip_blank(p);
		if (toml_peek(p) == '}')
			break;
		if (toml_peek(p) != ',')
			return toml_fail(p, "expected ',' or '}' in the inline table");
		toml_take(p);
	}
	toml_take(p);
	return 0;
}

static int
parse_compound(struct toml_parser *p, struct toml *t)
{
	int r;

	if (p->depth == TOML_MAX_DEPTH)
		return toml_fail(p, "nested too deeply");
	p->depth++;
	r = t->type == TOML_ARRAY ? parse_array(p, t) : parse_inline(p, t);
	p->depth--;
	t->closed = 1;
	return r;
}

struct toml *
toml_value(struct toml_parser *p)
{
	int c = toml_peek(p), r;
	struct toml *t = new_node(p, c == '[' ? TOML_ARRAY : c == '{' ? TOML_TABLE : TOML_STRING);

	if (!t)
		return NULL;
	if (c == '[' || c == '{') {
		r = parse_compound(p, t);
	} else if (c == '"' || c == '\'') {
		t->str = toml_string(p, 1);
		r = t->str ? 0 : -1;
	} else {
		r = toml_scalar(p, t);
	}
	if (r == 0)
		return t;
	toml_free(t);
	return NULL;
}

/* Steps into (or makes) the table `key` of `at`; takes over key. */
static struct toml *
enter(struct toml_parser *p, struct toml *at, char *key, int line, int col)
{
	struct toml *t = toml_get(at, key);

	if (t) {
		free(key);
		if (t->type == TOML_TABLE && !t->closed)
			return t;
		toml_fail_at(p, line, col, "this key already has a value");
		return NULL;
	}
	t = new_node(p, TOML_TABLE);
	if (!t) {
		free(key);
		return NULL;
	}
	t->key = key;
	t->line = t->key_line = line;
	t->col = t->key_col = col;
	return add_kid(p, at, t) < 0 ? NULL : t;
}

/* [a.b.c]: returns the table, or NULL. */
static struct toml *
parse_header(struct toml_parser *p, struct toml *root)
{
	int line, col, depth = 0;
	struct toml *t = root;
	char *key;

	toml_take(p);
	if (toml_peek(p) == '[') {
		toml_fail(p, "arrays of tables are not supported");
		return NULL;
	}
	do {
		if (depth++ > 0)
			toml_take(p);
		toml_skip_blank(p);
		line = p->line;
		col = p->col;
		if (depth > TOML_MAX_DEPTH) {
			toml_fail(p, "nested too deeply");
			return NULL;
		}
		key = parse_key(p);
		t = key ? enter(p, t, key, line, col) : NULL;
		if (!t)
			return NULL;
		toml_skip_blank(p);
	} while (toml_peek(p) == '.');
	if (toml_peek(p) != ']') {
		toml_fail(p, "expected ']' after the table's name");
		return NULL;
	}
	toml_take(p);
	if (t->header) {
		toml_fail_at(p, line, col, "table given twice");
		return NULL;
	}
	t->header = 1;
	return t;
}

/* What may follow a pair or a header: blanks, a comment, the end of the line. */
static int
parse_line_end(struct toml_parser *p)
{
	toml_skip_blank(p);
	if (toml_peek(p) == '#' && toml_comment(p) < 0)
		return -1;
	if (toml_peek(p) == TOML_END)
		return 0;
	if (toml_peek(p) != '\n' && toml_peek(p) != '\r')
		return toml_fail(p, "expected the end of the line");
	return toml_newline(p);
}

static int
parse_document(struct toml_parser *p, struct toml *root)
{
	struct toml *table = root;

	for (;;) {
		if (skip_all(p) < 0)
			return -1;
		if (toml_peek(p) == TOML_END)
			return 0;
		if (toml_peek(p) == '[') {
			table = parse_header(p, root);
			if (!table)
				return -1;
		} else if (parse_pair(p, table) < 0) {
			return -1;
		}
		if (parse_line_end(p) < 0)
			return -1;
	}
}

struct toml *
toml_parse(const char *text, size_t len, struct toml_error *err)
{
	struct toml_parser p = { .text = text, .len = len, .line = 1, .col = 1, .err = err };
	struct toml *root;

	memset(err, 0, sizeof(*err));
	if (len > TOML_MAX_SIZE) {
		toml_fail(&p, "file too long");
		return NULL;
	}
	if (toml_check_utf8(&p) < 0)
		return NULL;
	root = new_node(&p, TOML_TABLE);
	if (root && parse_document(&p, root) < 0) {
		toml_free(root);
		return NULL;
	}
	return root;
}
