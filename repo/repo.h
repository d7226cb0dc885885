/* SPDX-License-Identifier: MIT */
/*
 * The `repo` tool: what its files share. Each command is in a cmd_NAME.c; its exit status is 0, 1, 2
 * (usage), 3 (signatures of other hosts are missing), or a tuf_status when check refuses.
 */
#ifndef REPO_H
#define REPO_H

#include "lib/cpk.h"
#include "lib/index.h"
#include "lib/signed.h"
#include "tuf/tuf.h"

#define MAX_SECRETS	16
#define NEEDS_MORE	3		/* exit status: staged, and not yet signed by enough */

/* Says "repo: TEXT" on standard error and returns 1. */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int usage(const char *text);

int cmd_key(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_rotate(int argc, char **argv);
int cmd_delegate(int argc, char **argv);
int cmd_target(int argc, char **argv);
int cmd_add(int argc, char **argv, int keep);
int cmd_publish(int argc, char **argv);
int cmd_sign(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_catalogue(int argc, char **argv);

/* --- keyring.c: the secret keys that are here ------------------------- */

struct secret {
	uint8_t key[CPK_SECRET];
	char id[65];			/* of the public key's object in metadata */
};

struct keyring {
	struct secret v[MAX_SECRETS];
	size_t n;
};

int keyring_add(struct keyring *k, const char *file, struct cpk_error *err);
void keyring_wipe(struct keyring *k);

/* Signs the document {"signatures", "signed"} by every key here that role names; how many did. */
int keyring_sign(const struct keyring *k, json_t *doc, const json_t *role);

/* "N:PUB,PUB..." into a role {keyids, threshold}; the keys are added to keys. */
int role_parse(const char *spec, json_t *keys, json_t **role, struct cpk_error *err);

/* --- meta.c: the metadata of a repository on disk --------------------- */

struct meta {
	const char *dir;
	struct keyring *ring;
	int64_t now;
	long days, long_days;		/* timestamp and snapshot; root and targets */
	struct tuf_md *root, *timestamp, *snapshot, *targets; /* NULL: there is none yet */
};

/* Options that every command which publishes has: -k KEY, -d DAYS, -D DAYS; 0 when c is one. */
#define META_OPTIONS "k:d:D:"
int meta_option(struct meta *m, int c, const char *arg);
/* For a command that has no others, up to the first word that is none: 0, or the status to end with. */
int meta_options(struct meta *m, int argc, char **argv);

/* The time of signing: $SOURCE_DATE_EPOCH (the same input, the same bytes), else now. */
int64_t meta_now(void);

/* Reads a document of metadata/ or staging/; -ENOENT when there is none. */
int meta_read(const struct meta *m, const char *folder, const char *name, const char *type,
		struct tuf_md **md, struct cpk_error *err);

/* Reads what is published; -ENOENT when there is no root. */
int meta_load(struct meta *m, struct cpk_error *err);
void meta_free(struct meta *m);

/* A role's published targets metadata. */
int meta_role(const struct meta *m, const char *role, struct tuf_md **md, struct cpk_error *err);

/* A new body of a role: _type, spec_version, version, expires. */
json_t *meta_body(const struct meta *m, const char *type, int64_t version);
json_t *meta_doc(json_t *body);

/* Writes a file of metadata/ or staging/, compact; its length in *n when not NULL. */
int meta_write(const struct meta *m, const char *folder, const char *name, const json_t *doc,
		size_t *n, struct cpk_error *err);

/* What is staged for a role (fresh), else the published, as a document to be changed and staged. */
int meta_staged(const struct meta *m, const char *role, json_t **doc, struct cpk_error *err);

/* The role's keys and {keyids, threshold}, from the root or from who delegates to it. */
int meta_trust(const struct meta *m, const char *role, json_t **keys, json_t **by);

/* --- publish.c -------------------------------------------------------- */

/* Signs what is staged with the keys here; publishes it, snapshot and timestamp when all is signed. */
int publish(struct meta *m);

/* --- store.c: index and pool ------------------------------------------ */

/* A repository on disk, as far as packages are concerned. */
struct store {
	const char *dir;
	json_t *targets;		/* the document staged or published, borrowed */
	struct cpk_index index;
	char *text;			/* of the index as it was published, or NULL */
	size_t ntext;
	unsigned keep;			/* versions of each package; 0: all */
	long grace;			/* days that what is no longer named stays */
	int patch;			/* patches are made for what is added */
	struct cpk_list patches;	/* lines of patches.zst; loaded: patches_known */
	int patches_known;
};

int store_read(struct store *s, struct cpk_error *err);

/* A target that is a text in a zstd frame: -ENOENT when there is none; and the other way. */
int store_text(const struct store *s, const char *name, char **text, size_t *n,
		struct cpk_error *err);
int store_put_text(struct store *s, const char *name, const char *text, size_t len,
		struct cpk_error *err);
int store_write(struct store *s, struct cpk_error *err);

/*
 * Copies package files into the pool, unless they are there, and puts them into the index; with
 * keep beside the others, of which those of the same name, version and architecture go.
 */
int store_add(struct store *s, char **files, int keep, struct cpk_error *err);

/* Deletes what is no longer named and was not for `grace` days. */
int store_prune(struct store *s, const struct meta *m, struct cpk_error *err);
void store_free(struct store *s);

/* DIR/pool/HH/HASH.cpk, DIR/targets/SHA256.NAME */
void store_path(char *buf, size_t n, const char *dir, const uint8_t hash[CPK_HASH]);
int target_path(char *buf, size_t n, const char *dir, const json_t *target, const char *name);

/* {"length", "hashes": {"sha256"}} of data, which is written to targets/. */
int target_put(const char *dir, const char *name, const void *data, size_t n, json_t **out,
		struct cpk_error *err);

/* --- lists.c: files.zst, what is in which package --------------------- */

int lists_print(const struct store *s, const char *old, size_t nold, char **text, size_t *len);
int lists_write(struct store *s, struct cpk_error *err);
int lists_check(const struct store *s);		/* exit status */

/* --- patches.c: patches.zst, ways from one build of a package to the next - */

/* Makes the patch to a package that is added from the newest of the same name before it. */
int patches_make(struct store *s, const struct cpk_package *new, struct cpk_error *err);
int patches_write(struct store *s, struct cpk_error *err);
int patches_check(const struct store *s);	/* exit status */
int patches_named(const struct store *s, const uint8_t hash[CPK_HASH]);
void patches_free(struct store *s);

/* --- file.c ----------------------------------------------------------- */

/* A whole file into a fresh, NUL-ended buffer; -EFBIG above max. */
int read_file(const char *path, size_t max, char **data, size_t *n, struct cpk_error *err);

/* Writes a file beside, syncs it and renames it into place. */
int write_file(const char *path, const void *data, size_t n, struct cpk_error *err);
int make_folders(const char *dir, struct cpk_error *err);

#endif
