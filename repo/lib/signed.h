/* SPDX-License-Identifier: MIT */
/*
 * Signed files (what cook shares between machines) and keys (Ed25519, RFC 8032).
 *
 * A signed file is one line of fixed length, then the payload it signs:
 *
 *	calx-signed 1 KEYID SIGNATURE\n
 *
 * KEYID is the first 16 bytes of BLAKE2b-256 of the public key, SIGNATURE the 64 bytes of the
 * Ed25519 signature of the payload, both in lower-case hexadecimal. The payload is not looked
 * at before the signature of a known key over all of it has been found good.
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
#define CPK_MAX_PASS	1024		/* bytes of a passphrase and its NUL */

struct cpk_key {
	uint8_t id[CPK_KEYID];
	uint8_t key[CPK_PUBLIC];
};

struct cpk_keys {
	struct cpk_key v[CPK_MAX_KEYS];
	size_t n;
};

/* What names a key: the head of its hash. */
void cpk_key_id(const uint8_t key[CPK_PUBLIC], uint8_t id[CPK_KEYID]);

/*
 * Makes a pair of keys: a secret one (mode 0600; encrypted unless pass is NULL) and a public one;
 * never overwrites.
 */
int cpk_key_make(const char *secret_file, const char *public_file, const char *pass,
		struct cpk_error *err);

/* Reads a secret key file; asks for the passphrase of one that is encrypted. */
int cpk_key_secret(const char *file, uint8_t secret[CPK_SECRET], struct cpk_error *err);
int cpk_key_public(const char *file, uint8_t key[CPK_PUBLIC], struct cpk_error *err);

/*
 * A passphrase for the key named: the first line of the file $CALX_PASSPHRASE_FILE, or
 * $CALX_PASSPHRASE, or from the terminal (twice: to make sure).
 */
int cpk_passphrase(const char *key, int twice, char pass[CPK_MAX_PASS], struct cpk_error *err);

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

#endif
