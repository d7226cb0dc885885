/* SPDX-License-Identifier: MIT */
/* Signed files: one line with the signature, then the payload (signed.h). */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "local.h"
#include "signed.h"

static const char magic[] = "calx-signed 1 ";

void
cpk_key_id(const uint8_t key[CPK_PUBLIC], uint8_t id[CPK_KEYID])
{
	uint8_t hash[CPK_HASH];

	cpk_hash(key, CPK_PUBLIC, hash);
	memcpy(id, hash, CPK_KEYID);
}

int
cpk_sign(const uint8_t secret[CPK_SECRET], const void *payload, size_t len,
		char **out, size_t *outlen, struct cpk_error *err)
{
	uint8_t sig[crypto_sign_BYTES], key[CPK_PUBLIC], id[CPK_KEYID];
	char idhex[2 * CPK_KEYID + 1], sighex[2 * sizeof(sig) + 1];
	size_t total = CPK_SIGNED_HEAD + len;

	if (total > CPK_SIGNED_MAX)
		return cpk_fail(err, -EFBIG, "payload of %zu bytes is too long to sign", len);
	*out = malloc(total + 1);
	if (!*out)
		return cpk_fail(err, -ENOMEM, "out of memory");
	crypto_sign_ed25519_sk_to_pk(key, secret);
	cpk_key_id(key, id);
	crypto_sign_detached(sig, NULL, payload, len, secret);
	sodium_bin2hex(idhex, sizeof(idhex), id, sizeof(id));
	sodium_bin2hex(sighex, sizeof(sighex), sig, sizeof(sig));
	snprintf(*out, total + 1, "%s%s %s\n", magic, idhex, sighex);
	memcpy(*out + CPK_SIGNED_HEAD, payload, len);
	*outlen = total;
	return 0;
}

/* Exactly n bytes from 2n lower-case hexadecimal digits. */
static int
unhex(const char *hex, uint8_t *out, size_t n)
{
	size_t i, got;

	for (i = 0; i < 2 * n; i++)
		if (!strchr("0123456789abcdef", hex[i]) || !hex[i])
			return -EINVAL;
	if (sodium_hex2bin(out, n, hex, 2 * n, NULL, &got, NULL) || got != n)
		return -EINVAL;
	return 0;
}

static const struct cpk_key *
find_key(const struct cpk_keys *keys, const uint8_t id[CPK_KEYID])
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (memcmp(keys->v[i].id, id, CPK_KEYID) == 0)
			return &keys->v[i];
	return NULL;
}

/* The head of a signed file in parts; -EBADMSG when it is none. */
static int
parse_head(const char *data, size_t len, uint8_t id[CPK_KEYID], uint8_t sig[crypto_sign_BYTES])
{
	const char *p = data + sizeof(magic) - 1;

	if (len < CPK_SIGNED_HEAD || len > CPK_SIGNED_MAX ||
	    memcmp(data, magic, sizeof(magic) - 1) || data[CPK_SIGNED_HEAD - 1] != '\n')
		return -EBADMSG;
	if (unhex(p, id, CPK_KEYID) || p[2 * CPK_KEYID] != ' ' ||
	    unhex(p + 2 * CPK_KEYID + 1, sig, crypto_sign_BYTES))
		return -EBADMSG;
	return 0;
}

int
cpk_signed_check(const struct cpk_keys *keys, const void *data, size_t len, const char *file,
		const char **payload, size_t *plen, struct cpk_error *err)
{
	uint8_t id[CPK_KEYID], sig[crypto_sign_BYTES];
	const struct cpk_key *key;
	char hex[2 * CPK_KEYID + 1];

	if (parse_head(data, len, id, sig))
		return cpk_fail(err, -EBADMSG, "%s: is not a signed file", file);
	*payload = (const char *)data + CPK_SIGNED_HEAD;
	*plen = len - CPK_SIGNED_HEAD;
	sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
	key = find_key(keys, id);
	if (!key)
		return cpk_fail(err, -EKEYREJECTED, "%s: signed by key %s, which is not trusted here",
				file, hex);
	if (crypto_sign_verify_detached(sig, (const uint8_t *)*payload, *plen, key->key))
		return cpk_fail(err, -EKEYREJECTED, "%s: wrong signature of key %s", file, hex);
	return 0;
}
