/* SPDX-License-Identifier: MIT */
/* Signs any payload, for tests: sign KEYFILE PAYLOAD >FILE. */
#include <stdio.h>

#include "signed.h"

int
main(int argc, char **argv)
{
	static char payload[CPK_SIGNED_MAX];
	uint8_t secret[CPK_SECRET];
	struct cpk_error err;
	char *out;
	size_t n, len;
	FILE *f;

	if (argc != 3 || cpk_init() || cpk_key_secret(argv[1], secret, &err))
		return 2;
	f = fopen(argv[2], "r");
	n = f ? fread(payload, 1, sizeof(payload), f) : 0;
	if (cpk_sign(secret, payload, n, &out, &len, &err))
		return 1;
	return fwrite(out, 1, len, stdout) != len;
}
