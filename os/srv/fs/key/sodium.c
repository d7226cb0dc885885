/* SPDX-License-Identifier: MIT */
/* Keys of encrypted images by libsodium: XChaCha20-Poly1305 for blocks and for the wrapped key, Argon2id for passphrases. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../lib/format.h"
#include "key.h"

/* Random numbers come from the system itself: the file server cannot open /dev/urandom before there is a /dev. */
static void random_bytes(void *buf, size_t n)
{
	for (uint8_t *p = buf; n;) {
		size_t once = n < 256 ? n : 256;	/* as much as getentropy gives at a time */

		if (getentropy(p, once) < 0)
			abort();
		p += once;
		n -= once;
	}
}

static const char *random_name(void)
{
	return "system";
}

static uint32_t random_word(void)
{
	uint32_t w;

	random_bytes(&w, sizeof w);
	return w;
}

static int begin(void)
{
	static struct randombytes_implementation system = { .implementation_name = random_name, .random = random_word,
							    .buf = random_bytes };

	randombytes_set_implementation(&system);
	return sodium_init() < 0 ? -EIO : 0;
}

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
	c->random = random_bytes;
	memcpy(c->info, i, sizeof c->info);
}

int key_new(struct cfs_crypt *c, const char *pass, size_t n, uint64_t mem)
{
	struct cfs_cryptinfo i = { .ops = crypto_pwhash_OPSLIMIT_INTERACTIVE, .mem = mem };
	uint8_t outer[32];
	int err;

	if (begin())
		return -EIO;
	random_bytes(c->key, sizeof c->key);
	random_bytes(i.salt, sizeof i.salt);
	random_bytes(i.nonce, sizeof i.nonce);
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

	if (begin())
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

int key_known(struct cfs_crypt *c, const uint8_t info[128], const uint8_t key[32])
{
	struct cfs_cryptinfo i;

	if (begin())
		return -EIO;
	memcpy(&i, info, sizeof i);
	memcpy(c->key, key, 32);
	init(c, &i);
	return 0;
}
