/* SPDX-License-Identifier: MIT */
/* Reading toolchain/targets/NAME.toml. */
#include <stdlib.h>
#include <string.h>

#include "recipe_values.h"
#include "target.h"
#include "toml.h"

const struct target target_first = { .name = COOK_TARGET, .triple = COOK_TARGET, .platform = "calx" };

struct reader {
	const char *file;
	struct target *t;
	char *summary, *test;
};

static void
refuse(const struct reader *rd, const struct toml *v, const char *why)
{
	die("%s:%d:%d: %s: %s", rd->file, v->key_line, v->key_col, v->key, why);
}

static void
read_names(const struct reader *rd, const struct toml *v, struct list *out)
{
	size_t i;

	if (v->type != TOML_ARRAY)
		refuse(rd, v, "must be an array of strings");
	for (i = 0; i < v->nkids; i++) {
		if (v->kid[i]->type != TOML_STRING || bad_name(v->kid[i]->str))
			refuse(rd, v, "must hold names of recipes");
		list_add(out, v->kid[i]->str);
	}
}

static char *
read_text(const struct reader *rd, const struct toml *v)
{
	if (v->type != TOML_STRING || bad_line(v->str))
		refuse(rd, v, "must be a line of text");
	return xdup(v->str);
}

static void
read_key(struct reader *rd, const struct toml *v)
{
	const struct { const char *name; struct list *to; } lists[] = {
		{ "tools", &rd->t->tools }, { "root", &rd->t->root },
		{ "without", &rd->t->without },
	};
	const struct { const char *name; char **to; } texts[] = {
		{ "summary", &rd->summary }, { "platform", &rd->t->platform }, { "test", &rd->test },
		{ "skeleton", &rd->t->skeleton }, { "like", &rd->t->like },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(v->key, texts[i].name) == 0) {
			*texts[i].to = read_text(rd, v);
			return;
		}
	}
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(v->key, lists[i].name) == 0) {
			read_names(rd, v, lists[i].to);
			return;
		}
	}
	refuse(rd, v, "unknown key");
}

const struct target *
target_read(const char *root, const char *name)
{
	char *file = fmt("toolchain/targets/%s.toml", name), *path = fmt("%s/%s", root, file), *text;
	struct reader rd = { .file = file };
	struct toml_error err;
	struct toml *all;
	size_t len, i;

	if (strcmp(name, COOK_TARGET) == 0)
		return &target_first;
	text = bad_name(name) ? NULL : read_file(path, &len);
	if (!text)
		die("no target called %s: there is no %s", name, file);
	all = toml_parse(text, len, &err);
	if (!all)
		die("%s:%d:%d: %s", file, err.line, err.col, err.text);
	rd.t = xalloc(sizeof(*rd.t));
	rd.t->name = xdup(name);
	for (i = 0; i < all->nkids; i++)
		read_key(&rd, all->kid[i]);
	if (rd.t->like && strcmp(rd.t->like, COOK_TARGET) != 0)
		die("%s:1:1: like: can only be %s", file, COOK_TARGET);
	rd.t->triple = rd.t->like ? rd.t->like : rd.t->name;
	if (!rd.t->platform)
		die("%s:1:1: platform: missing key", file);
	if (!rd.summary || !rd.test)
		die("%s:1:1: %s: missing key", file, rd.summary ? "test" : "summary");
	rd.t->native = strcmp(rd.test, "native") == 0;
	if (!rd.t->native && strcmp(rd.test, "device") != 0)
		die("%s:1:1: test: must be one of native, device", file);
	toml_free(all);
	free(rd.summary);
	free(rd.test);
	free(text);
	free(path);
	free(file);
	return rd.t;
}
