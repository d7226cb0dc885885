/* SPDX-License-Identifier: MIT */
/* From a parsed port.toml to a recipe, by the schema, and what is checked of it as a whole. */
#include <stdlib.h>
#include <string.h>

#include "recipe_schema.h"
#include "recipe_values.h"
#include "toml.h"

struct reader {
	const char *file;
	struct list *errors;
};

static void
complain(struct reader *rd, int line, int col, const char *what, const char *why)
{
	list_take(rd->errors, fmt("%s:%d:%d: %s%s%s", rd->file, line, col,
			what ? what : "", what ? ": " : "", why));
}

static void
complain_type(struct reader *rd, const struct toml *t, const char *want)
{
	list_take(rd->errors, fmt("%s:%d:%d: %s must be %s, not %s", rd->file, t->line, t->col,
			t->key ? t->key : "entry", want, toml_type_name(t->type)));
}

static void
add_string(struct reader *rd, const struct key *k, const struct toml *t, struct list *l)
{
	const char *why;

	if (t->type != TOML_STRING) {
		complain_type(rd, t, "a string");
		return;
	}
	why = k->refused ? k->refused(t->str) : NULL;
	if (why)
		complain(rd, t->line, t->col, k->name, why);
	else if ((k->flags & NODUP) && list_has(l, t->str))
		complain(rd, t->line, t->col, k->name, "given twice");
	else
		list_add(l, t->str);
}

static void
read_list(struct reader *rd, const struct key *k, const struct toml *t, struct list *l)
{
	size_t i;

	if (t->type == TOML_STRING && (k->flags & ONE))
		add_string(rd, k, t, l);
	else if (t->type != TOML_ARRAY)
		complain_type(rd, t, "an array of strings");
	else
		for (i = 0; i < t->nkids; i++)
			add_string(rd, k, t->kid[i], l);
}

static void
read_map(struct reader *rd, const struct toml *t, struct list *l)
{
	size_t i;

	if (t->type != TOML_TABLE) {
		complain_type(rd, t, "a table of strings");
		return;
	}
	for (i = 0; i < t->nkids; i++) {
		const struct toml *v = t->kid[i];
		const char *why = bad_assignment_key(v->key);

		if (why)
			complain(rd, v->key_line, v->key_col, v->key, why);
		else if (v->type != TOML_STRING)
			complain_type(rd, v, "a string");
		else
			list_take(l, fmt("%s=%s", v->key, v->str));
	}
}

static void
read_word(struct reader *rd, const struct toml *t, const char *const *names, unsigned *out)
{
	struct buf b = { 0 };
	unsigned i;

	if (t->type != TOML_STRING) {
		complain_type(rd, t, "a string");
		return;
	}
	for (i = 0; names[i]; i++) {
		if (strcmp(names[i], t->str) == 0) {
			*out = i;
			return;
		}
	}
	for (i = 0; names[i]; i++)
		buf_fmt(&b, "%s%s", i ? ", " : "must be one of ", names[i]);
	complain(rd, t->line, t->col, t->key, b.s);
	free(b.s);
}

static void
read_string(struct reader *rd, const struct key *k, const struct toml *t, char **out)
{
	const char *why;

	if (t->type != TOML_STRING) {
		complain_type(rd, t, "a string");
		return;
	}
	why = k->refused ? k->refused(t->str) : NULL;
	if (why)
		complain(rd, t->line, t->col, k->name, why);
	else
		*out = xdup(t->str);
}

static void
read_number(struct reader *rd, const struct key *k, const struct toml *t, int64_t *out)
{
	if (k->kind == BOOL && t->type != TOML_BOOLEAN)
		complain_type(rd, t, "true or false");
	else if (k->kind == INT && t->type != TOML_INTEGER)
		complain_type(rd, t, "an integer");
	else if (t->num < 0 || t->num > 999999)
		complain(rd, t->line, t->col, k->name, "out of range");
	else
		*out = t->num;
}

static void
read_value(struct reader *rd, const struct key *k, const struct toml *t, void *base)
{
	void *field = (char *)base + k->at;

	switch (k->kind) {
	case STR:	read_string(rd, k, t, field); break;
	case INT:
	case BOOL:	read_number(rd, k, t, field); break;
	case LIST:	read_list(rd, k, t, field); break;
	case MAP:	read_map(rd, t, field); break;
	case ARCH:
	case TOOLCHAIN:
	case SYSROOT:
	case SYSTEM:	read_word(rd, t, schema_words(k->kind), field); break;
	}
}

/* Reads a table by its schema; also[] names tables that are read elsewhere. */
static void
read_table(struct reader *rd, const struct key *keys, const struct toml *t, void *base,
		const char *const *also)
{
	const struct key *k;
	size_t i, j;
	char *why;

	for (i = 0; i < t->nkids; i++) {
		const struct toml *v = t->kid[i];

		for (j = 0; also && also[j] && strcmp(also[j], v->key); j++)
			;
		if (also && also[j])
			continue;
		k = schema_find(keys, v->key);
		if (k) {
			read_value(rd, k, v, base);
			continue;
		}
		why = schema_unknown(keys, v->key);
		complain(rd, v->key_line, v->key_col, v->key, why);
		free(why);
	}
	for (k = keys; k->name; k++)
		if ((k->flags & NEEDED) && !toml_get(t, k->name))
			complain(rd, t->key ? t->key_line : 1, t->key ? t->key_col : 1,
					k->name, "missing key");
}

