/* SPDX-License-Identifier: MIT */
/* crypt_gensalt: settings for crypt with a new salt: $5$ (SHA-256) and $6$ (SHA-512, also for NULL). */
#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SALT 16
#define ROUNDS_MIN 1000
#define ROUNDS_MAX 999999999

static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static char *fail(int err)
{
	errno = err;
	return NULL;
}

char *crypt_gensalt_rn(const char *prefix, unsigned long count, const char *bytes, int n, char *out, int size)
{
	unsigned char random[SALT];
	char kind = prefix && !strncmp(prefix, "$5$", 3) ? '5' : '6', rounds[32] = "", salt[SALT + 1] = "";

	if (prefix && *prefix && strncmp(prefix, "$5$", 3) && strncmp(prefix, "$6$", 3))
		return fail(EINVAL);
	if (bytes && n < 3)
		return fail(EINVAL);
	if (!bytes && getentropy(random, sizeof(random)))
		return NULL;
	if (bytes)
		memcpy(random, bytes, n < SALT ? n : SALT);
	for (int i = 0; i < SALT && (!bytes || i < n); i++)
		salt[i] = digits[random[i] % 64];
	if (count && count < ROUNDS_MIN)
		count = ROUNDS_MIN;
	if (count > ROUNDS_MAX)
		count = ROUNDS_MAX;
	if (count)
		snprintf(rounds, sizeof(rounds), "rounds=%lu$", count);
	if (snprintf(out, size, "$%c$%s%s", kind, rounds, salt) >= size)
		return fail(ERANGE);
	return out;
}

char *crypt_gensalt(const char *prefix, unsigned long count, const char *bytes, int n)
{
	static char out[CRYPT_GENSALT_OUTPUT_SIZE];

	return crypt_gensalt_rn(prefix, count, bytes, n, out, sizeof(out));
}
