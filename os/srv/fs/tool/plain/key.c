/* SPDX-License-Identifier: MIT */
/* In the place of sodium/key.c where libsodium is not linked: the system's own calxfs. */
#include <errno.h>

#include "../tool.h"

int key_new(struct cfs_crypt *c, const char *pass, size_t n)
{
	(void)c, (void)pass, (void)n;
	return -ENOTSUP;
}

int key_open(struct cfs_crypt *c, const uint8_t info[128], const char *pass, size_t n)
{
	(void)c, (void)info, (void)pass, (void)n;
	return -ENOTSUP;
}
