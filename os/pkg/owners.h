/* SPDX-License-Identifier: MIT */
/* Which package has a path: a hash table over the file tables of many manifests. */
#ifndef OWNERS_H
#define OWNERS_H

#include <stdbool.h>

#include "cpk.h"

struct owner {
	const struct cpk_manifest *m;
	const struct cpk_file *f;
};

struct owners {
	struct owner *v;
	size_t n, cap;			/* cap is a power of two */
	bool fold;			/* the file system does not tell upper from lower case */
};

/* Room for that many rows. -ENOMEM. */
int owners_begin(struct owners *o, size_t rows, bool fold);

/*
 * Adds all rows of m. Two packages may share a folder and nothing else; a path that differs from
 * another only in case is that path where the file system folds. Returns the row that clashes with
 * an earlier one, or NULL; *other is then the earlier owner.
 */
const struct cpk_file *owners_add(struct owners *o, const struct cpk_manifest *m,
		const struct owner **other);

/* The first owner of path, or NULL. */
const struct owner *owners_find(const struct owners *o, const char *path);
void owners_free(struct owners *o);

#endif
