/* SPDX-License-Identifier: MIT */
/*
 * Former states. Every transaction N leaves var/lib/pkg/history/N:
 *
 *	calx-history 1
 *	time SECONDS
 *	command WORDS
 *	- NAME VERSION HASH	a package that was there before; HASH of its manifest
 *	+ NAME VERSION HASH	a package that is there since
 *	world- RELATION		what the world file had and has no more
 *	world+ RELATION
 *	end
 *
 * The store, var/lib/pkg/store/HH/HASH, holds by their BLAKE2b-256 the manifests that such lines
 * name, the files of former versions that the present ones do not have, and the configuration
 * files as the installed packages brought them (the base of merges). An entry of it may be named
 * by nobody (it is swept away then); its content is checked whenever it is used.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "change.h"

#define HISTORY_KEEP	20		/* entries */

struct event {
	char sign;			/* '-' '+' of packages, 'r' removed 'a' added to the world */
	char *name, *version;		/* name: the relation for 'r' and 'a' */
	uint8_t hash[CPK_HASH];
};

struct entry {
	unsigned n;
	int64_t time;
	char *command;
	struct event *v;
	size_t nv;
};

/* The numbers of all entries, ascending; *v is freed by the caller. */
int history_numbers(struct pkg *k, unsigned **v, size_t *n);
int history_read(struct pkg *k, unsigned n, struct entry *e);
void history_free(struct entry *e);

/* Parses the text of an entry; -EBADMSG. */
int history_parse(struct entry *e, const char *text, size_t len);

/* Adds the entry of this change to its transaction. */
int history_write(struct change *c);

/* store.c */
void store_path(const uint8_t hash[CPK_HASH], char buf[CPK_MAX_PATH + 1]);

/* Links the file at path into the store under hash, now; it may be missing. */
int store_keep(struct pkg *k, const char *path, const uint8_t hash[CPK_HASH]);

/* Puts bytes into the store as a step of the transaction. */
int store_put(struct tx *t, const void *data, size_t n, const uint8_t hash[CPK_HASH]);

/* An entry whose content is right: fd, or -ENOENT. */
int store_open(struct pkg *k, const uint8_t hash[CPK_HASH]);

/* Deletes what nobody names, and the oldest entries of the history. */
int store_sweep(struct pkg *k);

#endif
