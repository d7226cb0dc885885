/* SPDX-License-Identifier: MIT */
/* In the place of sodium.c where libsodium is not linked: encrypted file systems are refused. */
#include <errno.h>

#include "key.h"

int key_new(struct cfs_crypt *c, const char *pass, size_t n, uint64_t mem)
{
	(void)c, (void)pass, (void)n, (void)mem;
	return -ENOTSUP;
}

int key_open(struct cfs_crypt *c, const uint8_t info[128], const char *pass, size_t n)
{
	(void)c, (void)info, (void)pass, (void)n;
	return -ENOTSUP;
}

int key_known(struct cfs_crypt *c, const uint8_t info[128], const uint8_t key[32])
{
	(void)c, (void)info, (void)key;
	return -ENOTSUP;
}
