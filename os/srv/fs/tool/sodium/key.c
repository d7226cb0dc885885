/* SPDX-License-Identifier: MIT */
/* Keys of encrypted images by libsodium: XChaCha20-Poly1305 for blocks and for the wrapped key, Argon2id for passphrases. */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "../../lib/format.h"
#include "../tool.h"

static void seal(const struct cfs_crypt *c, void *buf, size_t n, const void *ad, size_t adlen, const uint8_t *nonce,
		 uint8_t *tag)
{
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(buf, tag, NULL, buf, n, ad, adlen, NULL, nonce, c->key);
}

static int open_sealed(const struct cfs_crypt *c, void *buf, size_t n, const void *ad, size_t adlen,
		       const uint8_t *nonce, const uint8_t *tag)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(buf, NULL, buf, n, tag, ad, adlen, nonce, c->key)
		? -EIO : 0;
}

static int derive(uint8_t key[32], const struct cfs_cryptinfo *i, const char *pass, size_t n)
{
	if (i->ops > 1000 || i->mem > 4ull << 30)
		return -EINVAL;
	return crypto_pwhash(key, 32, pass, n, i->salt, i->ops, (size_t)i->mem, crypto_pwhash_ALG_ARGON2ID13) ? -ENOMEM : 0;
}

static void init(struct cfs_crypt *c, const struct cfs_cryptinfo *i)
{
	c->seal = seal;
	c->open = open_sealed;
	c->random = randombytes_buf;
	memcpy(c->info, i, sizeof c->info);
}

int key_new(struct cfs_crypt *c, const char *pass, size_t n)
{
	struct cfs_cryptinfo i = { .ops = crypto_pwhash_OPSLIMIT_INTERACTIVE, .mem = crypto_pwhash_MEMLIMIT_INTERACTIVE };
	uint8_t outer[32];
	int err;

	if (sodium_init() < 0)
		return -EIO;
	randombytes_buf(c->key, sizeof c->key);
	randombytes_buf(i.salt, sizeof i.salt);
	randombytes_buf(i.nonce, sizeof i.nonce);
	err = derive(outer, &i, pass, n);
	if (!err)
		crypto_aead_xchacha20poly1305_ietf_encrypt(i.wrapped, NULL, c->key, 32, NULL, 0, NULL, i.nonce, outer);
	sodium_memzero(outer, sizeof outer);
	init(c, &i);
	return err;
}

int key_open(struct cfs_crypt *c, const uint8_t info[128], const char *pass, size_t n)
{
	struct cfs_cryptinfo i;
	uint8_t outer[32];
	int err;

	if (sodium_init() < 0)
		return -EIO;
	memcpy(&i, info, sizeof i);
	err = derive(outer, &i, pass, n);
	if (!err && crypto_aead_xchacha20poly1305_ietf_decrypt(c->key, NULL, NULL, i.wrapped, sizeof i.wrapped, NULL, 0,
							       i.nonce, outer))
		err = -EKEYREJECTED;
	sodium_memzero(outer, sizeof outer);
	init(c, &i);
	return err;
}
