/* SPDX-License-Identifier: MIT */
/* The "hashes" of metadata: SHA-256, SHA-512 and BLAKE2b-256. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tuf.h"

struct digests {
	crypto_hash_sha256_state s256;
	crypto_hash_sha512_state s512;
	crypto_generichash_state *blake;	/* wants alignment of its own */
};

static int
begin(struct digests *d)
{
	d->blake = aligned_alloc(64, (sizeof(*d->blake) + 63) / 64 * 64);
	if (!d->blake)
		return -TUF_FAIL;
	crypto_hash_sha256_init(&d->s256);
	crypto_hash_sha512_init(&d->s512);
	crypto_generichash_init(d->blake, NULL, 0, 32);
	return 0;
}

static void
update(struct digests *d, const void *data, size_t n)
{
	crypto_hash_sha256_update(&d->s256, data, n);
	crypto_hash_sha512_update(&d->s512, data, n);
	crypto_generichash_update(d->blake, data, n);
}

static int
same(const json_t *hashes, const char *name, const uint8_t *sum, size_t n, size_t *known)
{
	const char *want = json_string_value(json_object_get(hashes, name));
	char hex[129];

	if (!want)
		return 1;
	++*known;
	sodium_bin2hex(hex, sizeof(hex), sum, n);
	return strcmp(hex, want) == 0;
}

/* Every hash named must be known and right. */
static int
end(struct digests *d, const json_t *hashes)
{
	uint8_t s256[32], s512[64], blake[32];
	size_t known = 0;
	int ok;

	crypto_hash_sha256_final(&d->s256, s256);
	crypto_hash_sha512_final(&d->s512, s512);
	crypto_generichash_final(d->blake, blake, sizeof(blake));
	free(d->blake);
	ok = same(hashes, "sha256", s256, 32, &known) && same(hashes, "sha512", s512, 64, &known) &&
		same(hashes, "blake2b-256", blake, 32, &known);
	return ok && known && known == json_object_size(hashes);
}

int
tuf_hashes_match(const json_t *hashes, const void *data, size_t n)
{
	struct digests d;

	if (begin(&d))
		return 0;
	update(&d, data, n);
	return end(&d, hashes);
}

int
tuf_hashes_match_fd(const json_t *hashes, int fd)
{
	struct digests d;
	char buf[65536];
	ssize_t n;
	int bad = 0;

	if (begin(&d))
		return 0;
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			bad = 1;
			break;
		}
		update(&d, buf, (size_t)n);
	}
	return end(&d, hashes) && !bad;
}

void
tuf_sha256(const void *data, size_t n, char hex[65])
{
	uint8_t sum[32];

	crypto_hash_sha256(sum, data, n);
	sodium_bin2hex(hex, 65, sum, sizeof(sum));
}
