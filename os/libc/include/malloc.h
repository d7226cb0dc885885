/* SPDX-License-Identifier: MIT */
/* malloc.h: the allocator's extra interfaces. */
#ifndef _MALLOC_H
#define _MALLOC_H

#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

#include <stdlib.h>

__BEGIN_DECLS

/* What mallinfo2 tells; all in bytes or pieces. */
struct mallinfo2 {
	size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
struct mallinfo {
	int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};

#define M_TRIM_THRESHOLD (-1)
#define M_TOP_PAD (-2)
#define M_MMAP_THRESHOLD (-3)
#define M_MMAP_MAX (-4)
#define M_CHECK_ACTION (-5)
#define M_PERTURB (-6)
#define M_ARENA_TEST (-7)
#define M_ARENA_MAX (-8)

size_t malloc_usable_size(void *);
int malloc_trim(size_t);
int mallopt(int, int);
struct mallinfo mallinfo(void);
struct mallinfo2 mallinfo2(void);

__END_DECLS

#endif
