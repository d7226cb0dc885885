/* SPDX-License-Identifier: MIT */
/* pkg search: by the lists of names (names.c), without reading an index or what is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "beyond.h"
#include "out.h"
#include "repos.h"

struct search {
	struct pkg *k;
	const struct repo *repo;
	char **words;			/* in lower case */
	size_t nwords;
	const char *text, *folded;	/* of equal length */
	size_t n, found;
};

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static void
fold_into(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = fold(from[i]);
}

static bool
has(const char *s, size_t n, const char *word)
{
	return cpk_find(s, n, word, strlen(word)) != NULL;
}

/* The name or the summary of the line has each word; the version is not looked at. */
static bool
matches(const struct search *s, const char *line, size_t n)
{
	const char *tab = memchr(line, '\t', n), *last;
	size_t i;

	last = tab ? memchr(tab + 1, '\t', (size_t)(line + n - tab - 1)) : NULL;
	if (!last)
		return false;
	for (i = 0; i < s->nwords; i++)
		if (!has(line, (size_t)(tab - line), s->words[i]) &&
		    !has(last, (size_t)(line + n - last), s->words[i]))
			return false;
	return true;
}

static bool
is_here(const struct pkg *k, const char *name)
{
	char path[CPK_MAX_PATH + 1];

	snprintf(path, sizeof(path), DB_INSTALLED "/%s", name);
	return faccessat(k->rootfd, path, F_OK, 0) == 0;
}

static int
print(struct search *s, const char *line, size_t n)
{
	char *copy = strndup(line, n), *version, *summary;
	bool here;

	if (!copy)
		return fail(ST_FAIL, "out of memory");
	version = copy + strcspn(copy, "\t");
	*version++ = '\0';
	summary = version + strcspn(version, "\t");
	*summary++ = '\0';
	here = is_here(s->k, copy);
	out_text(s->k, "%s", colour(s->k, BOLD));
	out_str(s->k, "name", copy);
	out_text(s->k, "%s", colour(s->k, PLAIN));
	out_str(s->k, "version", version);
	out_str(s->k, "summary", summary);
	out_text(s->k, here ? "%s [installed]%s" : "%s%s", here ? colour(s->k, GREEN) : "",
			here ? colour(s->k, PLAIN) : "");
	out_more(s->k, "repository", s->repo->name);
	out_flag(s->k, "installed", here);
	out_row(s->k);
	s->found++;
	free(copy);
	return 0;
}

/* From hit to hit of the first word; what lies between is passed over at the speed of cpk_find. */
static int
search_text(struct search *s)
{
	const char *at = s->folded, *end = s->folded + s->n;
	const char *first = s->nwords ? s->words[0] : "\n";
	int r = 0;

	while (!r && at < end && (at = cpk_find(at, (size_t)(end - at), first, strlen(first)))) {
		const char *line = at, *nl = memchr(at, '\n', (size_t)(end - at));

		while (line > s->folded && line[-1] != '\n')
			line--;
		if (matches(s, line, (size_t)(nl - line)))
			r = print(s, s->text + (line - s->folded), (size_t)(nl - line));
		at = nl + 1;
	}
	return r;
}

static int
search_repo(struct search *s, struct repo *repo)
{
	struct names v;
	char *folded;
	int r = names_open(s->k, repo, &v);

	if (r)
		return r;
	folded = malloc(v.n + 1);
	if (folded) {
		fold_into(folded, v.text, v.n);
		s->repo = repo;
		s->text = v.text;
		s->folded = folded;
		s->n = v.n;
		r = search_text(s);
		free(folded);
	} else {
		r = fail(ST_FAIL, "out of memory");
	}
	names_close(&v);
	return r;
}

int
cmd_search(struct pkg *k, int argc, char **argv)
{
	struct search s = { .k = k, .words = argv + 1, .nwords = (size_t)argc - 1 };
	int r = config_load(k), a;
	size_t i;

	for (a = 1; a < argc; a++) {
		fold_into(argv[a], argv[a], strlen(argv[a]));
		if (!*argv[a] || strpbrk(argv[a], "\t\n"))
			return fail(ST_USAGE, "search takes words");
	}
	if (!r)
		r = repos_states(k);
	out_begin(k);
	for (i = 0; !r && i < k->nrepos; i++)
		if (k->repos[i].known)
			r = search_repo(&s, &k->repos[i]);
	out_end(k);
	return r ? r : s.found ? 0 : fail(ST_SOLVE, "nothing found");
}
