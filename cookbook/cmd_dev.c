/* SPDX-License-Identifier: MIT */
/* cook dev, patch: a port's sources as a git tree, and its commits as patches again. */
#include <stdlib.h>
#include <string.h>

#include "dev.h"

static void
need_archive(const struct port *p)
{
	size_t i;

	if (!p->r)
		die("%s: %s", p->dir, p->errors.n ? p->errors.v[0] : "cannot be read");
	for (i = 0; i < p->r->source.n; i++)
		if (strncmp(p->r->source.v[i], "tree:", 5) != 0)
			return;
	die("%s: its sources are in this tree: there is nothing to patch", p->name);
}

static void
say_unsaved(const struct dev *d, char *unsaved)
{
	printf("%s holds work that patches/ does not:\n%s", d->shown, unsaved);
	free(unsaved);
}

/* An old tree without work in it is made anew; one with work in it is only spoken of. */
static int
reopen(struct dev *d)
{
	char *unsaved = dev_unsaved(d);
	int stale = dev_is_stale(d);

	if (!stale) {
		printf("%s is there: %s %s\n", d->shown, d->r->name, d->r->version);
		if (unsaved)
			say_unsaved(d, unsaved);
		return 0;
	}
	if (unsaved) {
		warn_("recipe or patches of %s changed since %s was made; export (cook patch) or move "
			"that away first", d->r->name, d->shown);
		say_unsaved(d, unsaved);
		return 1;
	}
	printf("%s was made from other sources or patches: it is made anew\n", d->shown);
	return remove_tree(d->dir) < 0 || dev_make(d) < 0;
}

int
cmd_dev(struct cook *c, int argc, char **argv)
{
	struct port *p;
	struct dev d;
	int bad;

	if (argc != 1)
		misuse("usage: cook dev NAME");
	p = cook_need(c, argv[0]);
	need_archive(p);
	if (dev_open(&d, c, p)) {
		bad = reopen(&d);
	} else {
		bad = dev_make(&d) < 0;
		if (!bad)
			printf("%s is %s %s with a commit for each of %zu patches; commit there, then: "
				"cook patch %s\n", d.shown, p->r->name, p->r->version, d.known.n, p->name);
	}
	dev_close(&d);
	return bad;
}

int
cmd_patch(struct cook *c, int argc, char **argv)
{
	struct port *p;
	struct dev d;
	int bad;

	if (argc != 1)
		misuse("usage: cook patch NAME");
	p = cook_need(c, argv[0]);
	need_archive(p);
	if (!dev_open(&d, c, p))
		die("%s is not there; it is made by: cook dev %s", d.shown, p->name);
	bad = dev_export(&d, p->r) < 0;
	dev_close(&d);
	return bad;
}
