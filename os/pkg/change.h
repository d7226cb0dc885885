/* SPDX-License-Identifier: MIT */
/* The parts of a change of the system: change.c, stage.c, conflict.c. */
#ifndef CHANGE_H
#define CHANGE_H

#include "tx.h"

/* One package that comes: its reader stands before the first file. */
struct incoming {
	struct cpk_reader *r;
	const struct cpk_manifest *m;
};

struct change {
	struct pkg *k;
	const struct plan *plan;
	struct incoming *in;		/* as plan->add */
	size_t n;
	struct tx tx;
};

/* CACHE_DIR/HASH.cpk */
void cache_path(const struct cpk_package *p, char buf[CPK_MAX_PATH + 1]);

/* stage.c */
int open_packages(struct change *c);
void close_packages(struct change *c);
void drop_cached(struct change *c);
int stage_package(struct change *c, size_t i);
int stage_manifest(struct change *c, size_t i);

/* conflict.c */

/* Refuses package i when a file of it is another's, or nobody's and different. */
int conflicts(struct change *c, size_t i);

/* Who has path when the change is done: a manifest, or NULL. */
const struct cpk_manifest *owner_after(struct change *c, const char *path);

/* Files whose changes by the user are kept. */
bool is_config(const char *path);

/* The file on disk is missing or is not what the row says (type, length, hash, link target). */
bool differs(struct pkg *k, const struct cpk_file *f);

/* Why it differs: a short phrase, or NULL when it does not. Modes count here. */
const char *difference(struct pkg *k, const struct cpk_file *f);

#endif
