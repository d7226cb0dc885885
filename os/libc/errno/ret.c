/* SPDX-License-Identifier: MIT */
/* The converter from -errno to errno. */
#include <stddef.h>
#include "ret.h"

long __ret(long r)
{
	if ((unsigned long)r < -4095UL)
		return r;
	errno = -r;
	return -1;
}

void *__retp(long r)
{
	if ((unsigned long)r < -4095UL)
		return (void *)r;
	errno = -r;
	return NULL;
}
