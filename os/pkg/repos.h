/* SPDX-License-Identifier: MIT */
/*
 * The parts of an update: repos.c (trust and state), index.c (the index, whole or by deltas),
 * names.c (what a search reads), lists.c (what is fetched when somebody asks for it).
 */
#ifndef REPOS_H
#define REPOS_H

#include "tuf_io.h"

/* var/lib/pkg/repos/NAME[/FILE] */
void repo_path(const struct repo *r, const char *name, char buf[CPK_MAX_PATH + 1]);
void repo_index_path(const struct repo *r, const struct repo_state *s, char buf[CPK_MAX_PATH + 1]);
const char *repo_ca(struct pkg *k, const struct repo *repo, char buf[4096]);

/* Brings the text that *new describes here, from deltas when that is less; t is index.zst. */
int index_fetch(struct pkg *k, struct repo *repo, struct tuf_client *c, const struct tuf_target *t,
		const struct repo_state *new);

/* Loads the index that is known. */
int repo_load_index(struct pkg *k, struct repo *repo);

/*
 * lists.c: the text of a list, fresh, fetched if it is not here: -ENOENT, and nothing is said, when
 * the repository has none. Whether its text is here already.
 */
int list_text(struct pkg *k, struct repo *repo, enum list which, char **text, size_t *n);
bool list_here(struct pkg *k, const struct repo *repo, enum list which);
void list_drop(struct pkg *k, const struct repo *repo, const struct repo_state *s, enum list which);
const char *list_target(enum list which);

/* names.c: lines "NAME\tVERSION\tSUMMARY\n" of all packages of an index. */
struct names {
	const char *text;
	size_t n;
	char *map, *made;		/* where text lies: one of them */
};
int names_write(struct pkg *k, const struct repo *repo, const struct repo_state *s,
		const struct cpk_index *x);
void names_drop(struct pkg *k, const struct repo *repo, const struct repo_state *s);
int names_open(struct pkg *k, struct repo *repo, struct names *out);	/* of what is known */
void names_close(struct names *v);

#endif
