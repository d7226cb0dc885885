/* SPDX-License-Identifier: MIT */
/* SHA-256 and SHA-512 for hashed passwords, one piece of code for both. */
#ifndef CRYPT_SHA2_H
#define CRYPT_SHA2_H

#include <stddef.h>
#include <stdint.h>
#include "hidden.h"

struct sha2 {
	int wide;			/* SHA-512 */
	uint64_t h[8], len;
	unsigned char buf[128];
};

hidden void __sha2_init(struct sha2 *s, int wide);
hidden void __sha2_add(struct sha2 *s, const void *p, size_t n);
/* 32 or 64 bytes. */
hidden void __sha2_end(struct sha2 *s, unsigned char *out);

#endif
