/* SPDX-License-Identifier: MIT */
/*
 * Keys.  A key is the hash of the lines "KIND NAME HASH" of all inputs of a build;
 * dependencies count by the hash of their output, so a dependency that was rebuilt
 * to the same bytes changes no key.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cook.h"
#include "share.h"

char *
patch_dir(const struct cook *c, const struct recipe *r)
{
	return fmt("%s/patches/%s", c->root, r->patches ? r->patches : r->name);
}

void
patch_list(const struct cook *c, const struct recipe *r, struct list *out)
{
	char *dir = patch_dir(c, r);
	struct list names = { 0 };
	size_t i, n;

	if (list_dir(dir, &names) == 0) {
		for (i = 0; i < names.n; i++) {
			n = strlen(names.v[i]);
			if (n > 6 && strcmp(names.v[i] + n - 6, ".patch") == 0)
				list_add(out, names.v[i]);
		}
	}
	cpk_list_free(&names);
	free(dir);
}

static void
input(struct port *p, const char *kind, const char *name, const char *hash)
{
	list_take(&p->inputs, fmt("%s %s %s", kind, name, hash));
}

static int
fail(struct port *p, const char *what, int r)
{
	list_take(&p->errors, fmt("%s/port.toml:1:1: %s: %s", p->dir, what, strerror(-r)));
	return r;
}

static int
add_patches(struct cook *c, struct port *p)
{
	char *dir = patch_dir(c, p->r), hex[CPK_HEX];
	struct list names = { 0 };
	size_t i;
	int r = 0;

	patch_list(c, p->r, &names);
	for (i = 0; r == 0 && i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		r = hash_file(c, path, hex);
		if (r == 0)
			input(p, "patch", names.v[i], hex);
		else
			fail(p, path, r);
		free(path);
	}
	cpk_list_free(&names);
	free(dir);
	return r;
}

static int
add_sources(struct cook *c, struct port *p)
{
	char hex[CPK_HEX];
	size_t i;
	int r;

	for (i = 0; i < p->r->source.n; i++) {
		const char *s = p->r->source.v[i];

		if (strncmp(s, "tree:", 5) == 0) {
			char *path = fmt("%s/%s", c->root, s + 5);

			r = hash_tree(c, path, hex);
			free(path);
			if (r < 0)
				return fail(p, s, r);
			input(p, "source", s, hex);
		} else {
			input(p, "source", s, p->r->sha256.v[i]);
		}
	}
	return 0;
}

/* A tree: source that holds the recipe's folder already brings its files. */
int
key_own_files(const struct cook *c, const struct recipe *r)
{
	struct list names = { 0 };
	char *dir = fmt("%s/%s", c->root, r->dir);
	size_t i, n = 0;

	list_dir(dir, &names);
	for (i = 0; i < names.n; i++)
		n += !tree_skips(dir, names.v[i]);
	cpk_list_free(&names);
	free(dir);
	for (i = 0; i < r->source.n; i++) {
		const char *s = r->source.v[i];
		size_t len = strlen(s);

		if (strncmp(s, "tree:", 5) == 0 && strncmp(r->dir, s + 5, len - 5) == 0 &&
		    (!r->dir[len - 5] || r->dir[len - 5] == '/'))
			return 0;
	}
	return n > 0;
}

static int
add_own_files(struct cook *c, struct port *p)
{
	char hex[CPK_HEX], *dir;
	int r;

	if (!key_own_files(c, p->r))
		return 0;
	dir = fmt("%s/%s", c->root, p->dir);
	r = hash_tree(c, dir, hex);
	free(dir);
	if (r < 0)
		return fail(p, p->dir, r);
	input(p, "files", p->dir, hex);
	return 0;
}

static void
add_outputs(struct cook *c, struct port *p)
{
	char hex[CPK_HEX];
	size_t i;

	for (i = 0; i < p->ntools; i++)
		input(p, "tool", p->tools[i]->name, p->tools[i]->output);
	for (i = 0; i < p->nsys; i++)
		input(p, "dependency", p->sys[i]->name, p->sys[i]->sys_output);
	for (i = 0; i < p->nextra; i++) {
		store_content(c, p->extra[i].p, p->extra[i].package, hex);
		input(p, "dependency", p->extra[i].package, hex);
	}
}

/* What a target other than the first says enters the key; the first one is in the names of old. */
static void
add_target(struct port *p)
{
	const struct target *t = p->target;
	char hex[CPK_HEX];
	uint8_t hash[CPK_HASH];

	if (t == &target_first)
		return;
	cpk_hash(t->platform, strlen(t->platform), hash);
	cpk_hex(hash, hex);
	input(p, "target", t->name, hex);
}

static void
add_recipe(struct port *p)
{
	char hex[CPK_HEX], *text = recipe_normal(p->r);
	uint8_t hash[CPK_HASH];

	cpk_hash(text, strlen(text), hash);
	cpk_hex(hash, hex);
	input(p, "recipe", p->name, hex);
	free(text);
}

void
key_of_inputs(const struct cook *c, const struct recipe *r, const struct list *inputs,
		char key[CPK_HEX])
{
	uint8_t hash[CPK_HASH];
	struct buf b = { 0 };
	size_t i;

	buf_fmt(&b, "cook %d sandbox %d\n", r->arch == ARCH_HOST ? COOK_FORMAT_HOST : COOK_FORMAT,
			c->sandbox);
	for (i = 0; i < inputs->n; i++)
		buf_fmt(&b, "%s\n", inputs->v[i]);
	cpk_hash(b.s, b.n, hash);
	cpk_hex(hash, key);
	free(b.s);
}

int
key_compute(struct cook *c, struct port *p)
{
	int r;

	cpk_list_free(&p->inputs);
	add_recipe(p);
	add_target(p);
	r = add_patches(c, p);
	if (r == 0)
		r = add_sources(c, p);
	if (r == 0)
		r = add_own_files(c, p);
	if (r < 0)
		return r;
	add_outputs(c, p);
	key_of_inputs(c, p->r, &p->inputs, p->key);
	return 0;
}
