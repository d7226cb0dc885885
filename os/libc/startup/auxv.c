/* SPDX-License-Identifier: MIT */
/* auxv.c: the auxiliary vector. */
#include <elf.h>
#include <errno.h>
#include <sys/auxv.h>
#include "../internal/libc.h"

struct __libc __libc = { .page_size = 4096 };

unsigned long __auxv(unsigned long *auxv, unsigned long type)
{
	for (; auxv && auxv[0]; auxv += 2)
		if (auxv[0] == type)
			return auxv[1];
	return 0;
}

unsigned long getauxval(unsigned long type)
{
	if (type == AT_SECURE)
		return __libc.secure;
	for (unsigned long *a = __libc.auxv; a && a[0]; a += 2)
		if (a[0] == type)
			return a[1];
	errno = ENOENT;
	return 0;
}
