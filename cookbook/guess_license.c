/* SPDX-License-Identifier: MIT */
/*
 * Which licence: from sentences that only one licence text has, in the files that are
 * called like one, else in the heads of source files; SPDX tags in sources come first.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "guess.h"
#include "job.h"

#define HEAD 4096			/* bytes of a source file that are looked at */
#define MAX_SOURCES 400

/* The first that matches counts; words are lower case, blanks and punctuation one blank. */
static const struct text {
	const char *id;
	const char *has, *also, *not;	/* sentences; the last two may be NULL */
} texts[] = {
	{ "AGPL-3.0", "gnu affero general public license version 3 19 november 2007", NULL, NULL },
	{ "LGPL-3.0", "gnu lesser general public license version 3 29 june 2007", NULL, NULL },
	{ "LGPL-2.1", "gnu lesser general public license version 2 1 february 1999", NULL, NULL },
	{ "LGPL-2.0", "gnu library general public license version 2 june 1991", NULL, NULL },
	{ "GPL-3.0", "gnu general public license version 3 29 june 2007", NULL, NULL },
	{ "GPL-2.0", "gnu general public license version 2 june 1991", NULL, NULL },
	{ "Apache-2.0", "apache license version 2 0 january 2004", NULL, NULL },
	{ "MPL-2.0", "mozilla public license version 2 0", NULL, NULL },
	{ "EPL-2.0", "eclipse public license v 2 0", NULL, NULL },
	{ "Artistic-2.0", "the artistic license 2 0", NULL, NULL },
	{ "BSL-1.0", "boost software license version 1 0", NULL, NULL },
	{ "Unlicense", "free and unencumbered software released into the public domain", NULL, NULL },
	{ "CC0-1.0", "cc0 1 0 universal", NULL, NULL },
	{ "Zlib", "altered source versions must be plainly marked", NULL, NULL },
	{ "MIT", "permission is hereby granted free of charge to any person obtaining a copy",
		"the above copyright notice and this permission notice", NULL },
	{ "BSD-4-Clause", "redistributions of source code must retain", "all advertising materials", NULL },
	{ "BSD-3-Clause", "redistributions of source code must retain", "endorse or promote", NULL },
	{ "BSD-2-Clause", "redistributions of source code must retain",
		"redistributions in binary form must reproduce", NULL },
	{ "curl", "to use copy modify and distribute this software for any purpose with or without fee",
		"except as contained in this notice", NULL },
	{ "ISC", "distribute this software for any purpose with or without fee is hereby granted",
		"provided that the above copyright notice", NULL },
	{ "0BSD", "distribute this software for any purpose with or without fee is hereby granted",
		NULL, "provided that" },
	{ "HPND", "distribute this software and its documentation for any purpose",
		"without fee is hereby granted", NULL },
	{ "WTFPL", "do what the fuck you want to public license", NULL, NULL },
	{ NULL, NULL, NULL, NULL }
};

struct finder {
	struct list found, from;	/* identifiers, files they come from */
	struct list tags;		/* of SPDX-License-Identifier lines */
	int later;			/* "any later version" was read in a source file */
	int sources;			/* how many were looked at */
};

char *
guess_read(const char *dir, const char *name, size_t n)
{
	char *path = fmt("%s/%s", dir, name), *text = xalloc(n + 1);
	struct stat st;
	FILE *f = lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;

	if (f) {
		text[fread(text, 1, n, f)] = '\0';
		fclose(f);
	}
	free(path);
	return text;
}

/* In place. */
static void
normalise(char *s)
{
	char *to = s, last = ' ';

	for (; *s; s++) {
		if (isalnum((unsigned char)*s))
			*to++ = last = (char)tolower((unsigned char)*s);
		else if (last != ' ')
			*to++ = last = ' ';
	}
	*to = '\0';
}

static const char *
match(const char *s)
{
	const struct text *t;

	for (t = texts; t->id; t++)
		if (strstr(s, t->has) && (!t->also || strstr(s, t->also)) &&
		    (!t->not || !strstr(s, t->not)))
			return t->id;
	return NULL;
}