static void
read_splits(struct reader *rd, const struct toml *t, struct recipe *r)
{
	size_t i;

	if (t->type != TOML_TABLE) {
		complain_type(rd, t, "a table");
		return;
	}
	r->splits = xalloc((t->nkids + 1) * sizeof(*r->splits));
	for (i = 0; i < t->nkids; i++) {
		const struct toml *v = t->kid[i];
		const char *why = bad_name(v->key);

		if (why)
			complain(rd, v->key_line, v->key_col, v->key, why);
		else if (v->type != TOML_TABLE)
			complain_type(rd, v, "a table");
		else {
			r->splits[r->nsplits].name = xdup(v->key);
			read_table(rd, split_keys, v, &r->splits[r->nsplits++], NULL);
		}
	}
}

static void
read_section(struct reader *rd, const struct toml *root, const char *name,
		const struct key *keys, struct recipe *r)
{
	const struct toml *t = toml_get(root, name);

	if (t && t->type != TOML_TABLE)
		complain_type(rd, t, "a table");
	else if (t)
		read_table(rd, keys, t, r, NULL);
}

static void
check_sources(struct reader *rd, const struct toml *root, struct recipe *r)
{
	const struct toml *t = toml_get(root, "sha256");
	int line = t ? t->line : r->name_line, col = t ? t->col : r->name_col;
	size_t i;

	if (!t)		/* tree: sources alone need no hashes */
		for (i = 0; i < r->source.n; i++)
			list_add(&r->sha256, "");
	if (r->source.n != r->sha256.n) {
		complain(rd, line, col, "sha256", "not as many entries as source");
		return;
	}
	for (i = 0; i < r->source.n; i++) {
		int tree = strncmp(r->source.v[i], "tree:", 5) == 0;

		if (tree && *r->sha256.v[i])
			complain(rd, line, col, "sha256", "a tree: source has \"\" as its sha256");
		if (!tree && !*r->sha256.v[i])
			complain(rd, line, col, "sha256", "missing for a source that is downloaded");
	}
}

static void
check_whole(struct reader *rd, const struct toml *root, struct recipe *r)
{
	const struct toml *t = toml_get(root, "name");
	const char *base = strrchr(r->dir, '/');
	size_t i;

	base = base ? base + 1 : r->dir;
	if (r->name && strcmp(base, r->name) != 0)
		complain(rd, t->line, t->col, "name", "differs from the name of the folder");
	if (!toml_get(root, "build"))
		complain(rd, 1, 1, "build", "missing table");
	if (r->release < 1)
		complain(rd, toml_get(root, "release")->line, toml_get(root, "release")->col,
				"release", "counts from 1");
	for (i = 0; i < r->nsplits; i++)
		if (r->name && strcmp(r->splits[i].name, r->name) == 0)
			complain(rd, 1, 1, r->name, "a split is named like the recipe");
	check_sources(rd, root, r);
}

static struct recipe *
new_recipe(const char *dir)
{
	struct recipe *r = xalloc(sizeof(*r));

	r->dir = xdup(dir);
	r->file = fmt("%s/port.toml", dir);
	r->release = 1;
	r->strip = 1;
	r->test_timeout = 60;
	r->toolchain = TOOLCHAIN_DEFAULT;
	r->name_line = r->name_col = 1;
	return r;
}

/* A test program that is told nothing is run as it is. */
static void
default_test(struct reader *rd, const struct toml *root, struct recipe *r)
{
	const struct toml *t = toml_get(root, "test");

	if (!t || r->test.n)
		return;
	if (r->test_program && r->name)
		list_take(&r->test, fmt("/usr/libexec/ports/%s-check", r->name));
	else
		complain(rd, t->key_line, t->key_col, "run", "missing key");
}

struct recipe *
recipe_parse(const char *dir, const char *text, size_t len, struct list *errors)
{
	static const char *const tables[] = { "build", "split", "test", NULL };
	struct recipe *r = new_recipe(dir);
	struct reader rd = { .file = r->file, .errors = errors };
	size_t before = errors->n;
	struct toml_error err;
	struct toml *root = toml_parse(text, len, &err);

	if (!root) {
		complain(&rd, err.line, err.col, NULL, err.text);
		recipe_free(r);
		return NULL;
	}
	read_table(&rd, top_keys, root, r, tables);
	if (toml_get(root, "name")) {
		r->name_line = toml_get(root, "name")->line;
		r->name_col = toml_get(root, "name")->col;
	}
	read_section(&rd, root, "build", build_keys, r);
	read_section(&rd, root, "test", test_keys, r);
	default_test(&rd, root, r);
	if (toml_get(root, "split"))
		read_splits(&rd, toml_get(root, "split"), r);
	if (errors->n == before)
		check_whole(&rd, root, r);
	if (r->toolchain == TOOLCHAIN_DEFAULT)
		r->toolchain = r->arch == ARCH_TARGET ? TOOLCHAIN_C : TOOLCHAIN_NONE;
	toml_free(root);
	if (errors->n == before)
		return r;
	recipe_free(r);
	return NULL;
}
