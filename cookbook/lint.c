/* SPDX-License-Identifier: MIT */
/* What recipes and patches must hold beyond the schema: relations, heads of patches, leftovers. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cook.h"
#include "patchfile.h"

#define MAX_SUMMARY 100

/* --- recipes --- */

static void
lint_depends(struct cook *c, struct port *p, const struct list *depends)
{
	size_t i;

	for (i = 0; i < depends->n; i++) {
		char hint[NEAREST_HINT];
		struct cpk_dep d;

		if (cpk_dep_parse(&d, depends->v[i]) != 0 || strchr(d.name, ':') ||
		    graph_maker(c, p->target, d.name))
			continue;
		port_error(c, p, depends->v[i], fmt("depends on '%s', which no recipe makes%s", d.name,
				cook_hint(c, d.name, hint)));
	}
}

/* Every package has one maker: p's own name, its splits, and what cook splits off. */
static void
lint_package(struct cook *c, struct port *p, const char *package)
{
	struct port *maker;
	size_t i, k, n;

	for (i = 0; i < c->nports; i++) {
		maker = &c->port[i];
		if (!maker->r || maker == p || maker->target != p->target ||
		    maker->r->arch == ARCH_HOST)
			continue;
		n = strlen(maker->plain);
		for (k = 0; k < maker->r->nsplits && strcmp(maker->r->splits[k].name, package); k++)
			;
		if (k == maker->r->nsplits && strcmp(maker->plain, package) != 0) {
			for (k = 0; split_suffix[k]; k++)
				if (strncmp(package, maker->plain, n) == 0 && package[n] == '-' &&
				    strcmp(package + n + 1, split_suffix[k]) == 0)
					break;
			if (!split_suffix[k])
				continue;
		}
		port_error(c, p, NULL, fmt("the package '%s' is made by %s too", package, maker->r->file));
	}
}

static void
lint_text(const struct cook *c, struct port *p)
{
	const char *s = p->r->summary, *url = p->r->homepage;

	if (strstr(s, "UNFINISHED"))
		port_error(c, p, s, xdup("summary: UNFINISHED is still to be written"));
	if (strlen(s) > MAX_SUMMARY)
		port_error(c, p, s, xdup("summary: longer than 100 bytes"));
	if (s[strlen(s) - 1] == '.')
		port_error(c, p, s, xdup("summary: ends in a full stop"));
	if (url && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		port_error(c, p, url, xdup("homepage: not a URL"));
	if (strstr(p->r->license, "UNFINISHED"))
		port_error(c, p, p->r->license, xdup("license: UNFINISHED is still to be found out"));
}

/* Files beside port.toml that nothing in it names cannot be of use. */
static void
lint_files(struct cook *c, struct port *p)
{
	char *path = fmt("%s/%s", c->root, p->r->file), *text = read_file(path, NULL);
	size_t i, n = strlen(p->dir);
	int as_source = 0;

	for (i = 0; i < p->r->source.n; i++)
		as_source |= strncmp(p->r->source.v[i], "tree:", 5) == 0 &&
			strncmp(p->r->source.v[i] + 5, p->dir, n) == 0;
	if (text && !as_source && key_own_files(c, p->r) && !p->r->test_program && !strstr(text, "{recipe}") && !strstr(text, "$RECIPE"))
		port_error(c, p, NULL, xdup("there are files beside it, but it names no {recipe}"));
	free(text);
	free(path);
}

/* Trees that are not there; in a build they are found missing when the key is made. */
static void
lint_sources(const struct cook *c, struct port *p)
{
	const char *s;
	size_t i;

	for (i = 0; i < p->r->source.n; i++) {
		char *spec = source_expand(p->r, i), *path;

		s = strncmp(spec, "tree:", 5) == 0 ? spec + 5 : NULL;
		path = fmt("%s/%s", c->root, s ? s : "");
		if (s && !exists(path))
			port_error(c, p, p->r->source.v[i], fmt("source: no %s in this tree", s));
		free(path);
		free(spec);
	}
}

/* --- patches --- */

/* 0001-what-it-does.patch: names sort in the order of application. */
static int
is_patch_name(const char *s)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if (!isdigit((unsigned char)s[i]))
			return 0;
	return s[4] == '-' && s[5] != '.' &&
		!s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._")];
}

