/* SPDX-License-Identifier: MIT */
/*
 * Signed files of a repository: index.signed and its keys (Ed25519, RFC 8032).
 *
 * A signed file is one line of fixed length, then the payload it signs:
 *
 *	calx-signed 1 KEYID SIGNATURE\n
 *
 * KEYID is the first 16 bytes of BLAKE2b-256 of the public key, SIGNATURE the 64 bytes of the
 * Ed25519 signature of the payload, both in lower-case hexadecimal. The payload is not looked
 * at before the signature of a known key over all of it has been found good.
 *
 * The payload of index.signed is text (index(5)):
 *
 *	calx-repo 1
 *	version N		grows with every change
 *	created SECONDS		since 1970
 *	expires SECONDS
 *	index HASH BYTES TEXT	BLAKE2b-256 and length of index-HASH.zst, length of the text in it
 */
#ifndef CPK_SIGNED_H
#define CPK_SIGNED_H

#include "cpk.h"

#define CPK_KEYID	16
#define CPK_PUBLIC	32
#define CPK_SECRET	64
#define CPK_SIGNED_HEAD	(14 + 2 * CPK_KEYID + 1 + 128 + 1)
#define CPK_SIGNED_MAX	65536		/* bytes of a whole signed file */
#define CPK_MAX_KEYS	64

struct cpk_key {
	uint8_t id[CPK_KEYID];
	uint8_t key[CPK_PUBLIC];
};

struct cpk_keys {
	struct cpk_key v[CPK_MAX_KEYS];
	size_t n;
};

struct cpk_root {
	uint64_t version;
	int64_t created, expires;	/* seconds since 1970 */
	uint8_t hash[CPK_HASH];		/* of the compressed index */
	uint64_t bytes;			/* of the compressed index */
	uint64_t text;			/* of the index itself */
};

/* What names a key: the head of its hash. */
void cpk_key_id(const uint8_t key[CPK_PUBLIC], uint8_t id[CPK_KEYID]);

/* Makes a pair of keys: NAME.key (secret, mode 0600) and NAME.pub; never overwrites. */
int cpk_key_make(const char *secret_file, const char *public_file, struct cpk_error *err);

/* Reads a secret key file. */
int cpk_key_secret(const char *file, uint8_t secret[CPK_SECRET], struct cpk_error *err);

/* Adds the public key in file, or those in all *.pub files of a folder. */
int cpk_keys_add(struct cpk_keys *keys, const char *file, struct cpk_error *err);
int cpk_keys_dir(struct cpk_keys *keys, const char *dir, struct cpk_error *err);

/* Signs len bytes of payload into a fresh buffer. */
int cpk_sign(const uint8_t secret[CPK_SECRET], const void *payload, size_t len,
		char **out, size_t *outlen, struct cpk_error *err);

/*
 * Checks the signed file of len bytes: 0 and *payload, *plen pointing into data; -EKEYREJECTED
 * when it is signed by no known key or the signature is wrong, -EBADMSG when it is no signed file.
 */
int cpk_signed_check(const struct cpk_keys *keys, const void *data, size_t len, const char *file,
		const char **payload, size_t *plen, struct cpk_error *err);

/* Parses and prints the payload of index.signed. */
int cpk_root_parse(struct cpk_root *r, const char *text, size_t len, const char *file,
		struct cpk_error *err);
int cpk_root_print(const struct cpk_root *r, char **text, size_t *len);

#endif
