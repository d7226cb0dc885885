/* SPDX-License-Identifier: MIT */
/*
 * The Update Framework 1.0: metadata, and the client's workflow (section 5 of its specification).
 *
 * Metadata is JSON: {"signatures": [...], "signed": {...}}; what is signed is the canonical form of
 * "signed". Every function returns 0 or a negative enum tuf_status and then a sentence in err; an
 * empty sentence means that a callback has already said what is wrong. The values are exit
 * statuses of pkg and repo: one for each way in which a repository can try to deceive.
 */
#ifndef TUF_H
#define TUF_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "cpk.h"

enum tuf_status {
	TUF_FAIL = 1,		/* out of memory, and what is nobody's malice */
	TUF_NET = 5,		/* the server does not answer, or lacks a file */
	TUF_IO = 6,		/* reading or writing here */
	TUF_SIGNATURE = 40,	/* not signed by enough of the trusted keys */
	TUF_TAMPERED = 41,	/* not what the signed metadata names: index, metadata, target */
	TUF_SWAPPED = 42,	/* a package is not the one that the index names */
	TUF_ROLLBACK = 43,	/* older than what is known here */
	TUF_EXPIRED = 44,	/* somebody withholds what is new, or the repository sleeps */
	TUF_FORWARD = 45,	/* a version number jumps so far that none could follow */
	TUF_ENDLESS = 46,	/* longer than it may be */
	TUF_SLOW = 47,		/* the server sends too slowly to be of use */
	TUF_ONLINE = 48,	/* the keys of the server signed what the offline keys did not */
	TUF_ROTATION = 49,	/* a new root that the old root's keys do not stand for */
	TUF_MIRROR = 50,	/* files that do not belong together */
	TUF_BOMB = 51,		/* unpacks to more than it may */
	TUF_CLOCK = 52,		/* the clock here cannot be right */
	TUF_FORMAT = 53,	/* malformed */
	TUF_ABSENT = 54,	/* no such target */
	TUF_MISSING = 99,	/* callbacks only: there is no such file */
};

#define TUF_MAX_ROOT	(512u << 10)	/* bytes of a file whose length nobody signed */
#define TUF_MAX_TIME	(16u << 10)
#define TUF_MAX_META	(8u << 20)	/* snapshot and targets without a signed length */
#define TUF_MAX_ROOTS	1024		/* new roots in one update */
#define TUF_MAX_VISITS	32		/* roles asked for one target */
#define TUF_MAX_JUMP	(1ll << 31)	/* versions that may have been missed */
#define TUF_MAX_NAME	255		/* bytes of a role's file name, quoted */

/* One file of metadata, checked in form. */
struct tuf_md {
	json_t *doc;			/* owns the rest */
	json_t *body;			/* "signed" */
	int64_t version;		/* from 1 */
	int64_t expires;		/* seconds since 1970 */
	char *canon;			/* what signatures are over */
	size_t ncanon;
};

/* json.c */

/* Parses strictly: one value, no repeated keys, no reals. name is for errors. */
int tuf_json(json_t **out, const char *data, size_t n, const char *name, struct cpk_error *err);

/* The canonical form into a fresh buffer. */
int tuf_canonical(const json_t *v, char **out, size_t *n);

/* time.c: "2026-11-22T17:00:00Z". */
int tuf_time_parse(const char *s, int64_t *out);
void tuf_time_print(int64_t t, char buf[32]);

/* key.c */

/* A key object with an Ed25519 key; and its id, the SHA-256 of its canonical form. */
json_t *tuf_key_make(const uint8_t key[32]);
int tuf_key_id(const json_t *key, char id[65]);

/* 1 when sig (hexadecimal) is key's signature of data: Ed25519, ECDSA on P-256, RSA. */
int tuf_key_verify(const json_t *key, const char *sig, const void *data, size_t n);

/* pem.c: the two kinds of key that come as PEM, through OpenSSL. */
int tuf_pem_verify(const char *scheme, const char *pem, const uint8_t *sig, size_t nsig,
		const void *data, size_t n);

/* digest.c: a "hashes" object {"sha256": HEX, ...}; all of it must hold, and one be known. */
int tuf_hashes_match(const json_t *hashes, const void *data, size_t n);
int tuf_hashes_match_fd(const json_t *hashes, int fd);
void tuf_sha256(const void *data, size_t n, char hex[65]);

/* md.c */

/* type: "root", "timestamp", "snapshot" or "targets". */
int tuf_md_parse(struct tuf_md **out, const char *data, size_t n, const char *type,
		const char *name, struct cpk_error *err);
void tuf_md_free(struct tuf_md *md);

/* How many of the role's keys have signed md: role has "keyids" and "threshold". */
int tuf_md_signers(const struct tuf_md *md, const json_t *keys, const json_t *role);

/* 0 or -TUF_SIGNATURE: signed by the threshold of role. */
int tuf_md_verify(const struct tuf_md *md, const json_t *keys, const json_t *role,
		const char *name, struct cpk_error *err);

/* "keys" of a root, and a role of its "roles". */
json_t *tuf_root_keys(const struct tuf_md *root);
json_t *tuf_root_role(const struct tuf_md *root, const char *role);

/* check.c: 0 or why the body of a kind of metadata is refused. */
const char *tuf_body_refused(const json_t *body, const char *type);

/* path.c: delegations. */

/* A role's name as a file name: all but letters, digits and "_.-~" as %XX. -1: too long. */
int tuf_quote(const char *role, char out[TUF_MAX_NAME + 1]);

/*
 * The i-th role of delegations to which path is delegated, in order: its name, its object with
 * keyids and threshold, and whether the search ends with it. 0 when there is none.
 */
int tuf_delegated(const json_t *delegations, const char *path, size_t *i, char name[TUF_MAX_NAME + 1],
		json_t **role, int *terminating);

/* client.c */
struct tuf_io {
	void *arg;
	/* A file of the repository's metadata, of at most max bytes; -TUF_MISSING. */
	int (*fetch)(void *arg, const char *name, size_t max, char **data, size_t *n,
			struct cpk_error *err);
	/* Trusted files kept here; store is atomic. -TUF_MISSING. */
	int (*load)(void *arg, const char *name, char **data, size_t *n);
	int (*store)(void *arg, const char *name, const void *data, size_t n,
			struct cpk_error *err);
	int (*drop)(void *arg, const char *name);
};

struct tuf_client {
	struct tuf_io io;
	int64_t now;			/* the fixed update start time */
	struct tuf_md *root, *timestamp, *snapshot, *targets;
};

struct tuf_target {
	uint64_t length;
	json_t *hashes, *custom;	/* owned; custom may be NULL */
};

/* Brings the four top-level roles up to date. */
int tuf_refresh(struct tuf_client *c, struct cpk_error *err);

/* Looks a target up through the delegations; -TUF_ABSENT. After tuf_refresh. */
int tuf_lookup(struct tuf_client *c, const char *path, struct tuf_target *t,
		struct cpk_error *err);

/* Where a target is below the target URL: with the hash before its name in a consistent snapshot. */
int tuf_target_file(const struct tuf_client *c, const struct tuf_target *t, const char *path,
		char *buf, size_t n);

/* The earliest expiry of what is trusted. */
int64_t tuf_expires(const struct tuf_client *c);
void tuf_target_free(struct tuf_target *t);
void tuf_client_free(struct tuf_client *c);

#endif
