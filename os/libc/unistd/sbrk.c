/* SPDX-License-Identifier: MIT */
/* sbrk.c: brk, sbrk: there is no program break; memory comes from mmap. */
#include <errno.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int brk(void *end)
{
	(void)end;
	return __ret(-ENOMEM);
}

void *sbrk(intptr_t inc)
{
	(void)inc;
	return (void *)__ret(-ENOMEM);
}
