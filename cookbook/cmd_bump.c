/* SPDX-License-Identifier: MIT */
/*
 * cook bump: another version of a port.  The recipe gets version and hashes, its other
 * bytes stay; the patches are rebased in the port's work tree, and those that upstream has
 * by now are dropped.  A conflict is left in the work tree for the contributor.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dev.h"
#include "recipe_edit.h"

struct bump {
	struct cook *c;
	struct port *p;
	const char *version;
	char *file;			/* of the recipe, absolute */
	char *text;			/* of the recipe as it shall be */
	struct recipe *r;		/* read from it */
};

/* Takes over text (which may be NULL). */
static int
edited(struct bump *b, char *text, const char *what)
{
	struct list errors = { 0 };
	size_t i;

	if (!text)
		die("%s: %s is not a string of one line: it cannot be changed here", b->p->r->file, what);
	free(b->text);
	b->text = text;
	recipe_free(b->r);
	b->r = recipe_parse(b->p->dir, b->text, strlen(b->text), &errors);
	for (i = 0; i < errors.n; i++)
		warn_("%s", errors.v[i]);
	cpk_list_free(&errors);
	return b->r ? 0 : -1;
}

/* Sources that name the version are other files now. */
static int
fetch_sources(struct bump *b)
{
	char hex[65];
	size_t i, n = 0;

	for (i = 0; i < b->r->source.n; i++) {
		char *old = source_expand(b->p->r, i), *new = source_expand(b->r, i);
		int same = strcmp(old, new) == 0;

		free(old);
		free(new);
		if (same)
			continue;
		if (source_fetch_new(b->c, b->r, i, hex) < 0 ||
		    edited(b, recipe_set(b->text, "sha256", i, hex), "sha256") < 0)
			return -1;
		printf("sha256 %s\n", hex);
		n++;
	}
	if (!n)
		warn_("%s: no source says {version}: where is the new one?", b->r->file);
	return n ? 0 : -1;
}

static int
make_text(struct bump *b)
{
	size_t len;
	char *text = read_file(b->file, &len), *without;

	if (!text)
		die("%s: cannot be read", b->file);
	without = recipe_unset(text, "release");
	free(text);
	if (edited(b, recipe_set(without, "version", 0, b->version), "version") < 0)
		return -1;
	free(without);
	return fetch_sources(b);
}

/* --- patches --- */

/* The work tree as it is for the old version; nothing in it may be the contributor's alone. */
static int
open_tree(struct bump *b, struct dev *d)
{
	char *unsaved;

	if (!dev_open(d, b->c, b->p))
		return dev_make(d);
	unsaved = dev_unsaved(d);
	if (unsaved) {
		warn_("%s holds work that patches/ does not; export it (cook patch %s) or move it away "
			"first:\n%s", d->shown, b->p->name, unsaved);
		free(unsaved);
		return -1;
	}
	if (!dev_is_stale(d))
		return 0;
	return remove_tree(d->dir) < 0 ? -1 : dev_make(d);
}

static int
in_conflict(const struct dev *d)
{
	char *names = git_read(&d->git, "diff", "--name-only", "--diff-filter=U", NULL);
	int there = names && *names;

	if (there)
		printf("conflict in:\n%s\n", names);
	free(names);
	return there;
}

/* git leaves out what the new sources already have. */
static int
rebase(struct bump *b, struct dev *d)
{
	char *old = git_read(&d->git, "rev-parse", "base", NULL);
	int bad = git_run(&d->git, "checkout", "-q", "--detach", "base", NULL) != 0 ||
		dev_commit_sources(d, b->r) < 0 || git_run(&d->git, "checkout", "-q", "calx", NULL) != 0;

	if (!bad)
		bad = git_run(&d->git, "rebase", "-q", "--empty=drop", "--onto", "base", old, "calx",
				NULL) != 0;
	free(old);
	return bad ? -1 : 0;
}

static int
carry_patches(struct bump *b, struct dev *d)
{
	if (rebase(b, d) == 0)
		return dev_export(d, b->r);
	if (in_conflict(d))
		printf("resolve this in %s (git add, git rebase --continue; git rebase --skip drops the "
			"patch), then: cook patch %s\n", d->shown, b->p->name);
	return -1;
}

static int
write_recipe(struct bump *b)
{
	int r = write_file(b->file, b->text, strlen(b->text), 0644);

	if (r < 0)
		warn_("%s: %s", b->file, strerror(-r));
	else
		printf("%s: %s is %s now, it was %s\n", b->r->file, b->p->name, b->version,
			b->p->r->version);
	return r;
}

/* Sources are unpacked once: what cannot be unpacked must not get into a recipe. */
static int
check_sources(struct bump *b)
{
	char *dir = fmt("%s/dev/.%s-bump-%d", b->c->root, b->p->name, (int)getpid());
	int bad;

	make_dirs(dir);
	bad = layout_sources(b->c, b->r, dir);
	remove_tree(dir);
	free(dir);
	return bad;
}

int
cmd_bump(struct cook *c, int argc, char **argv)
{
	struct bump b = { .c = c };
	struct list patches = { 0 };
	struct dev d;
	int bad;

	if (argc != 2)
		misuse("usage: cook bump NAME VERSION");
	b.p = cook_need(c, argv[0]);
	b.version = argv[1];
	if (!b.p->r)
		die("%s", b.p->errors.n ? b.p->errors.v[0] : b.p->dir);
	if (!cpk_version_ok(b.version))
		die("%s: not a version: [0-9a-zA-Z][0-9a-zA-Z.+~_]*", b.version);
	if (strcmp(b.version, b.p->r->version) == 0)
		die("%s is %s already", b.p->name, b.version);
	b.file = fmt("%s/%s", c->root, b.p->r->file);
	bad = make_text(&b) < 0 || check_sources(&b) < 0;
	patch_list(c, b.p->r, &patches);
	if (!bad && !patches.n) {
		bad = write_recipe(&b) < 0;
	} else if (!bad) {
		bad = open_tree(&b, &d) < 0 || write_recipe(&b) < 0 || carry_patches(&b, &d) < 0;
		dev_close(&d);
	}
	cpk_list_free(&patches);
	recipe_free(b.r);
	free(b.text);
	free(b.file);
	return bad;
}
