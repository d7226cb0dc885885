/* SPDX-License-Identifier: MIT */
/* The lists of the catalogue: A to Z, all names, commands, licences. They are what search shortens. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

static void
item(struct cpk_buf *b, const struct cat_package *p)
{
	cpk_buf_str(b, "<a href=\"p/");
	html_path(b, p->m.name);
	cpk_buf_str(b, ".html\">");
	html_text(b, p->m.name);
	cpk_buf_str(b, "</a> <span class=\"version\">");
	html_text(b, p->index->version);
	cpk_buf_str(b, "</span> ");
	html_text(b, p->m.summary);
}

/* Names of commands and of the other packages of the recipe: found by search, not shown. */
static void
also(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p)
{
	size_t i, k;

	for (i = 0; i < c->n; i++) {
		if (strcmp(c->v[i].port, p->port))
			continue;
		html_text(b, c->v[i].m.name);
		cpk_buf_str(b, " ");
		for (k = 0; k < c->v[i].m.provides.n; k++)
			if (!strncmp(c->v[i].m.provides.v[k], "cmd:", 4)) {
				html_text(b, c->v[i].m.provides.v[k] + 4);
				cpk_buf_str(b, " ");
			}
	}
}

/* The first package of a recipe: the one called like it, else the first by name. */
static int
is_main(const struct catalogue *c, const struct cat_package *p)
{
	const struct cat_package *q;

	if (!strcmp(p->m.name, p->port))
		return 1;
	if (cat_find(c, p->port))
		return 0;
	for (q = c->v; q < p; q++)
		if (!strcmp(q->port, p->port))
			return 0;
	return 1;
}

static void
badge(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p)
{
	char *test = cat_test(c, p->port);

	if (test)
		cpk_buf_str(b, strcmp(test, "ok") ? " <span class=\"bad\">test failed</span>" :
				" <span class=\"ok\" title=\"its test passed on a device\">tested</span>");
	free(test);
}

static int
letter_of(const char *name)
{
	return isalpha((unsigned char)*name) ? toupper((unsigned char)*name) : '0';
}

static void
letters(struct cpk_buf *b, const struct catalogue *c)
{
	size_t i;
	int last = 0;

	cpk_buf_str(b, "<ul class=\"row\">\n");
	for (i = 0; i < c->n; i++) {
		int l = letter_of(c->v[i].m.name);

		if (!is_main(c, &c->v[i]) || l == last)
			continue;
		last = l;
		cpk_buf_fmt(b, "<li><a href=\"#%c\">%c</a></li>\n", l, l);
	}
	cpk_buf_str(b, "</ul>\n");
}

static int
list_ports(const struct catalogue *c, struct cpk_error *err)
{
	struct cpk_buf b = { 0 };
	size_t i, n = 0;
	int last = 0;

	for (i = 0; i < c->n; i++)
		n += is_main(c, &c->v[i]);
	html_begin(&b, "Packages of Calx", "");
	cpk_buf_fmt(&b, "<p>%zu recipes, %zu packages.</p>\n", n, c->n);
	letters(&b, c);
	for (i = 0; i < c->n; i++) {
		const struct cat_package *p = &c->v[i];

		if (!is_main(c, p))
			continue;
		if (letter_of(p->m.name) != last) {
			cpk_buf_str(&b, last ? "</ul>\n</section>\n" : "");
			last = letter_of(p->m.name);
			cpk_buf_fmt(&b, "<section>\n<h2 id=\"%c\">%c</h2>\n<ul class=\"list\">\n", last, last);
		}
		cpk_buf_str(&b, "<li data-also=\"");
		also(&b, c, p);
		cpk_buf_str(&b, "\">");
		item(&b, p);
		badge(&b, c, p);
		cpk_buf_str(&b, "</li>\n");
	}
	cpk_buf_str(&b, last ? "</ul>\n</section>\n" : "");
	cpk_buf_str(&b, "<script src=\"search.js\"></script>\n");
	return html_end(&b, c, "", "index.html", err);
}

static int
list_all(const struct catalogue *c, struct cpk_error *err)
{
	struct cpk_buf b = { 0 };
	size_t i;

	html_begin(&b, "All names", "");
	cpk_buf_str(&b, "<ul class=\"list\">\n");
	for (i = 0; i < c->n; i++) {
		cpk_buf_str(&b, "<li>");
		item(&b, &c->v[i]);
		cpk_buf_str(&b, "</li>\n");
	}
	cpk_buf_str(&b, "</ul>\n<script src=\"search.js\"></script>\n");
	return html_end(&b, c, "", "all.html", err);
}

/* --- lists that begin with something else than the package --- */

struct entry {
	const char *head;
	const struct cat_package *p;
};

static int
by_head(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = strcmp(x->head, y->head);

	return r ? r : strcmp(x->p->m.name, y->p->m.name);
}

static int
write_entries(const struct catalogue *c, struct entry *v, size_t n, const char *title,
		const char *file, struct cpk_error *err)
{
	struct cpk_buf b = { 0 };
	size_t i;

	if (n)
		qsort(v, n, sizeof(*v), by_head);
	html_begin(&b, title, "");
	cpk_buf_str(&b, "<ul class=\"list\">\n");
	for (i = 0; i < n; i++) {
		int more = i && !strcmp(v[i].head, v[i - 1].head);

		if (!more) {
			cpk_buf_str(&b, i ? "</li>\n<li><b>" : "<li><b>");
			html_text(&b, v[i].head);
			cpk_buf_str(&b, "</b>");
		}
		cpk_buf_str(&b, more ? ", <a href=\"p/" : " <a href=\"p/");
		html_path(&b, v[i].p->m.name);
		cpk_buf_str(&b, ".html\">");
		html_text(&b, v[i].p->m.name);
		cpk_buf_str(&b, "</a>");
	}
	cpk_buf_str(&b, n ? "</li>\n" : "");
	cpk_buf_str(&b, "</ul>\n<script src=\"search.js\"></script>\n");
	return html_end(&b, c, "", file, err);
}

static int
list_commands(const struct catalogue *c, struct cpk_error *err)
{
	struct entry *v = NULL;
	size_t i, k, n = 0;
	int r;

	for (i = 0; i < c->n; i++)
		n += c->v[i].m.provides.n;
	v = calloc(n + 1, sizeof(*v));
	if (!v)
		return cpk_fail(err, -12, "out of memory");
	for (i = n = 0; i < c->n; i++)
		for (k = 0; k < c->v[i].m.provides.n; k++)
			if (!strncmp(c->v[i].m.provides.v[k], "cmd:", 4))
				v[n++] = (struct entry){ c->v[i].m.provides.v[k] + 4, &c->v[i] };
	r = write_entries(c, v, n, "Commands", "commands.html", err);
	free(v);
	return r;
}

static int
list_licences(const struct catalogue *c, struct cpk_error *err)
{
	struct entry *v = calloc(c->n + 1, sizeof(*v));
	size_t i, n = 0;
	int r;

	if (!v)
		return cpk_fail(err, -12, "out of memory");
	for (i = 0; i < c->n; i++)
		if (is_main(c, &c->v[i]))
			v[n++] = (struct entry){ c->v[i].m.license, &c->v[i] };
	r = write_entries(c, v, n, "Licences", "licences.html", err);
	free(v);
	return r;
}

int
cat_lists(const struct catalogue *c, struct cpk_error *err)
{
	int r = list_ports(c, err);

	if (!r)
		r = list_all(c, err);
	if (!r)
		r = list_commands(c, err);
	return r ? r : list_licences(c, err);
}
