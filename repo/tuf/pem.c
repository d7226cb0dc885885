/* SPDX-License-Identifier: MIT */
/* Signatures by ECDSA and RSA keys in PEM form: other tools' repositories have them. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "tuf.h"

enum kind { NONE, ECDSA, PSS, PKCS1 };

static enum kind
kind_of(const char *scheme)
{
	if (strcmp(scheme, "ecdsa-sha2-nistp256") == 0)
		return ECDSA;
	if (strcmp(scheme, "rsassa-pss-sha256") == 0)
		return PSS;
	return strcmp(scheme, "rsa-pkcs1v15-sha256") == 0 ? PKCS1 : NONE;
}

static EVP_PKEY *
read_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return key;
}

int
tuf_pem_verify(const char *scheme, const char *pem, const uint8_t *sig, size_t nsig,
		const void *data, size_t n)
{
	enum kind kind = kind_of(scheme);
	EVP_PKEY *key = kind ? read_key(pem) : NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	int ok;

	ok = key && ctx && EVP_PKEY_get_base_id(key) == (kind == ECDSA ? EVP_PKEY_EC : EVP_PKEY_RSA) &&
		EVP_DigestVerifyInit(ctx, &pctx, EVP_sha256(), NULL, key) == 1;
	if (ok && kind == PSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_AUTO) == 1;
	ok = ok && EVP_DigestVerify(ctx, sig, nsig, data, n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return ok;
}