static void
look_at_text(struct finder *f, const char *dir, const char *name, size_t n)
{
	char *text = guess_read(dir, name, n);
	const char *id;

	normalise(text);
	id = match(text);
	if (id && !list_has(&f->found, id)) {
		list_add(&f->found, id);
		list_add(&f->from, name);
	}
	free(text);
}

static int
is_license_file(const char *name)
{
	return strncasecmp(name, "COPYING", 7) == 0 || strncasecmp(name, "LICENSE", 7) == 0 ||
		strncasecmp(name, "LICENCE", 7) == 0 || strncasecmp(name, "COPYRIGHT", 9) == 0 ||
		strncasecmp(name, "UNLICENSE", 9) == 0;
}

static int
is_source(const char *name)
{
	static const char *const ends[] = { ".c", ".h", ".cc", ".cpp", ".in", ".am", ".y", ".l", NULL };
	size_t i, n = strlen(name), k;

	for (i = 0; ends[i]; i++) {
		k = strlen(ends[i]);
		if (n > k && strcmp(name + n - k, ends[i]) == 0)
			return 1;
	}
	return 0;
}

/* "SPDX-License-Identifier: EXPRESSION" up to what ends a comment. */
static void
look_for_tag(struct finder *f, const char *text)
{
	const char *s = strstr(text, "SPDX-License-Identifier:");
	char *expr;
	size_t n;

	if (!s)
		return;
	s += strlen("SPDX-License-Identifier:");
	s += strspn(s, " \t");
	n = strcspn(s, "\n\r*\"'`<");
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	expr = fmt("%.*s", (int)n, s);
	if (!spdx_refused(expr) && !list_has(&f->tags, expr))
		list_add(&f->tags, expr);
	free(expr);
}

struct walk {
	struct finder *f;
	const char *dir;
};

static int
visit(const char *path, const char *name, void *arg)
{
	struct walk *w = arg;
	char *text;

	(void)path;
	if (!is_source(name) || w->f->sources++ >= MAX_SOURCES)
		return 0;
	text = guess_read(w->dir, name, HEAD);
	look_for_tag(w->f, text);
	normalise(text);
	if (strstr(text, "any later version") || strstr(text, "or later"))
		w->f->later = 1;
	if (!w->f->found.n)
		look_at_text(w->f, w->dir, name, HEAD);
	free(text);
	return 0;
}

/* The GNU licences need "only" or "or later", which their texts do not say. */
static char *
whole_id(const char *id, int later)
{
	int gnu = strncmp(id, "GPL", 3) == 0 || strncmp(id, "LGPL", 4) == 0 ||
		strncmp(id, "AGPL", 4) == 0;

	return gnu ? fmt("%s-%s", id, later ? "or-later" : "only") : xdup(id);
}

static char *
joined(const struct list *l, const char *with)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < l->n; i++)
		buf_fmt(&b, "%s%s", i ? with : "", l->v[i]);
	return b.s;
}

void
guess_license(struct guess *g, const char *dir)
{
	struct finder f = { 0 };
	struct walk w = { &f, dir };
	struct list names = { 0 }, whole = { 0 };
	size_t i;

	list_dir(dir, &names);
	for (i = 0; i < names.n; i++)
		if (is_license_file(names.v[i]))
			look_at_text(&f, dir, names.v[i], 65536);
	tree_walk(dir, visit, &w);
	if (f.tags.n == 1 && f.found.n <= 1) {
		g->license = xdup(f.tags.v[0]);
		g->license_from = xdup("SPDX tags of the sources");
	} else if (f.found.n) {
		for (i = 0; i < f.found.n; i++)
			list_take(&whole, whole_id(f.found.v[i], f.later));
		g->license = joined(&whole, " AND ");
		g->license_from = joined(&f.from, ", ");
	}
	cpk_list_free(&names);
	cpk_list_free(&whole);
	cpk_list_free(&f.found);
	cpk_list_free(&f.from);
	cpk_list_free(&f.tags);
}
