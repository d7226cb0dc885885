/* SPDX-License-Identifier: MIT */
/* mallinfo, malloc_trim, mallopt: what little there is to tell and to tune. */
#include <malloc.h>
#include "heap.h"

struct mallinfo2 mallinfo2(void)
{
	return (struct mallinfo2){ .arena = heap_mapped, .uordblks = heap_mapped };
}

struct mallinfo mallinfo(void)
{
	return (struct mallinfo){ .arena = heap_mapped, .uordblks = heap_mapped };
}

int malloc_trim(size_t keep)
{
	(void)keep;
	return 0;
}

int mallopt(int what, int value)
{
	(void)what;
	(void)value;
	return 1;
}
