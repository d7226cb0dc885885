/* SPDX-License-Identifier: MIT */
/* Interfaces of other systems' administration that no system below offers: they fail so. */
#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

int adjtime(const struct timeval *delta, struct timeval *old)
{
	(void)delta;
	(void)old;
	errno = ENOSYS;
	return -1;
}

int vhangup(void)
{
	errno = ENOSYS;
	return -1;
}

int setlogin(const char *name)
{
	(void)name;
	errno = ENOSYS;
	return -1;
}
