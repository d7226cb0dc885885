/* SPDX-License-Identifier: MIT */
/*
 * The parts of a change of the system, in the order of their work:
 * change.c downloads and directs; stage.c unpacks every package into the stage, checked, in several
 * threads; place.c compares each row with what is on the disk and with other packages; conffile.c
 * merges configuration files; steps.c writes the steps of the transaction.
 */
#ifndef CHANGE_H
#define CHANGE_H

#include "owners.h"
#include "tx.h"

/* What becomes of a row. */
enum fate {
	PUT,			/* as the package has it */
	LEAVE,			/* it is so already, or the user's is kept */
	BESIDE,			/* as FILE.new */
	MERGED,			/* incoming.merged holds the staged result */
};

struct incoming {
	const struct cpk_manifest *m;
	struct cpk_manifest own;	/* *m when it was read from a package */
	char *text;			/* the manifest as it is written to the data base */
	size_t ntext;
	uint8_t hash[CPK_HASH];		/* of that */
	unsigned char *fate;		/* of each row; NULL: all PUT */
	struct staged *merged;		/* of each row; only where fate is MERGED */
	bool *tree;			/* of each row: staged in the tree (tx.h); NULL: none is */
};

struct change {
	struct pkg *k;
	const struct plan *plan;
	struct incoming *in;		/* as plan->add */
	size_t n;
	bool repair;			/* only what differs from the manifest is put */
	struct owners before, after;	/* of paths, when this began and when it is done */
	struct walk look;		/* over the disk, while nothing changes */
	struct tx tx;
};

/* CACHE_DIR/HASH.cpk */
void cache_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1]);

/* What a is made of is here. */
bool cached(struct pkg *k, const struct plan_item *a);

/* patches.c: makes what packages of p it can of those installed and of patches; says what it did. */
void patches_fetch(struct pkg *k, struct plan *p);
void stream_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1]);

/* The package file as it is read: in the cache, or where a repository of this host has it. */
int open_package(struct pkg *k, const struct plan_item *a, char path[4096]);

/* stage.c */
int stage_packages(struct change *c);

/* Where row f of package i is staged: its number, or the tree; its path in TX_FILES. */
struct staged staged_row(const struct change *c, size_t i, const struct cpk_file *f);
bool in_tree(const struct change *c, size_t i, const struct cpk_file *f);
void staged_path(const struct change *c, size_t i, const struct cpk_file *f, char buf[TX_TREE_PATH]);

/* The manifest of package i, as the data base is to have it. */
struct staged staged_manifest(const struct change *c, size_t i);

/* place.c: decides the fate of all rows; refuses what would be somebody else's file. */
int place_all(struct change *c);

/* A file or link of package i is wanted where a folder stands: the steps that clear it away. */
bool replaces_folder(struct change *c, const struct cpk_file *f);

/* What is at path: 1, and *st; 0 when there is nothing; -errno. */
struct stat;
int look_at(struct change *c, const char *path, struct stat *st);

/* conffile.c */
bool is_config(const char *path);	/* files whose changes by the user are kept */
int place_config(struct change *c, size_t i, const struct cpk_file *f, const struct stat *st);

/* merge.c: three-way merge by lines; 0 and *out, or -EEXIST on a conflict, -ENOMEM. */
int merge3(const char *base, size_t nbase, const char *mine, size_t nmine, const char *theirs,
		size_t ntheirs, char **out, size_t *nout);

/* steps.c */
int write_steps(struct change *c);

/* truth.c */

/* The file on disk is missing or is not what the row says (type, length, hash, link target). */
bool differs(struct pkg *k, const struct cpk_file *f);

/* Why it differs: a short phrase, or NULL when it does not. Modes, owners, attributes count. */
const char *difference(struct pkg *k, const struct cpk_file *f);

/* Numbers of names in the root's etc/passwd and etc/group; "root" is 0. -ENOENT. */
int uid_of(struct pkg *k, const char *name, unsigned *id);
int gid_of(struct pkg *k, const char *name, unsigned *id);

#endif
