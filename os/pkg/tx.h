/* SPDX-License-Identifier: MIT */
/*
 * Transactions: all or nothing, also when killed.
 *
 * New files are staged in var/lib/pkg/tx/files/N and synced. Then var/lib/pkg/tx/journal, which
 * lists every step, is renamed into place: that is the commit. Before it nothing outside tx/ has
 * changed, and whatever lies there is thrown away by the next start. After it the steps are done,
 * and done again by the next start until the journal is gone: each may be repeated. The data base
 * of installed packages is changed by steps like any other file, after all others.
 *
 * Journal: "calx-journal 1\n", lines of steps, "end HASH\n" with the BLAKE2b-256 of all before it.
 *	dir MODE PATH | file N MODE PATH | link PATH TARGET | del PATH | rmdir PATH
 * Paths are escaped as in a manifest (%XX).
 */
#ifndef TX_H
#define TX_H

#include "pkg.h"

#define TX_DIR		DB_DIR "/tx"
#define TX_FILES	TX_DIR "/files"
#define TX_JOURNAL	TX_DIR "/journal"

struct tx {
	struct pkg *k;
	int filesfd;			/* TX_FILES */
	unsigned nfiles;		/* staged so far */
	char *text;			/* the journal so far */
	size_t len, cap;
};

/* Starts an empty transaction; the one before must be recovered. */
int tx_begin(struct tx *t, struct pkg *k);

/* Opens the next staged file for writing: fd, and its number in *n. Modes are set by the step. */
int tx_stage(struct tx *t, unsigned *n);

/* Stages a file with these bytes. */
int tx_stage_bytes(struct tx *t, const void *data, size_t len, unsigned *n);

/* Steps, in the order in which they are done. */
int tx_dir(struct tx *t, unsigned mode, const char *path);
int tx_file(struct tx *t, unsigned n, unsigned mode, const char *path);
int tx_link(struct tx *t, const char *path, const char *target);
int tx_del(struct tx *t, const char *path);
int tx_rmdir(struct tx *t, const char *path);

/* Syncs, commits and carries out. */
int tx_commit(struct tx *t);

/* Gives up: nothing has happened. */
void tx_abort(struct tx *t);

/* Finishes a committed transaction, or throws away one that was not. 1: something was finished. */
int tx_recover(struct pkg *k);

#endif
