/* SPDX-License-Identifier: MIT */
/* The [test] of libsodium: a known hash, and a signature that verifies until a bit flips. */
#include <sodium.h>
#include <string.h>

int
main(void)
{
	static const unsigned char want[4] = { 0x0e, 0x57, 0x51, 0xc0 };	/* BLAKE2b-256 of "" */
	unsigned char hash[32], pk[32], sk[64], sig[64], m[4] = "calx";

	if (sodium_init() < 0 || crypto_generichash(hash, 32, NULL, 0, NULL, 0))
		return 1;
	if (memcmp(hash, want, sizeof(want)))
		return 2;
	crypto_sign_keypair(pk, sk);
	crypto_sign_detached(sig, NULL, m, sizeof(m), sk);
	if (crypto_sign_verify_detached(sig, m, sizeof(m), pk))
		return 3;
	m[0] ^= 1;
	return crypto_sign_verify_detached(sig, m, sizeof(m), pk) ? 0 : 4;
}
