/* SPDX-License-Identifier: MIT */
/* The `repo` tool: what its files share. Each command is a cmd_NAME.c; its exit status is 0, 1 or 2 (usage). */
#ifndef REPO_H
#define REPO_H

#include "lib/cpk.h"
#include "lib/index.h"
#include "lib/signed.h"

/* Says "repo: TEXT" on standard error and returns 1. */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int usage(const char *text);

int cmd_key(int argc, char **argv);
int cmd_publish(int argc, char **argv, int keep);
int cmd_check(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_serve(int argc, char **argv);

/* A repository on disk, as far as its signed files tell. */
struct store {
	const char *dir;
	struct cpk_root root;
	struct cpk_index index;
};

/*
 * Reads index.signed and the index it names from s->dir. With keys the signature is checked;
 * without, it is taken as it is (the caller is going to sign anew). -ENOENT: there is none yet.
 */
int store_read(struct store *s, const struct cpk_keys *keys, struct cpk_error *err);

/* Writes the index and then index.signed, which makes it the current one. */
int store_write(struct store *s, const uint8_t secret[CPK_SECRET], int64_t now, int64_t days,
		struct cpk_error *err);

/* Copies a package file into the pool, unless it is there, and appends it to the index. */
int store_add(struct store *s, const char *file, struct cpk_error *err);

/* Deletes files of the pool and indexes that the current index does not name. */
int store_prune(struct store *s, struct cpk_error *err);

/* DIR/pool/HH/HASH.cpk */
void store_path(char *buf, size_t n, const char *dir, const uint8_t hash[CPK_HASH]);

/* A whole file into a fresh, NUL-ended buffer; -EFBIG above max. */
int read_file(const char *path, size_t max, char **data, size_t *n, struct cpk_error *err);

/* Writes a file beside, syncs it and renames it into place. */
int write_file(const char *path, const void *data, size_t n, struct cpk_error *err);

#endif