static void
lint_head(struct list *out, const char *file, const char *text, size_t len)
{
	struct patch_head h;
	const char *why;

	patch_head_read(&h, text, len);
	if (!h.from)
		list_take(out, fmt("%s:1:1: no From: who made it", file));
	else if (!strchr(h.from, '<') || !strchr(h.from, '>'))
		list_take(out, fmt("%s:1:1: From: not 'NAME <MAIL>'", file));
	if (!h.subject || !*h.subject)
		list_take(out, fmt("%s:1:1: no Subject: what it does", file));
	why = h.status ? patch_status_refused(h.status) : NULL;
	if (!h.status)
		list_take(out, fmt("%s:1:1: no Upstream-Status: Pending, Submitted [where], Backport "
				"[from], Inappropriate [why]...", file));
	else if (why)
		list_take(out, fmt("%s:%d:1: Upstream-Status: %s", file, h.status_line, why));
	if (h.diff == len)
		list_take(out, fmt("%s:1:1: changes nothing", file));
	patch_head_free(&h);
}

static void
lint_patches(struct cook *c, struct port *p)
{
	char *dir = patch_dir(c, p->r);
	struct list names = { 0 };
	size_t i, len;

	patch_list(c, p->r, &names);
	if (p->r->patches && !names.n)
		port_error(c, p, p->r->patches, fmt("patches: no patch in patches/%s", p->r->patches));
	for (i = 0; i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]), *text = read_file(path, &len);
		char *shown = fmt("patches%s/%s", strrchr(dir, '/'), names.v[i]);

		if (!is_patch_name(names.v[i]))
			list_take(&p->errors, fmt("%s:1:1: its name is not 0001-WHAT.patch", shown));
		if (text)
			lint_head(&p->errors, shown, text, len);
		free(text);
		free(path);
		free(shown);
	}
	cpk_list_free(&names);
	free(dir);
}

void
lint_port(struct cook *c, struct port *p)
{
	size_t i;

	if (!p->r)
		return;
	lint_depends(c, p, &p->r->depends);
	for (i = 0; i < p->r->nsplits; i++)
		lint_depends(c, p, &p->r->splits[i].depends);
	if (p->r->arch != ARCH_HOST) {
		lint_package(c, p, p->plain);
		for (i = 0; i < p->r->nsplits; i++)
			lint_package(c, p, p->r->splits[i].name);
	}
	lint_text(c, p);
	lint_files(c, p);
	lint_sources(c, p);
	lint_patches(c, p);
	if (strncmp(p->dir, "ports/", 6) == 0 && !p->r->test.n)
		list_take(&p->errors, fmt("%s:1:1: a port needs a [test]", p->r->file));
}

/* --- the tree --- */

static int
uses_folder(const struct cook *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct recipe *r = c->port[i].r;

		/* The folder of a recipe that cannot be read is not called unused. */
		if (strcmp(r ? (r->patches ? r->patches : r->name) : c->port[i].name, name) == 0)
			return 1;
	}
	return 0;
}

static void
lint_folder(struct cook *c, const char *folder, struct list *out)
{
	char *dir = fmt("%s/patches/%s", c->root, folder);
	struct list names = { 0 };
	size_t i, n;

	if (!uses_folder(c, folder))
		list_take(out, fmt("patches/%s:1:1: no recipe uses it", folder));
	list_dir(dir, &names);
	for (i = 0; i < names.n; i++) {
		n = strlen(names.v[i]);
		if (n < 6 || strcmp(names.v[i] + n - 6, ".patch") != 0)
			list_take(out, fmt("patches/%s/%s:1:1: not a .patch: nothing uses it", folder,
					names.v[i]));
	}
	cpk_list_free(&names);
	free(dir);
}

void
lint_tree(struct cook *c, struct list *out)
{
	char *dir = fmt("%s/patches", c->root);
	struct list names = { 0 };
	size_t i;

	list_dir(dir, &names);
	for (i = 0; i < names.n; i++)
		lint_folder(c, names.v[i], out);
	cpk_list_free(&names);
	free(dir);
}
