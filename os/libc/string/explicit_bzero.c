/* SPDX-License-Identifier: MIT */
/* explicit_bzero, memset_explicit: stores that are not optimised away. */
#include <string.h>

void *memset_explicit(void *d, int c, size_t n)
{
	memset(d, c, n);
	__asm__ volatile("" : : "r"(d) : "memory");
	return d;
}

void explicit_bzero(void *d, size_t n)
{
	memset_explicit(d, 0, n);
}
