/* SPDX-License-Identifier: MIT */
/* From a parsed port.toml to a recipe: the schema, as tables, and its checks. */
#include <stdlib.h>
#include <string.h>

#include "recipe_values.h"
#include "toml.h"

enum kind { STR, INT, BOOL, LIST, MAP, ARCH, TOOLCHAIN, SYSROOT, SYSTEM };
#define NEEDED	1			/* the key must be there */
#define ONE	2			/* a list may be written as one string */
#define NODUP	4			/* a list names nothing twice */
#define LATER	8			/* younger than the normal form: in it only when set */
#define OUTSIDE	16			/* changes no output: its value is in no key */

struct key {
	const char *name;
	enum kind kind;
	size_t at;
	int flags;
	const char *(*refused)(const char *value);	/* of each string, or NULL */
};

static const char *const arch_names[] = { COOK_TARGET, "host", "any", NULL };
static const char *const toolchain_names[] = { "none", "bare", "c", "c++", NULL };
static const char *const sysroot_names[] = { "link", "dev", "all", NULL };
static const char *const system_names[] = {
	"autotools", "configure", "cmake", "meson", "make", "copy", "shell", NULL
};

#define AT(field) offsetof(struct recipe, field)
static const struct key top_keys[] = {
	{ "name", STR, AT(name), NEEDED, bad_name },
	{ "version", STR, AT(version), NEEDED, bad_version },
	{ "release", INT, AT(release), 0, NULL },
	{ "license", STR, AT(license), NEEDED, spdx_refused },
	{ "license-files", LIST, AT(license_files), ONE | NODUP | LATER, bad_path },
	{ "summary", STR, AT(summary), NEEDED, bad_line },
	{ "homepage", STR, AT(homepage), 0, bad_line },
	{ "source", LIST, AT(source), ONE, bad_source },
	{ "sha256", LIST, AT(sha256), ONE, bad_sha256 },
	{ "strip", INT, AT(strip), 0, NULL },
	{ "omit", LIST, AT(omit), LATER, bad_path },
	{ "inner", STR, AT(inner), 0, bad_path },
	{ "patches", STR, AT(patches), 0, bad_name },
	{ "cpe", LIST, AT(cpe), ONE | NODUP | OUTSIDE, bad_cpe },
	{ "depends", LIST, AT(depends), NODUP, bad_dep },
	{ "build-depends", LIST, AT(build_depends), NODUP, bad_name },
	{ "host-tools", LIST, AT(host_tools), NODUP, bad_tool },
	{ "provides", LIST, AT(provides), NODUP, bad_dep },
	{ "conflicts", LIST, AT(conflicts), NODUP, bad_dep },
	{ "arch", ARCH, AT(arch), 0, NULL },
	{ "toolchain", TOOLCHAIN, AT(toolchain), 0, NULL },
	{ "sysroot", SYSROOT, AT(sysroot), LATER, NULL },
	{ NULL, 0, 0, 0, NULL }
};
static const struct key build_keys[] = {
	{ "system", SYSTEM, AT(system), NEEDED, NULL },
	{ "dir", STR, AT(subdir), 0, bad_path },
	{ "in-source", BOOL, AT(in_source), 0, NULL },
	{ "keep-symbols", BOOL, AT(keep_symbols), 0, NULL },
	{ "debug", BOOL, AT(debug), LATER, NULL },
	{ "args", LIST, AT(args), 0, NULL },
	{ "make-args", LIST, AT(make_args), 0, NULL },
	{ "targets", LIST, AT(targets), 0, NULL },
	{ "install", LIST, AT(install), 0, NULL },
	{ "env", MAP, AT(env), 0, NULL },
	{ "cache", MAP, AT(cache), 0, NULL },
	{ "before", LIST, AT(before), ONE, NULL },
	{ "after", LIST, AT(after), ONE, NULL },
	{ "remove", LIST, AT(remove), 0, bad_path },
	{ "files", LIST, AT(copies), LATER, bad_pair },
	{ "links", LIST, AT(links), LATER, bad_pair },
	{ "dirs", LIST, AT(dirs), LATER, bad_path },
	{ NULL, 0, 0, 0, NULL }
};
static const struct key test_keys[] = {
	{ "run", LIST, AT(test), ONE, NULL },
	{ "timeout", INT, AT(test_timeout), 0, NULL },
	{ "program", STR, AT(test_program), LATER, NULL },
	{ "args", LIST, AT(test_args), LATER, NULL },
	{ NULL, 0, 0, 0, NULL }
};
static const struct key split_keys[] = {
	{ "files", LIST, offsetof(struct split, files), NEEDED, bad_path },
	{ "depends", LIST, offsetof(struct split, depends), NODUP, bad_dep },
	{ "summary", STR, offsetof(struct split, summary), 0, bad_line },
	{ NULL, 0, 0, 0, NULL }
};

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
	case ARCH:	read_word(rd, t, arch_names, field); break;
	case TOOLCHAIN:	read_word(rd, t, toolchain_names, field); break;
	case SYSROOT:	read_word(rd, t, sysroot_names, field); break;
	case SYSTEM:	read_word(rd, t, system_names, field); break;
	}
}

