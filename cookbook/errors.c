/* SPDX-License-Identifier: MIT */
/* Where in its file an error of a recipe is that is found only when all recipes are known. */
#include <stdlib.h>
#include <string.h>

#include "cook.h"
#include "toml.h"

/* The first string of that value in t or below it. */
static const struct toml *
find_string(const struct toml *t, const char *value)
{
	const struct toml *found = NULL;
	size_t i;

	if (t->type == TOML_STRING)
		return strcmp(t->str, value) == 0 ? t : NULL;
	for (i = 0; !found && i < t->nkids; i++)
		found = find_string(t->kid[i], value);
	return found;
}

void
port_error(const struct cook *c, struct port *p, const char *value, char *what)
{
	char *path = fmt("%s/%s", c->root, p->r->file), *text;
	int line = p->r->name_line, col = p->r->name_col;
	const struct toml *at;
	struct toml_error err;
	struct toml *root = NULL;
	size_t len;

	text = value ? read_file(path, &len) : NULL;
	if (text)
		root = toml_parse(text, len, &err);
	at = root ? find_string(root, value) : NULL;
	if (at) {
		line = at->line;
		col = at->col;
	}
	list_take(&p->errors, fmt("%s:%d:%d: %s", p->r->file, line, col, what));
	if (root)
		toml_free(root);
	free(text);
	free(path);
	free(what);
}
