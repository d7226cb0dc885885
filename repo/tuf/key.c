/* SPDX-License-Identifier: MIT */
/* Keys of metadata, and signatures by them. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tuf.h"

#define MAX_SIG	4096	/* bytes */

json_t *
tuf_key_make(const uint8_t key[32])
{
	char hex[65];

	sodium_bin2hex(hex, sizeof(hex), key, 32);
	return json_pack("{s:s, s:s, s:{s:s}}", "keytype", "ed25519", "scheme", "ed25519",
			"keyval", "public", hex);
}

int
tuf_key_id(const json_t *key, char id[65])
{
	char *text;
	size_t n;
	int r = tuf_canonical(key, &text, &n);

	if (r)
		return r;
	tuf_sha256(text, n, id);
	free(text);
	return 0;
}

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static int
ed25519(const char *public, const uint8_t *sig, size_t nsig, const void *data, size_t n)
{
	uint8_t key[32];
	size_t got;

	if (nsig != crypto_sign_BYTES || strlen(public) != 64 ||
	    sodium_hex2bin(key, sizeof(key), public, 64, NULL, &got, NULL) || got != sizeof(key))
		return 0;
	return crypto_sign_verify_detached(sig, data, n, key) == 0;
}

int
tuf_key_verify(const json_t *key, const char *sig, const void *data, size_t n)
{
	const char *scheme = text_of(key, "scheme");
	const char *public = text_of(json_object_get(key, "keyval"), "public");
	uint8_t bin[MAX_SIG];
	size_t len = strlen(sig), got;

	if (len / 2 > sizeof(bin) || len % 2 || !len ||
	    sodium_hex2bin(bin, sizeof(bin), sig, len, NULL, &got, NULL) || got != len / 2)
		return 0;
	if (strcmp(scheme, "ed25519") == 0)
		return ed25519(public, bin, got, data, n);
	return tuf_pem_verify(scheme, public, bin, got, data, n);
}
