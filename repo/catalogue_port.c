/* SPDX-License-Identifier: MIT */
/* What the catalogue tells of a recipe: sources, the recipe, patches, build log, test, licence texts. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

#define MAX_LOG		(256u << 10)	/* bytes of the end of a log */
#define MAX_TEXT	(1u << 20)

static void
link_page(struct cpk_buf *b, const char *folder, const char *name, const char *text)
{
	cpk_buf_fmt(b, "<a href=\"../%s/", folder);
	html_path(b, name);
	cpk_buf_str(b, ".html\">");
	html_text(b, text);
	cpk_buf_str(b, "</a>");
}

/* A page that is nothing but a text. */
static int
text_page(const struct catalogue *c, const char *folder, const char *name, const char *title,
		const char *note, const char *s, size_t n, struct cpk_error *err)
{
	struct cpk_buf b = { 0 };
	char file[300];

	html_begin(&b, title, "../");
	if (note)
		cpk_buf_fmt(&b, "<p class=\"note\">%s</p>\n", note);
	cpk_buf_str(&b, "<pre>");
	html_bytes(&b, s, n);
	cpk_buf_str(&b, "</pre>\n");
	if ((size_t)snprintf(file, sizeof(file), "%s.html", name) >= sizeof(file)) {
		free(b.s);
		return cpk_fail(err, -ENAMETOOLONG, "%s: name too long", name);
	}
	return html_end(&b, c, folder, file, err);
}

/* --- patches --- */

static int
is_patch(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 6 && n < 200 && !strcmp(d->d_name + n - 6, ".patch");
}

/* The folder that the recipe names by its key `patches`, else the port's. */
static void
patch_folder(char *buf, size_t n, const char *port, const char *recipe)
{
	const char *key = recipe ? strstr(recipe, "\npatches = \"") : NULL;
	size_t len = key ? strcspn(key + 12, "\"\n/") : 0;

	if (len)
		snprintf(buf, n, "%.*s", (int)len, key + 12);
	else
		snprintf(buf, n, "%s", port);
}

static int
patches(struct cpk_buf *b, const struct catalogue *c, const char *port, const char *recipe,
		struct cpk_error *err)
{
	char folder[200], path[4096], name[500], *s;
	struct dirent **v;
	int i, n, r = 0;
	size_t len;

	patch_folder(folder, sizeof(folder), port, recipe);
	snprintf(path, sizeof(path), "%s/patches/%s", c->tree, folder);
	n = scandir(path, &v, is_patch, alphasort);
	if (n > 0)
		cpk_buf_str(b, "<h2>Patches</h2>\n<ul>\n");
	for (i = 0; i < n; i++) {
		s = cat_text(path, MAX_TEXT, &len, "%s", v[i]->d_name);
		snprintf(name, sizeof(name), "%s-%s", folder, v[i]->d_name);
		if (!r && s)
			r = text_page(c, "patch", name, v[i]->d_name, NULL, s, len, err);
		cpk_buf_str(b, "<li>");
		link_page(b, "patch", name, v[i]->d_name);
		cpk_buf_str(b, "</li>\n");
		free(s);
		free(v[i]);
	}
	if (n > 0)
		cpk_buf_str(b, "</ul>\n");
	if (n >= 0)
		free(v);
	return r;
}

/* --- build and test --- */

static int
build_and_test(struct cpk_buf *b, const struct catalogue *c, const char *port, struct cpk_error *err)
{
	double seconds = cat_seconds(c, port);
	char *test = cat_test(c, port), *log, title[200];
	size_t n;
	int r = 0;

	log = cat_text(c->cache, MAX_LOG, &n, "logs/%s.log", port);
	cpk_buf_str(b, "<dt>Test on a device</dt><dd>");
	if (test && !strcmp(test, "ok"))
		cpk_buf_str(b, "<span class=\"ok\">passed</span>");
	else if (test) {
		cpk_buf_str(b, "<span class=\"bad\">failed</span> ");
		html_text(b, test);
	} else {
		cpk_buf_str(b, "not recorded for this build");
	}
	cpk_buf_str(b, "</dd>\n");
	if (seconds > 0)
		cpk_buf_fmt(b, "<dt>Build</dt><dd>%.0f seconds</dd>\n", seconds);
	if (log) {
		snprintf(title, sizeof(title), "Build log of %s", port);
		r = text_page(c, "log", port, title, n == MAX_LOG ? "The end of it." : NULL, log, n, err);
		cpk_buf_str(b, "<dt>Build log</dt><dd>");
		link_page(b, "log", port, "the log");
		cpk_buf_str(b, "</dd>\n");
	}
	free(log);
	free(test);
	return r;
}

