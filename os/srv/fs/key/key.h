/* SPDX-License-Identifier: MIT */
/* Keys of encrypted file systems: for the tool and the file server, by libsodium (sodium.c) or not at all (plain.c). */
#ifndef CALXFS_KEY_H
#define CALXFS_KEY_H

#include "../lib/calxfs.h"

/*
 * A new key, wrapped with a passphrase of n bytes; making the key of that takes `mem` bytes of memory, now and each
 * time. 0, -EIO, -ENOMEM; -ENOTSUP: built without encryption.
 */
int key_new(struct cfs_crypt *c, const char *pass, size_t n, uint64_t mem);
#define KEY_MEM		(64ull << 20)
#define KEY_MEM_LEAST	(1ull << 20)
/* The key that info (cfs_cryptinfo) has wrapped; -EKEYREJECTED: another passphrase. */
int key_open(struct cfs_crypt *c, const uint8_t info[128], const char *pass, size_t n);
/* The same where the key itself is known. */
int key_known(struct cfs_crypt *c, const uint8_t info[128], const uint8_t key[32]);

#endif
