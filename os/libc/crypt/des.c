/* SPDX-License-Identifier: MIT */
/* setkey, encrypt: DES is not offered any more; POSIX lets them fail so. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void setkey(const char *key)
{
	(void)key;
	errno = ENOSYS;
}

void encrypt(char *block, int decrypt)
{
	(void)block;
	(void)decrypt;
	errno = ENOSYS;
}