static void
sources(struct cpk_buf *b, const struct cpk_manifest *m)
{
	const char *where;
	size_t i;

	for (i = 0; i < m->sources.n; i++) {
		where = strchr(m->sources.v[i], ' ');
		if (!where || !strncmp(where + 1, "tree:", 5))
			continue;
		cpk_buf_str(b, "<dt>Source</dt><dd>");
		html_link(b, where + 1);
		cpk_buf_str(b, "<br><span class=\"hash\">sha256 ");
		html_bytes(b, m->sources.v[i], (size_t)(where - m->sources.v[i]));
		cpk_buf_str(b, "</span></dd>\n");
	}
}

/* --- texts of the licence --- */

static int
is_licence(const struct cpk_file *f)
{
	return f->type == 'f' && !strncmp(f->path, "usr/share/licenses/", 19);
}

static char *
read_content(struct cpk_reader *r, size_t *n, struct cpk_error *err)
{
	char *s = malloc(MAX_TEXT + 1);
	ssize_t got;

	for (*n = 0; s && *n < MAX_TEXT; *n += (size_t)got) {
		got = cpk_read(r, s + *n, MAX_TEXT - *n, err);
		if (got <= 0)
			break;
	}
	return s;
}

static int
licences(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p,
		struct cpk_error *err)
{
	const struct cpk_file *f;
	struct cpk_reader *r;
	char path[4096], name[300], *s;
	const char *base;
	size_t n;
	int e, more;

	store_path(path, sizeof(path), c->repo, p->index->hash);
	e = cpk_open(&r, path, err);
	while (!e && (more = cpk_next(r, &f, err)) != 0) {
		if (more < 0)
			e = more;
		else if (is_licence(f)) {
			base = strrchr(f->path, '/') + 1;
			snprintf(name, sizeof(name), "%s-%s", p->m.name, base);
			s = read_content(r, &n, err);
			if (s)
				e = text_page(c, "licence", name, base, NULL, s, n, err);
			free(s);
			cpk_buf_str(b, "<dt>Licence text</dt><dd>");
			link_page(b, "licence", name, base);
			cpk_buf_str(b, "</dd>\n");
		}
	}
	cpk_close(r);
	return e;
}

static int
has_licences(const struct cat_package *p)
{
	size_t i;

	for (i = 0; i < p->m.nfiles; i++)
		if (is_licence(&p->m.files[i]))
			return 1;
	return 0;
}

int
cat_port(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p,
		struct cpk_error *err)
{
	char *recipe = NULL;
	size_t n;
	int r = 0;

	cpk_buf_str(b, "<h2>Recipe</h2>\n<dl>\n");
	if (p->m.origin && !cpk_path_refused(p->m.origin))
		recipe = cat_text(c->tree, MAX_TEXT, &n, "%s/port.toml", p->m.origin);
	if (recipe) {
		r = text_page(c, "recipe", p->port, p->m.origin, NULL, recipe, n, err);
		cpk_buf_str(b, "<dt>Recipe</dt><dd>");
		link_page(b, "recipe", p->port, p->m.origin);
		cpk_buf_str(b, "</dd>\n");
	}
	if (p->m.commit) {
		cpk_buf_str(b, "<dt>Commit</dt><dd class=\"hash\">");
		html_text(b, p->m.commit);
		cpk_buf_str(b, "</dd>\n");
	}
	sources(b, &p->m);
	if (!r && c->cache)
		r = build_and_test(b, c, p->port, err);
	if (!r && has_licences(p))
		r = licences(b, c, p, err);
	cpk_buf_str(b, "</dl>\n");
	if (!r && c->tree)
		r = patches(b, c, p->port, recipe, err);
	free(recipe);
	return r;
}
