/* SPDX-License-Identifier: MIT */
/* repo catalogue: what its files share. Everything that comes from packages, recipes and logs is foreign. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include "lib/local.h"
#include "repo.h"

struct cat_package {
	struct cpk_manifest m;		/* of its newest version */
	const struct cpk_package *index; /* the newest; older ones follow in the index */
	const char *port;		/* of its recipe's folder: the last part of origin; or its name */
	struct cat_package **needs, **needed; /* packages that satisfy depends; those whose depends it does */
	size_t nneeds, nneeded;
};

struct catalogue {
	const char *repo, *out;
	const char *tree, *cache;	/* NULL: none */
	struct store s;
	struct cat_package *v;		/* sorted by name */
	size_t n;
	char *tests, *records;		/* texts of tests.tsv and records.tsv, or NULL */
};

/* --- catalogue_data.c --- */
int cat_load(struct catalogue *c, struct cpk_error *err);
void cat_free(struct catalogue *c);
struct cat_package *cat_find(const struct catalogue *c, const char *name); /* or NULL */
/* The package that satisfies a relation, by name or by what it provides; or NULL. */
struct cat_package *cat_satisfy(const struct catalogue *c, const char *relation);
/* The result of a port's test on a device, for the build that is current: "ok", "FAIL …" or NULL; fresh. */
char *cat_test(const struct catalogue *c, const char *port);
double cat_seconds(const struct catalogue *c, const char *port);	/* of its last good build; or 0 */
/* A text file below tree or cache, its last max bytes; NULL when there is none. Fresh. */
char *cat_text(const char *below, size_t max, size_t *n, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* --- catalogue_html.c --- */

/*
 * Foreign text into a page: markup's characters become entities, control bytes and what is not
 * UTF-8 the replacement character. Good between tags and inside attributes' quotes.
 */
void html_text(struct cpk_buf *b, const char *s);
void html_bytes(struct cpk_buf *b, const char *s, size_t n);
/* A name as a component of a relative link. */
void html_path(struct cpk_buf *b, const char *s);
/* <a href> when url is http or https, else the text alone. */
void html_link(struct cpk_buf *b, const char *url);
void html_size(struct cpk_buf *b, uint64_t bytes);
/* up: "" or "../", the way to the top folder. */
void html_begin(struct cpk_buf *b, const char *title, const char *up);
/* Ends the page and writes it to OUT/FOLDER/NAME; 0 or -errno. */
int html_end(struct cpk_buf *b, const struct catalogue *c, const char *folder, const char *name,
		struct cpk_error *err);
int html_assets(const struct catalogue *c, struct cpk_error *err);	/* style.css, search.js */

/* --- catalogue_page.c, catalogue_port.c, catalogue_lists.c --- */
int cat_package_page(const struct catalogue *c, const struct cat_package *p, struct cpk_error *err);
/* Recipe, patches, build, test: a section of its main package's page, with pages of their own. */
int cat_port(struct cpk_buf *b, const struct catalogue *c, const struct cat_package *p,
		struct cpk_error *err);
int cat_lists(const struct catalogue *c, struct cpk_error *err);

#endif
