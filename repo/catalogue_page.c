/* SPDX-License-Identifier: MIT */
/* The page of a package. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

static void
row(struct cpk_buf *b, const char *name, const char *value)
{
	cpk_buf_fmt(b, "<dt>%s</dt><dd>", name);
	html_text(b, value);
	cpk_buf_str(b, "</dd>\n");
}

static void
link_package(struct cpk_buf *b, const struct cat_package *p)
{
	cpk_buf_str(b, "<a href=\"");
	html_path(b, p->m.name);
	cpk_buf_str(b, ".html\">");
	html_text(b, p->m.name);
	cpk_buf_str(b, "</a>");
}

static void
facts(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p)
{
	const struct cpk_package *x;
	char hex[CPK_HEX];

	cpk_buf_str(b, "<dl>\n");
	row(b, "Version", p->index->version);
	row(b, "Licence", p->m.license);
	row(b, "Machine", p->m.arch);
	if (p->m.homepage) {
		cpk_buf_str(b, "<dt>Home page</dt><dd>");
		html_link(b, p->m.homepage);
		cpk_buf_str(b, "</dd>\n");
	}
	cpk_buf_str(b, "<dt>Size</dt><dd>");
	html_size(b, p->m.size);
	cpk_buf_str(b, " installed, ");
	html_size(b, p->index->bytes);
	cpk_buf_str(b, " to fetch</dd>\n<dt>Install</dt><dd><code>pkg install ");
	html_text(b, p->m.name);
	cpk_buf_str(b, "</code></dd>\n");
	cpk_hex(p->index->hash, hex);
	cpk_buf_fmt(b, "<dt>BLAKE2b-256</dt><dd class=\"hash\">%s</dd>\n", hex);
	for (x = p->index + 1; x < c->s.index.v + c->s.index.n && !strcmp(x->name, p->m.name); x++)
		row(b, "Also", x->version);
	cpk_buf_str(b, "</dl>\n");
}

static void
package_list(struct cpk_buf *b, const char *title, struct cat_package *const *v, size_t n)
{
	size_t i;

	if (!n)
		return;
	cpk_buf_fmt(b, "<h2>%s</h2>\n<ul class=\"row\">\n", title);
	for (i = 0; i < n; i++) {
		cpk_buf_str(b, "<li>");
		link_package(b, v[i]);
		cpk_buf_str(b, "</li>\n");
	}
	cpk_buf_str(b, "</ul>\n");
}

/* What nothing here satisfies is named too. */
static void
relations(struct cpk_buf *b, const struct catalogue *c, const char *title, const struct cpk_list *l,
		int missing)
{
	size_t i;
	int open = 0;

	for (i = 0; i < l->n; i++) {
		if (missing && cat_satisfy(c, l->v[i]))
			continue;
		if (!open++)
			cpk_buf_fmt(b, "<h2>%s</h2>\n<ul class=\"row\">\n", title);
		cpk_buf_str(b, "<li><code>");
		html_text(b, l->v[i]);
		cpk_buf_str(b, "</code></li>\n");
	}
	if (open)
		cpk_buf_str(b, "</ul>\n");
}

static void
siblings(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p)
{
	int open = 0;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (&c->v[i] == p || strcmp(c->v[i].port, p->port))
			continue;
		if (!open++)
			cpk_buf_str(b, "<h2>Of the same recipe</h2>\n<ul class=\"row\">\n");
		cpk_buf_str(b, "<li>");
		link_package(b, &c->v[i]);
		cpk_buf_str(b, "</li>\n");
	}
	if (open)
		cpk_buf_str(b, "</ul>\n");
}

static void
files(struct cpk_buf *b, const struct cat_package *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->m.nfiles; i++)
		n += p->m.files[i].type != 'd';
	cpk_buf_fmt(b, "<h2>Files</h2>\n<details%s><summary>%zu files</summary>\n<pre>", n <= 40 ? " open" : "", n);
	for (i = 0; i < p->m.nfiles; i++) {
		const struct cpk_file *f = &p->m.files[i];

		if (f->type == 'd')
			continue;
		cpk_buf_str(b, "/");
		html_text(b, f->path);
		if (f->link) {
			cpk_buf_str(b, " -&gt; ");
			html_text(b, f->link);
		}
		cpk_buf_str(b, "\n");
	}
	cpk_buf_str(b, "</pre>\n</details>\n");
}

int
cat_package_page(const struct catalogue *c, const struct cat_package *p, struct cpk_error *err)
{
	struct cpk_buf b = { 0 };
	char name[CPK_MAX_NAME + 8];
	int r;

	html_begin(&b, p->m.name, "../");
	cpk_buf_str(&b, "<p>");
	html_text(&b, p->m.summary);
	cpk_buf_str(&b, "</p>\n");
	facts(&b, c, p);
	package_list(&b, "Needs", p->needs, p->nneeds);
	relations(&b, c, "Needs, and nothing here has it", &p->m.depends, 1);
	package_list(&b, "Needed by", p->needed, p->nneeded);
	relations(&b, c, "Conflicts", &p->m.conflicts, 0);
	siblings(&b, c, p);
	r = cat_port(&b, c, p, err);
	relations(&b, c, "Provides", &p->m.provides, 0);
	files(&b, p);
	snprintf(name, sizeof(name), "%s.html", p->m.name);
	if (r) {
		free(b.s);
		return r;
	}
	return html_end(&b, c, "p", name, err);
}