static const struct key *
find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

/* Reads a table by its schema; also[] names tables that are read elsewhere. */
static void
read_table(struct reader *rd, const struct key *keys, const struct toml *t, void *base,
		const char *const *also)
{
	const struct key *k;
	size_t i, j;

	for (i = 0; i < t->nkids; i++) {
		const struct toml *v = t->kid[i];

		for (j = 0; also && also[j] && strcmp(also[j], v->key); j++)
			;
		if (also && also[j])
			continue;
		k = find_key(keys, v->key);
		if (k)
			read_value(rd, k, v, base);
		else
			complain(rd, v->key_line, v->key_col, v->key, "unknown key");
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

static void
free_table(const struct key *k, void *base)
{
	for (; k->name; k++) {
		void *field = (char *)base + k->at;

		if (k->kind == STR)
			free(*(char **)field);
		else if (k->kind == LIST || k->kind == MAP)
			cpk_list_free(field);
	}
}

void
recipe_free(struct recipe *r)
{
	size_t i;

	if (!r)
		return;
	free_table(top_keys, r);
	free_table(build_keys, r);
	free_table(test_keys, r);
	for (i = 0; i < r->nsplits; i++) {
		free_table(split_keys, &r->splits[i]);
		free(r->splits[i].name);
	}
	free(r->splits);
	free(r->dir);
	free(r->file);
	free(r);
}

/* One value of the normal form: its length goes first, so nothing can be confused. */
static void
put_value(struct buf *b, const char *s)
{
	buf_fmt(b, " %zu:%s", strlen(s), s);
}

static int
is_set(const struct key *k, const void *field)
{
	if (k->kind == STR)
		return *(char *const *)field != NULL;
	if (k->kind == LIST || k->kind == MAP)
		return ((const struct list *)field)->n > 0;
	if (k->kind == INT || k->kind == BOOL)
		return *(const int64_t *)field != 0;
	return *(const unsigned *)field != 0;
}

static void
put_table(struct buf *b, const struct key *k, const void *base)
{
	size_t i;

	for (; k->name; k++) {
		const void *field = (const char *)base + k->at;
		const struct list *l = field;

		if ((k->flags & LATER) && !is_set(k, field))
			continue;
		buf_str(b, k->name);
		if (k->flags & OUTSIDE)
			;
		else if (k->kind == STR && *(char *const *)field)
			put_value(b, *(char *const *)field);
		else if (k->kind == INT || k->kind == BOOL)
			buf_fmt(b, " %lld", (long long)*(const int64_t *)field);
		else if (k->kind == LIST || k->kind == MAP)
			for (i = 0; i < l->n; i++)
				put_value(b, l->v[i]);
		else if (k->kind != STR)
			buf_fmt(b, " %u", *(const unsigned *)field);
		buf_str(b, "\n");
	}
}

char *
recipe_normal(const struct recipe *r)
{
	struct buf b = { 0 };
	size_t i;

	put_table(&b, top_keys, r);
	put_table(&b, build_keys, r);
	put_table(&b, test_keys, r);
	for (i = 0; i < r->nsplits; i++) {
		put_value(&b, r->splits[i].name);
		put_table(&b, split_keys, &r->splits[i]);
	}
	return b.s;
}
