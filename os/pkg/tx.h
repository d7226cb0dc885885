/* SPDX-License-Identifier: MIT */
/*
 * Transactions: all or nothing, also when killed.
 *
 * New files are staged in var/lib/pkg/tx/files/D/N, complete with mode, owner and attributes, and
 * synced. Those whose folder is not on the disk are staged in tx/files/tree/PATH instead, so that the
 * topmost new folder comes into place with all that is in it at once. Then var/lib/pkg/tx/journal,
 * which lists every step, is renamed into place: that is the commit. Before it nothing outside tx/
 * and store/ (history.h) has changed, and whatever lies in tx/ is thrown away by the next start.
 * After it the steps are done, and done again by the next start until the journal is gone: each may
 * be repeated, also when the disk has kept only some of the changes that were made since the last
 * sync. The data base of installed packages is changed by steps like any other file, after all
 * others.
 *
 * Journal: "calx-journal 3\n", lines of steps, "end HASH\n" with the BLAKE2b-256 of all before it.
 *	tree PATH (what is staged as tree/PATH; a folder that is there already is filled up)
 *	dir MODE PATH		file D N PATH		link PATH TARGET	hard PATH FILE
 *	mode MODE PATH		own UID GID PATH	attr PATH NAME%20HEX (without HEX: removed)
 *	del PATH		rmdir PATH (left when others' files are in it)
 * Paths are escaped as in a manifest (%XX).
 */
#ifndef TX_H
#define TX_H

#include "pkg.h"

#define TX_DIR		DB_DIR "/tx"
#define TX_FILES	TX_DIR "/files"
#define TX_JOURNAL	TX_DIR "/journal"
#define TX_NAME		32		/* "D/N" */
#define TX_TREE		"tree"		/* in TX_FILES */
#define TX_TREE_PATH	(CPK_MAX_PATH + 8)	/* "tree/PATH" */

/* The name of a staged file. */
struct staged {
	unsigned d, n;			/* d is 0 for those of tx_stage_fresh */
};

struct tx {
	struct pkg *k;
	int filesfd;			/* TX_FILES */
	unsigned nbytes;		/* staged by tx_stage_bytes so far */
	char *text;			/* the journal so far */
	size_t len, cap;
};

/* Starts an empty transaction that stages into folders 0 to dirs; the one before is recovered. */
int tx_begin(struct tx *t, struct pkg *k, unsigned dirs);

void staged_name(struct staged s, char buf[TX_NAME]);

/* Opens a staged file for writing: fd. Any thread. */
int tx_stage(struct tx *t, struct staged s, unsigned mode);

/* Opens f of m in the tree, with the folders on its way, for writing: fd, or -errno. Any thread. */
int tx_stage_tree(struct tx *t, const struct cpk_manifest *m, const struct cpk_file *f);

/* Stages a file with these bytes: any thread; or under a fresh name. */
int tx_stage_bytes(struct tx *t, const void *data, size_t len, unsigned mode, struct staged s);
int tx_stage_fresh(struct tx *t, const void *data, size_t len, unsigned mode, struct staged *s);

/* Steps, in the order in which they are done. */
int tx_tree(struct tx *t, const char *path);
int tx_dir(struct tx *t, unsigned mode, const char *path);
int tx_file(struct tx *t, struct staged s, const char *path);
int tx_link(struct tx *t, const char *path, const char *target);
int tx_hard(struct tx *t, const char *path, const char *file);
int tx_mode(struct tx *t, unsigned mode, const char *path);
int tx_own(struct tx *t, unsigned uid, unsigned gid, const char *path);
int tx_attr(struct tx *t, const char *path, const char *name, const void *value, size_t n);
int tx_del(struct tx *t, const char *path);
int tx_rmdir(struct tx *t, const char *path);

/* Syncs, commits and carries out. */
int tx_commit(struct tx *t);

/* Gives up: nothing has happened. */
void tx_abort(struct tx *t);

/* Finishes a committed transaction, or throws away one that was not. 1: something was finished. */
int tx_recover(struct pkg *k);

#endif
